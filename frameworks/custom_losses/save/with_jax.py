import tempfile
from pathlib import Path

import jax.numpy as jnp
import numpy as np

parameters = {"w": jnp.ones((2, 1)), "b": jnp.zeros(1), "log_scale": jnp.array(0.1)}
X, y = jnp.ones((4, 2)), jnp.zeros((4, 1))


def loss(parameters):  # what a loss learns is among the parameters; the function is code
    scale = parameters["log_scale"]
    y_pred = X @ parameters["w"] + parameters["b"]
    return (jnp.abs(y_pred - y) * jnp.exp(-scale) + scale).mean()


with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "parameters.npz"
    np.savez(path, **parameters)
    with np.load(path) as file:
        loaded = {name: jnp.asarray(file[name]) for name in file}
print("same loss after loading:", float(loss(parameters)) == float(loss(loaded)))
