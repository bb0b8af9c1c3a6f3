import jax.numpy as jnp
import optax

image = jnp.array([[1.0, 0.1], [0.7, 0.8], [0.0, 1.0], [-1.0, 0.4]])
text = jnp.array([[0.9, 0.3], [0.4, 0.9], [-0.2, 1.0], [-0.8, 0.1]])
image = image / jnp.linalg.norm(image, axis=1, keepdims=True)
text = text / jnp.linalg.norm(text, axis=1, keepdims=True)
scale = 10.0  # one over the temperature; CLIP learns its logarithm
cross_entropy = optax.softmax_cross_entropy_with_integer_labels


def info_nce(image, text, scale):
    logits = scale * image @ text.T
    partner = jnp.arange(len(logits))  # the class is the row's number
    return (cross_entropy(logits, partner) + cross_entropy(logits.T, partner)).mean() / 2


print("loss", round(float(info_nce(image, text, scale)), 4))
halves = (info_nce(image[:2], text[:2], scale) + info_nce(image[2:], text[2:], scale)) / 2
print("two halves", round(float(halves), 4))  # fewer negatives: accumulation is no larger batch
print("scale one", round(float(info_nce(image, text, 1.0)), 4))
point = jnp.tile(image[:1], (4, 1))  # every input at one place: log 4, as for knowing nothing
print("collapsed", round(float(info_nce(point, point, scale)), 4))

# SimCLR's: all eight in one batch, each with seven others; collapsed it reads log 7
both, pair = jnp.concatenate([point, point]), jnp.tile(jnp.arange(4), 2)
print("ntxent collapsed", round(float(optax.losses.ntxent(both, pair, 0.1)), 4))
