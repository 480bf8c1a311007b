#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
"""to-onnx.py - writes a model as ONNX, for other programs (python3-onnx).

  to-onnx.py MODEL.safetensors RESULT.onnx

Inputs: `picture` [1, channels, height, width], R'G'B' 0..1, and where the
network asks for it `sigma` [1, 1, height, width], the noise level / 255; sizes
must be multiples of the alignment.  Output: `result`.  Beyond the borders of
the picture lie zeros, so there the result differs from that of the engine,
which mirrors it.
"""

import os
import sys

import onnx
from onnx import TensorProto, helper, numpy_helper

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "models"))
import ae_pytorch  # noqa: E402


class Graph:
    """Nodes, constants and inputs while they are collected."""

    def __init__(self, tensors):
        self.tensors = {name: tensor.numpy() for name, tensor in tensors.items()}
        self.nodes, self.constants, self.inputs = [], [], []

    def node(self, op, sources, result, **attributes):
        self.nodes.append(helper.make_node(op, sources, [result], name=result, **attributes))

    def constant(self, name, kind, values):
        self.constants.append(helper.make_tensor(name, kind, [len(values)], values))
        return name

    def parameters(self, name, *kinds):
        found = [f"{name}.{kind}" for kind in kinds if f"{name}.{kind}" in self.tensors]
        self.constants += [numpy_helper.from_array(self.tensors[p], p) for p in found]
        return found

    def input(self, name, channels):
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, channels, "height", "width"]))


def add(graph, name, op, sources, keys):
    """One line of the graph; its result is node.<name>, which no input or parameter is called."""
    act = keys.get("act", "none")
    last = "node." + name
    result = last if act == "none" else last + ".sum"
    factor = int(keys.get("factor", 1))
    if op == "input":
        planes = "sigma" if keys.get("planes") == "sigma" else "picture"
        graph.input(planes, int(keys["channels"]))
        graph.node("Identity", [planes], result)
    elif op == "conv":
        stride, kernel = int(keys.get("stride", 1)), int(keys.get("kernel", 3))
        graph.node("Conv", sources + graph.parameters(name, "weight", "bias"), result, strides=[stride] * 2,
                   pads=[int(kernel == 3)] * 4)
    elif op == "conv_transpose":
        graph.node("ConvTranspose", sources + graph.parameters(name, "weight", "bias"), result, strides=[2, 2])
    elif op == "pixel_shuffle":
        graph.node("DepthToSpace", sources, result, blocksize=factor, mode="CRD")
    elif op == "max_pool":
        graph.node("MaxPool", sources, result, kernel_shape=[2, 2], strides=[2, 2])
    elif op == "avg_pool":
        graph.node("AveragePool", sources, result, kernel_shape=[2, 2], strides=[2, 2])
    elif op in ("up", "bicubic"):
        scales = graph.constant(name + ".scales", TensorProto.FLOAT, [1, 1, max(factor, 2), max(factor, 2)])
        how = {"mode": "cubic", "cubic_coeff_a": -0.5} if op == "bicubic" else {"mode": "nearest", "nearest_mode": "floor"}
        graph.node("Resize", sources + ["", scales], result, coordinate_transformation_mode="half_pixel"
                   if op == "bicubic" else "asymmetric", **how)
    elif op == "add":
        graph.node("Add", sources, result)
    elif op == "concat":
        graph.node("Concat", sources, result, axis=1)
    elif op == "act":
        result = sources[0]
    else:
        raise ValueError(f"{name}: {op} is not supported")
    if act == "relu":
        graph.node("Relu", [result], last)
    elif act == "leaky":
        graph.node("LeakyRelu", [result], last, alpha=float(keys.get("slope", 0.1)))
    elif act == "prelu":
        slopes = graph.tensors[name + ".slope"].reshape(-1, 1, 1)  # a channel's, for all its pixels
        graph.constants.append(numpy_helper.from_array(slopes, name + ".slope"))
        graph.node("PRelu", [result, name + ".slope"], last)
    elif act == "sigmoid":
        graph.node("Sigmoid", [result], last)
    elif act != "none":
        raise ValueError(f"{name}: act={act} is not supported")


def convert(path):
    tensors, meta = ae_pytorch.load(path)
    graph = Graph(tensors)
    for line in meta["ae.graph"].splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] == "output":
            graph.node("Identity", ["node." + words[1]], "result")
            continue
        keys = dict(word.split("=", 1) for word in words[3:] if "=" in word)
        add(graph, words[0], words[2], ["node." + word for word in words[3:] if "=" not in word], keys)
    result = helper.make_tensor_value_info("result", TensorProto.FLOAT, [1, None, None, None])
    model = helper.make_model(
        helper.make_graph(graph.nodes, meta.get("ae.name", "model"), graph.inputs, [result], graph.constants),
        opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
    onnx.checker.check_model(model)
    return model


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    onnx.save(convert(sys.argv[1]), sys.argv[2])
