import jax.numpy as jnp
import numpy as np
import optax

logits = jnp.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [0.0, 0.0, 9.0], [1.0, 1.0, 1.0]])
labels = jnp.array([0, 1, 0, 2])

# this loss does not reduce, as most of Optax do not (ntxent and the ranking losses do)
each = optax.softmax_cross_entropy_with_integer_labels(logits, labels)
hardest = jnp.argsort(each, descending=True)
print("each", np.asarray(each).round(4))
print("hardest first", hardest.tolist())  # look at these samples: wrong labels come first
print("weighted", round(float((each * jnp.array([1.0, 1.0, 0.0, 1.0])).sum() / 3), 4))
