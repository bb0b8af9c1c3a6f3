import jax
import jax.numpy as jnp
import optax

# one query: the relevant document first, a strong rival, eight others
score = jnp.array([0.0, 3.0, 0, 0, 0, 0, 0, 0, 0, 0])
relevant = jnp.array([1.0, 0, 0, 0, 0, 0, 0, 0, 0, 0])


def pairwise(score):
    return jax.nn.softplus(score[1:] - score[0]).mean()


def listwise(score):
    # several relevant ones: divide the labels by their sum
    return optax.losses.ranking_softmax_loss(score, relevant)


for name, loss in (("pairwise", pairwise), ("listwise", listwise)):
    value, pull = jax.value_and_grad(loss)(score)
    print(name, round(float(value), 4))
    print("share of the rival", round(float(pull[1] / pull[1:].sum()), 2))
