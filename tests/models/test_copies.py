"""Copies of models, and what is left of them in a pickle: models of their own."""

import copy
import pickle

import numpy as np
import pytest

from lossbook import losses
from lossbook.models import MLP, LanguageModel, LinearModel, NGramModel, SoftmaxModel, Tokenizer
from lossbook.optim import Adam
from lossbook.penalties import L2

X = np.sin(np.arange(60.0) ** 2).reshape(30, 2)
Y, TOKENS = np.cos(np.arange(30.0) ** 2), np.arange(200) ** 2 % 7 % 3
LOGITS, RIDGE = losses.CrossEntropy(from_logits=True), L2(0.1)


def network(activation):
    return MLP((2, 3, 1), activation, seed=1).fit(X, Y, losses.Huber(), optimizer=Adam(), epochs=2)


MODELS = {
    **{
        f"MLP, {name}": (
            lambda name=name: network(name),
            lambda m: m.fit(X, Y, losses.Huber(), optimizer=Adam(), epochs=5),
            lambda m: m.predict(X),
        )
        for name in ("tanh", "relu", "sigmoid")
    },
    "LanguageModel": (
        lambda: LanguageModel(3, 4).fit(TOKENS, steps=2),
        lambda m: m.fit(TOKENS, steps=5),
        lambda m: m.logits([[0, 1, 2]]),
    ),
    "LinearModel": (
        lambda: LinearModel().fit(X, Y, losses.Huber()),
        lambda m: m.fit(X, -2.0 * Y, losses.Huber()),
        lambda m: m.predict(X),
    ),
    "SoftmaxModel": (
        lambda: SoftmaxModel(2, 3).fit(X, np.arange(30) % 3, LOGITS, RIDGE),
        lambda m: m.fit(X, np.arange(30) // 5 % 3, LOGITS, RIDGE),
        lambda m: m.predict(X),
    ),
    "NGramModel": (
        lambda: NGramModel(3).fit(TOKENS),
        lambda m: m.fit(TOKENS[::-1]),
        lambda m: m.nats(TOKENS),
    ),
}


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
@pytest.mark.parametrize(("make", "train", "predict"), MODELS.values(), ids=MODELS)
def test_a_copy_learns_as_the_model_does_and_alone(make, train, predict, twin):
    model = make()
    before, other = predict(model).copy(), twin(model)
    np.testing.assert_array_equal(predict(other), before)
    train(other)
    np.testing.assert_array_equal(predict(model), before)
    after = predict(other).copy()
    assert not np.array_equal(after, before)
    np.testing.assert_array_equal(predict(train(model)), after)


def test_a_tokenizer_is_copied():
    tokenizer = Tokenizer("low lower lowest", merges=3)
    for other in (copy.deepcopy(tokenizer), pickle.loads(pickle.dumps(tokenizer))):
        assert other.tokens == tokenizer.tokens and other.decode(other.encode("low")) == "low"
