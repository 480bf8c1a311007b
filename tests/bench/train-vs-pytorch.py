#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
"""train-vs-pytorch.py - training throughput of ae-train, of PyTorch, and against the FMA peak of the CPU.

  train-vs-pytorch.py [--seconds N] [--threads N] [--recipe FILE] BUILD-FOLDER

Both train the network of the recipe (models/denoise-fast.ini) with Adam and L1
on batches of 16 crops of 96 x 96 pixels.  ae-train draws and spoils its crops
as it does in a run; PyTorch gets one batch that is in memory already.  Each is
given by the clock and by the processor time it used, which is nearly the same
on a machine that does nothing else.

The share of the FMA peak counts 3 x 2 floating point operations for each
multiply-add of the forward pass (the result, the gradient of the input, the
gradient of the weights) and nothing else; the peak is that of ae-bench.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BATCH, CROP = 16, 96
sys.dont_write_bytecode = True


def make_recipe(path, steps):
    """The recipe's network and degradations with the batch and crop of the benchmark."""
    with open(path) as file:
        text = file.read()
    for key, value in (("crop", CROP), ("batch", BATCH), ("steps", steps), ("loss", "l1")):
        text = re.sub(rf"(?m)^{key} *=(?! *[a-z].*;| *(gaussian|poisson|bayer|correlated)).*$", f"{key} = {value}", text)
    text = re.sub(r"(?m)^pictures *=.*$", "pictures = none", text)
    return text


def write_picture(path, side=512):
    """Something with edges; what it shows has no influence on the speed."""
    rows = bytearray(f"P6\n{side} {side}\n255\n".encode())
    for y in range(side):
        for x in range(side):
            rows += bytes((x * y // 64 & 255, (x ^ y) & 255, 255 if (x // 32 + y // 32) & 1 else 40))
    with open(path, "wb") as file:
        file.write(rows)


def fit(tools, place, recipe, steps, threads):
    """Crops per second by the clock, processor time, share of drawing crops, first line of the log, folder."""
    run = os.path.join(place, f"run-{steps}")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run([os.path.join(tools, "ae-train"), "fit", "--quiet", "--threads", str(threads), "--stop-after",
                    str(steps), "--data", os.path.join(place, "data.safetensors"), "--run", run, recipe], check=True)
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    with open(os.path.join(run, "log.jsonl")) as file:
        events = [json.loads(line) for line in file]
    lines = [event for event in events if event["event"] == "step"]
    start = next(event for event in events if event["event"] == "start")
    seconds = sum(line["seconds"] for line in lines)
    wait = sum(line["data_seconds"] for line in lines)
    return steps * BATCH / seconds, cpu, wait / (seconds * threads), start, run


def measure_ours(tools, args, place):
    recipe = os.path.join(place, "bench.ini")
    pictures = os.path.join(place, "pictures")
    os.mkdir(pictures)
    write_picture(os.path.join(pictures, "a.ppm"))
    subprocess.run([os.path.join(tools, "ae-train"), "prepare", "--quiet", pictures,
                    os.path.join(place, "data.safetensors")], check=True, stdout=subprocess.DEVNULL)
    with open(recipe, "w") as file:
        file.write(make_recipe(args.recipe, 1000000))
    few = 3
    rate, begin = fit(tools, place, recipe, few, args.threads)[:2]
    steps = max(2 * few, int(args.seconds * rate / BATCH))
    wall, cpu, wait, start, run = fit(tools, place, recipe, steps, args.threads)
    # Start and end, which both have, do not count.
    return wall, (steps - few) * BATCH / (cpu - begin), wait, start, run


def find_model(run):
    names = [name for name in os.listdir(run)
             if name.endswith(".safetensors") and not name.startswith(("checkpoint", "best", "."))]
    return os.path.join(run, names[0])


def measure_peak(tools, isa):
    """GFLOP/s of one thread."""
    out = subprocess.run([os.path.join(tools, "ae-bench"), "kernels", "--json", "--isa", isa, "--filter", "relu_grad",
                          "--time", "0.01"], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(out)[0]["peak_gflops"]


def measure_pytorch(path, args):
    try:
        import torch
    except ImportError:
        return None
    sys.path.insert(0, os.path.join(ROOT, "models"))
    import ae_pytorch

    torch.set_num_threads(args.threads)
    tensors, meta = ae_pytorch.load(path)
    for tensor in tensors.values():
        tensor.requires_grad_(True)
    optimizer = torch.optim.Adam(tensors.values(), lr=1e-4)
    clean = torch.rand(BATCH, 3, CROP, CROP)
    noisy = clean + 0.1 * torch.randn_like(clean)

    def step():
        optimizer.zero_grad()
        loss = torch.nn.functional.l1_loss(ae_pytorch.run(tensors, meta["ae.graph"], noisy, 25), clean)
        loss.backward()
        optimizer.step()

    step()
    begin, cpu, steps = time.perf_counter(), time.process_time(), 0
    while steps < 2 or time.perf_counter() - begin < args.seconds:
        step()
        steps += 1
    return (steps * BATCH / (time.perf_counter() - begin), steps * BATCH / (time.process_time() - cpu),
            torch.__version__ + (" with" if torch.backends.mkldnn.is_available() else " without") + " oneDNN")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("build", help="folder that meson has built in")
    parser.add_argument("--seconds", type=float, default=20, help="of each measurement (20)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads of both (all)")
    parser.add_argument("--recipe", default=os.path.join(ROOT, "models", "denoise-fast.ini"))
    args = parser.parse_args()
    tools = os.path.join(args.build, "engine", "tools")
    with tempfile.TemporaryDirectory() as place:
        wall, cpu, wait, start, run = measure_ours(tools, args, place)
        model = find_model(run)
        macs = json.loads(subprocess.run([os.path.join(tools, "ae-model"), "show", "--json", model], check=True,
                                         stdout=subprocess.PIPE).stdout)["macs_per_pixel"]
        peak = measure_peak(tools, start["kernels"])
        gflop = macs * 6 * CROP * CROP / 1e9
        print(f"{start['cpu']}, {args.threads} threads, kernels {start['kernels']}; batch {BATCH} of {CROP} x {CROP}")
        print(f"ae-train   {wall:7.1f} crops/s  {cpu:7.1f} crops per second of one CPU; {100 * wait:.1f} % of it draws crops")
        print(f"FMA peak   {peak:7.1f} GFLOP/s of one thread; a step reaches "
              f"{100 * wall * gflop / (peak * args.threads):.1f} % by the clock, {100 * cpu * gflop / peak:.1f} % of its processor time")
        torch = measure_pytorch(model, args)
    if torch is None:
        print("PyTorch    is not installed (python3-torch)")
        return
    print(f"PyTorch    {torch[0]:7.1f} crops/s  {torch[1]:7.1f} crops per second of one CPU; version {torch[2]}")
    print(f"ratio      {wall / torch[0]:7.2f} by the clock, {cpu / torch[1]:.2f} by processor time")


if __name__ == "__main__":
    main()
