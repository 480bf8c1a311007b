# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The GIMP Autoencoder authors
"""lesson_loss.py - the loss of a network of vae.ini on MNIST, with its divergence and as the lesson counts it.

    PYTHONPATH=models python3 models/lesson/lesson_loss.py MODEL t10k-images-idx3-ubyte.gz

The encoder's second output is log(sigma^2) here.  In the lesson it is o = log(sigma) where latent numbers are
drawn, but the divergence takes it for log(sigma^2).  Any network becomes one of the lesson's if the weights
behind that output are halved, which changes no drawing: only what the divergence costs."""

import gzip
import sys

import ae_pytorch
import torch


def pictures(path):
    """[N, 784], 0..1."""
    with gzip.open(path, "rb") as file:
        raw = bytearray(file.read())
    return torch.frombuffer(raw, dtype=torch.uint8)[16:].reshape(-1, 784).float() / 255


def divergence(mean, log_variance):
    return 0.5 * (log_variance.exp() + mean**2 - 1 - log_variance).sum(1).mean().item()


def main(model, images):
    tensors, _ = ae_pytorch.load(model)
    x = pictures(images)

    def dense(name, values):
        return torch.nn.functional.linear(values, tensors[name + ".weight"], tensors[name + ".bias"])

    torch.manual_seed(1)
    with torch.no_grad():
        h = torch.relu(dense("h", x))
        mean, log_variance = dense("mean", h), dense("log_variance", h)
        z = mean + torch.exp(log_variance / 2) * torch.randn(mean.shape)
        y = torch.sigmoid(dense("p", torch.relu(dense("d", z))))
        squares = ((y - x) ** 2).sum(1).mean().item()
    here, lesson = divergence(mean, log_variance), divergence(mean, log_variance / 2)
    print(f"784 * MSE {squares:.3f}")
    print(f"+ divergence {here:.3f} = {squares + here:.3f}")
    print(f"+ as the lesson counts it {lesson:.3f} = {squares + lesson:.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
