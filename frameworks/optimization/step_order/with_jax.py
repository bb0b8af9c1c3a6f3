import jax
import jax.numpy as jnp
import numpy as np
import optax

rng = np.random.default_rng(0)
X, labels = 3 * rng.standard_normal((16, 4)), rng.integers(0, 3, 16)
X, labels = jnp.asarray(X, "float32"), jnp.asarray(labels)


def schedule(t):
    return 0.1 / (1 + t)


p = {"W": jnp.zeros((4, 3)), "b": jnp.zeros(3)}  # the weights stay float32
optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.sgd(schedule))
state = optimizer.init(p)


@jax.jit
def gradient_of_part(p, x, y):
    def loss(p):
        half = jax.tree.map(lambda a: a.astype("bfloat16"), p)
        logits = x.astype("bfloat16") @ half["W"] + half["b"]
        each = optax.softmax_cross_entropy_with_integer_labels(logits.astype("float32"), y)
        return each.sum() / len(X)  # of the whole batch

    return jax.grad(loss)(p)


parts = [gradient_of_part(p, X[i : i + 8], labels[i : i + 8]) for i in (0, 8)]
gradient = jax.tree.map(lambda *g: sum(g), *parts)
updates, state = optimizer.update(gradient, state, p)  # clips, then one step of the schedule
p = optax.apply_updates(p, updates)

print("norm before clipping", round(float(optax.global_norm(gradient)), 1))
print("length of the step", f"{float(optax.global_norm(updates)):.3f}")
print("rate of the next", schedule(optax.tree_utils.tree_get(state, "count")))
