import jax.numpy as jnp
import optax

logits = jnp.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]])
cross_entropy = optax.softmax_cross_entropy_with_integer_labels

# nothing is checked: an index beyond the last gives nan, and -1 is the last class, as in NumPy
print("index three", cross_entropy(logits, jnp.array([0, 3]))[1])
minus, last = cross_entropy(logits, jnp.array([0, -1])), cross_entropy(logits, jnp.array([0, 2]))
print("index minus one is the last class:", bool(minus[1] == last[1]))

# labels of two classes: 1 and 2 in place of 0 and 1, or pixels from 0 to 255
loss = optax.sigmoid_binary_cross_entropy(jnp.array(3.0), jnp.array(2.0))
print("loss of a label two", round(float(loss), 4))  # below 0, and without a least value
