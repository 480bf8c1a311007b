# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
"""ae_pytorch.py - loads models in PyTorch and runs them, slowly but the same."""

import json

import torch
import torch.nn.functional as F


def load(path):
    """Tensors (name -> 32-bit floats) and metadata of a model."""
    with open(path, "rb") as file:
        raw = file.read()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    meta = header.pop("__metadata__")
    dtypes = {"F32": torch.float32, "F16": torch.float16}
    tensors = {}
    for name, t in header.items():
        begin, end = t["data_offsets"]
        data = bytearray(raw[start + begin:start + end])
        tensors[name] = torch.frombuffer(data, dtype=dtypes[t["dtype"]]).reshape(t["shape"]).float()
    return tensors, meta


def bicubic(x, factor):
    """Enlarges with a = -0.5 and repeated borders; torch's own bicubic has a = -0.75."""
    for dim in (2, 3):
        n = x.shape[dim]
        place = (torch.arange(n * factor) + 0.5) / factor - 0.5
        first = place.floor().long() - 1
        matrix = torch.zeros(n * factor, n)
        for k in range(4):
            d = (place - (first + k)).abs()
            weight = torch.where(d < 1, (1.5 * d - 2.5) * d * d + 1, ((-0.5 * d + 2.5) * d - 4) * d + 2)
            matrix.index_put_((torch.arange(n * factor), (first + k).clamp(0, n - 1)), weight, accumulate=True)
        x = torch.tensordot(matrix, x, dims=([1], [dim])).movedim(0, dim)
    return x


def activate(x, keys, slope):
    kind = keys.get("act", "none")
    if kind == "relu":
        return F.relu(x)
    if kind == "leaky":
        return F.leaky_relu(x, float(keys.get("slope", 0.1)))
    if kind == "prelu":
        return F.prelu(x, slope)
    if kind == "sigmoid":
        return torch.sigmoid(x)
    return x


def run(tensors, graph, picture, sigma=0.0, label=None):
    """Result of a graph for pictures [N, 3, H, W], R'G'B' 0..1; sigma: noise level in 8-bit steps.

    label: one-hot [N, classes] for networks that ask for it. `sample` gives the mean.
    H and W must be multiples of the alignment (ae-model show tells it)."""
    values = {}
    for line in graph.splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] == "output":
            return values[words[1]]
        name, op = words[0], words[2]
        keys = dict(word.split("=", 1) for word in words[3:] if "=" in word)
        sources = [values[word] for word in words[3:] if "=" not in word]
        weight, bias = tensors.get(name + ".weight"), tensors.get(name + ".bias")
        factor = int(keys.get("factor", 1))
        if op == "input":
            planes = keys.get("planes", "rgb")
            y = label if planes == "label" else picture
            y = torch.full_like(picture[:, :1], sigma / 255) if planes == "sigma" else y
        elif op == "conv":
            stride = int(keys.get("stride", 1))
            y = F.conv2d(sources[0], weight, bias, stride, padding=1 if weight.shape[2] == 3 else 0)
        elif op == "conv_transpose":
            y = F.conv_transpose2d(sources[0], weight, bias, 2)
        elif op == "pixel_unshuffle":
            y = F.pixel_unshuffle(sources[0], factor)
        elif op == "pixel_shuffle":
            y = F.pixel_shuffle(sources[0], factor)
        elif op == "max_pool":
            h, w = sources[0].shape[2:]
            y = F.max_pool2d(F.pad(sources[0], (0, w % 2, 0, h % 2)), 2)
        elif op == "avg_pool":
            y = F.avg_pool2d(sources[0], 2)
        elif op == "up":
            y = F.interpolate(sources[0], scale_factor=2, mode="nearest")
        elif op == "add":
            y = sources[0] + sources[1]
        elif op == "concat":
            y = torch.cat(sources, 1)
        elif op == "bicubic":
            y = bicubic(sources[0], factor)
        elif op == "dense":
            y = F.linear(sources[0], weight, bias)
        elif op == "reshape":
            shape = [int(keys[key]) for key in ("channels", "height", "width") if key in keys]
            y = sources[0].reshape(-1, *shape) if shape else sources[0].flatten(1)
        elif op == "crop":
            b = int(keys["border"])
            y = sources[0][:, :, b:-b, b:-b]
        elif op == "sample":
            y = sources[0]
        elif op == "act":
            y = sources[0]
        else:
            raise ValueError(f"{name}: unknown operation {op}")
        values[name] = activate(y, keys, tensors.get(name + ".slope"))
    raise ValueError("the graph has no output")
