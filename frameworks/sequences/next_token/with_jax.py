import jax.numpy as jnp
import optax

# a prompt of two tokens, an answer of two, and the end, token 3, which is the padding too
tokens = jnp.array([[0, 2, 1, 2, 3, 3]])
logits = jnp.array(
    [[[0.0, 0, 2, 0], [0, 3, 0, 0], [0, 0, 1, 0], [1, 0, 0, 2], [0, 0, 0, 4], [5, 5, 5, 5]]]
)
length, prompt = 5, 2
place = jnp.arange(tokens.shape[1])
keep = jnp.broadcast_to(place < length, tokens.shape)


def mean(logits, labels, keep):
    each = optax.softmax_cross_entropy_with_integer_labels(logits, labels)
    return jnp.where(keep, each, 0).sum() / jnp.maximum(keep.sum(), 1)


def next_token(logits, tokens, keep):
    # what was computed from the tokens up to t forecasts the token t + 1
    return mean(logits[:, :-1], tokens[:, 1:], keep[:, 1:])


print("all tokens", round(float(next_token(logits, tokens, keep)), 4))
print("answer only", round(float(next_token(logits, tokens, keep & (place >= prompt))), 4))
twice = next_token(logits[:, :-1], tokens[:, 1:], keep[:, 1:])
print("shifted twice", round(float(twice), 4))
print("not shifted", round(float(mean(logits, tokens, keep)), 4))
