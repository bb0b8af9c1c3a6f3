import jax
import jax.numpy as jnp
import optax

X = jax.random.normal(jax.random.key(0), (2000, 20))
labels = jax.random.randint(jax.random.key(1), (2000,), 0, 10)
w, b = jnp.zeros((20, 10)), jnp.zeros(10)  # or small: then the start is known before the run
loss = optax.softmax_cross_entropy_with_integer_labels(X @ w + b, labels).mean()
print("ten classes", round(float(loss), 4))
print("log of ten", round(float(jnp.log(10.0)), 4))

rare = jnp.zeros(2000).at[:20].set(1.0)  # one in a hundred
w = jnp.zeros(20)
for name, b in (("bias at zero", 0.0), ("bias at the base rate", jnp.log(0.01 / 0.99))):
    loss = optax.sigmoid_binary_cross_entropy(X @ w + b, rare).mean()
    print(name, round(float(loss), 4))
