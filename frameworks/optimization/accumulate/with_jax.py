import jax
import jax.numpy as jnp
import optax

keys = jax.random.split(jax.random.key(0), 3)
w = jax.random.normal(keys[0], (4, 3))
X, labels = jax.random.normal(keys[1], (10, 4)), jax.random.randint(keys[2], (10,), 0, 3)
micro_batches = [(X[:7], labels[:7]), (X[7:], labels[7:])]


def total(w, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(x @ w, y).sum()


gradient = jax.grad(total)
whole = gradient(w, X, labels) / len(X)
right = sum(gradient(w, x, y) for x, y in micro_batches) / len(X)
wrong = sum(gradient(w, x, y) / len(x) for x, y in micro_batches) / len(micro_batches)

print("sum over all samples equals the whole batch:", jnp.allclose(right, whole, atol=1e-6))
print("mean of means equals the whole batch:", jnp.allclose(wrong, whole, atol=1e-6))
