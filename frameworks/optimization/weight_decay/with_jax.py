import jax.numpy as jnp
import optax

signs = [1.0 if t % 2 else -1.0 for t in range(300)]
noise = jnp.array([10.0, 0.1])  # gradients that say nothing, one large and one small


def run(optimizer):
    w = jnp.ones(2)
    state = optimizer.init(w)
    for sign in signs:
        updates, state = optimizer.update(sign * noise, state, w)
        w = optax.apply_updates(w, updates)
    return [f"{float(v):.2f}" for v in w]


# before Adam: an L2 penalty, which Adam divides by the size of the gradient
print("L2 in the loss", *run(optax.chain(optax.add_decayed_weights(0.3), optax.adam(0.01))))
print("decoupled", *run(optax.adamw(0.01, weight_decay=0.3)))
