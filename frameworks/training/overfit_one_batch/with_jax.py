import jax
import jax.numpy as jnp
import optax

k = jax.random.split(jax.random.key(0), 4)  # no relation: to be learned by heart
X, labels = jax.random.normal(k[0], (16, 20)), jax.random.randint(k[1], (16,), 0, 10)
p = {"w1": jax.random.normal(k[2], (20, 128)) * 0.3, "b1": jnp.zeros(128)}
p |= {"w2": jax.random.normal(k[3], (128, 10)) * 0.1, "b2": jnp.zeros(10)}


def logits(p):
    return jax.nn.relu(X @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]


def loss(p):
    return optax.softmax_cross_entropy_with_integer_labels(logits(p), labels).mean()


@jax.jit
def step(p, state):
    updates, state = optimizer.update(jax.grad(loss)(p), state)
    return optax.apply_updates(p, updates), state


optimizer = optax.adam(0.01)
state = optimizer.init(p)
for _step in range(300):
    p, state = step(p, state)
print("below one hundredth:", bool(loss(p) < 0.01))
print("right", int((logits(p).argmax(1) == labels).sum()), "of", len(X))
