import jax
import jax.numpy as jnp

w = jnp.zeros(64)  # the weights stay float32
X, y = jnp.ones((8, 64)), jnp.ones(8)


def loss(w, dtype, scale=1.0):
    y_pred = X.astype(dtype) @ w.astype(dtype)
    return scale * ((y_pred.astype("float32") - y) ** 2).mean()  # the loss in float32


print("prediction", (X.astype("bfloat16") @ w.astype("bfloat16")).dtype)

# float16 ends at 6e-8: multiply the loss, divide the gradients; bfloat16 needs no scale
tiny = jnp.float32(1e-8)
kept, scaled = tiny.astype("float16") > 0, (tiny * 65536).astype("float16") > 0
print("gradient kept", float(kept), "with a scale", float(scaled))

scale = 65536.0  # JAX and Optax have no loss scale of their own: four lines
gradient = jax.grad(loss)(w, "float16", scale) / scale
finite = bool(jnp.isfinite(gradient).all())
w = w - 0.01 * gradient if finite else w  # skip the step
scale = scale if finite else scale / 2  # doubled again after, say, 2000 good steps
print("scale after an overflow", scale)
