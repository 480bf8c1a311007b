#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
"""run-pytorch.py - runs a model in PyTorch and times it.

  run-pytorch.py MODEL WIDTH HEIGHT SIGMA THREADS REPEATS <PLANES >RESULT     float [3][height][width]

Seconds of the best run for each way of it come as JSON on standard error:
`contiguous` and `channels_last`, the two layouts PyTorch has, and `bf16`, with
its automatic mixed precision in the second.
"""

import json
import os
import sys
import time

import torch

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "models"))
import ae_pytorch  # noqa: E402


def bicubic(x, factor):
    """As ae_pytorch's, but as fast as a grouped convolution: each pixel of a block has its 5 x 5 weights."""
    rows = torch.zeros(factor, 5)
    for phase in range(factor):
        place = (phase + 0.5) / factor - 0.5
        for tap in range(5):
            d = abs(place - (tap - 2))
            rows[phase, tap] = (1.5 * d - 2.5) * d * d + 1 if d < 1 else max(0, 2 - d) and ((-0.5 * d + 2.5) * d - 4) * d + 2
    kernel = torch.einsum("ik,jl->ijkl", rows, rows).reshape(-1, 1, 5, 5)
    planes = torch.nn.functional.pad(x, (2, 2, 2, 2), mode="replicate")
    kernel = kernel.repeat(x.shape[1], 1, 1, 1)
    return torch.nn.functional.pixel_shuffle(torch.nn.functional.conv2d(planes, kernel, groups=x.shape[1]), factor)


def best(run, repeats):
    """Seconds of the best run after one that does not count, and the result."""
    result, seconds = run(), []
    for _ in range(repeats):
        begin = time.monotonic()
        result = run()
        seconds.append(time.monotonic() - begin)
    return min(seconds), result


def main():
    path, width, height, sigma, threads, repeats = sys.argv[1:]
    torch.set_num_threads(int(threads))
    ae_pytorch.bicubic = bicubic
    tensors, meta = ae_pytorch.load(path)
    raw = bytearray(sys.stdin.buffer.read())
    picture = torch.frombuffer(raw, dtype=torch.float32).reshape(1, 3, int(height), int(width))
    times = {}

    def run():
        return ae_pytorch.run(tensors, meta["ae.graph"], picture, float(sigma))

    with torch.inference_mode():
        times["contiguous"], result = best(run, int(repeats))
        picture = picture.contiguous(memory_format=torch.channels_last)
        tensors = {name: t.contiguous(memory_format=torch.channels_last) if t.dim() == 4 else t
                   for name, t in tensors.items()}
        times["channels_last"], _ = best(run, int(repeats))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            times["bf16"], _ = best(run, int(repeats))
    sys.stdout.buffer.write(result.contiguous().numpy().tobytes())
    json.dump({"version": torch.__version__, "seconds": times}, sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 7:
        sys.exit(__doc__)
    main()
