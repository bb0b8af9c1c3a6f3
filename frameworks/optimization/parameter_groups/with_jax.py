import jax
import jax.numpy as jnp
import optax

parameters = {
    "first": {"kernel": jnp.ones((4, 8)), "bias": jnp.zeros(8)},
    "norm": {"scale": jnp.ones(8), "bias": jnp.zeros(8)},
    "last": {"kernel": jnp.ones((8, 1)), "bias": jnp.zeros(1)},
}
mask = jax.tree.map(lambda p: p.ndim >= 2, parameters)  # True: decayed
optimizer = optax.adamw(1e-3, weight_decay=0.1, mask=mask)

sizes = jax.tree.leaves(jax.tree.map(lambda p, m: (p.size * m, p.size * (not m)), parameters, mask))
print("decayed", sum(sizes[::2]))
print("others", sum(sizes[1::2]))
