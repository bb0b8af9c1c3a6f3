import jax
import jax.numpy as jnp
import optax

w = jnp.array([3.0, 4.0])
optimizer = optax.chain(optax.clip_by_global_norm(5.0), optax.sgd(0.1))
state = optimizer.init(w)

gradient = jax.grad(lambda w: (w**2).sum())(w)
updates, state = optimizer.update(gradient, state, w)
w = optax.apply_updates(w, updates)
print("norm before", round(float(optax.global_norm(gradient)), 4))
print("w", w.round(4))
