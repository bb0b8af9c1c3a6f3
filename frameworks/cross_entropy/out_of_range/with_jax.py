import jax.numpy as jnp
from optax import softmax_cross_entropy_with_integer_labels as cross_entropy

logits = jnp.array([[0.0, 1.0, 2.0]])  # three classes: 0, 1 and 2

for label in (2, 3, -1, 255):  # no complaint: NaN above, and -1 is the last class
    loss = cross_entropy(logits, jnp.array([label])).mean()
    print("label", label, "loss", round(float(loss), 4))
