import jax.numpy as jnp
import numpy as np
import optax

y_true = jnp.array([[1.0, 100.0], [2.0, 120.0], [3.0, 90.0]])
y_pred = jnp.array([[1.5, 110.0], [2.0, 115.0], [1.0, 92.0]])
row = jnp.array([1.0, 1.0, 0.0])  # one weight a sample
scale = jnp.array([1.0, 20.0])  # the spread of each output

squares = optax.squared_error(y_pred, y_true)
print("mean over all", round(float(squares.mean()), 4))  # the output in large units decides
print("of each output", np.asarray(squares.mean(0)).round(4))
print("weighted rows", round(float(jnp.average(squares.mean(1), weights=row)), 4))
print("in units of spread", round(float((squares / scale**2).mean()), 4))
