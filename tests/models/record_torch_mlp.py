"""Record PyTorch's training of three small networks, for test_mlp.py.

    python tests/models/record_torch_mlp.py

writes torch_mlp.json beside this file. It needs PyTorch, which the tests do not: they import the
data and the starting parameters from here.
"""

import itertools
import json
from pathlib import Path

import numpy as np

SIZES, STEPS = (2, 5, 4, 1), 40


def data():
    grid = np.linspace(-2, 2, 6)
    X = np.array([(a, b) for a in grid for b in grid])
    return X, np.sin(X[:, 0]) + 0.5 * X[:, 1]


def start(count):
    """The flat parameters W_1, b_1, W_2, ...; W_l has the shape (inputs, outputs)."""
    return np.sin(1.0 + 3.0 * np.arange(count)) * 0.8


def network(activation):
    import torch

    layers, flat, position = [], start(44), 0
    for inputs, outputs in itertools.pairwise(SIZES):
        layer = torch.nn.Linear(inputs, outputs, dtype=torch.float64)
        weight = flat[position : position + inputs * outputs].reshape(inputs, outputs)
        position += inputs * outputs
        layer.weight.data = torch.from_numpy(weight.T.copy())
        layer.bias.data = torch.from_numpy(flat[position : position + outputs].copy())
        position += outputs
        layers += [layer, activation()]
    assert position == len(flat)
    return torch.nn.Sequential(*layers[:-1])


def losses(activation, loss):
    import torch

    X, y = map(torch.from_numpy, data())
    model = network(activation)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    values = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        value = loss(model(X)[:, 0], y)
        value.backward()
        optimizer.step()
        values.append(value.item())
    return values


if __name__ == "__main__":
    import torch

    runs = {
        "tanh": losses(torch.nn.Tanh, torch.nn.MSELoss()),
        "relu": losses(torch.nn.ReLU, torch.nn.HuberLoss(delta=0.5)),
        "sigmoid": losses(torch.nn.Sigmoid, torch.nn.L1Loss()),
    }
    version = torch.__version__.partition("+")[0]
    target = Path(__file__).with_name("torch_mlp.json")
    target.write_text(json.dumps({"torch": version, "losses": runs}, indent=1) + "\n")
