"""The language model's backpropagation against mpmath, padding, training; n-grams and tokens."""

import itertools
import math

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from benchmarks import references
from lossbook import losses, optim
from lossbook.models import LanguageModel, NGramModel, Tokenizer, padded

assert references.mp.dps == 50


def small(seed=0, vocabulary=4, size=3):
    """A model whose parameters are all of a usual size."""
    model = LanguageModel(vocabulary, size)
    model.parameters[:] = 0.7 * np.random.default_rng(seed).normal(size=model.parameters.size)
    return model


def exact(model, parameters, tokens, lengths):
    """The mean cost of the tokens by the formulas, in 50 digits."""
    V, d = model.vocabulary, model.size
    flat = list(parameters)

    def take(rows, columns):
        return [[flat.pop(0) for _ in range(columns)] for _ in range(rows)]

    e, W, (b,), U, (c,) = take(V, d), take(d, d), take(1, d), take(d, V), take(1, V)
    costs = []
    for row, length in zip(tokens, lengths, strict=True):
        h = [mpf(0)] * d
        for t in range(length - 1):
            inside = [e[row[t]][j] + sum(h[i] * W[i][j] for i in range(d)) + b[j] for j in range(d)]
            h = [mpmath.tanh(v) for v in inside]
            z = [sum(h[i] * U[i][k] for i in range(d)) + c[k] for k in range(V)]
            costs.append(mpmath.log(sum(map(mpmath.exp, z))) - z[row[t + 1]])
    return sum(costs) / len(costs)


TOKENS, LENGTHS = [[0, 3, 1, 1, 2], [2, 2, 0, 0, 0]], [5, 3]
MASK = np.arange(5) < np.array(LENGTHS)[:, None]


def test_backpropagation_through_time_is_the_derivative():
    model = small()
    value, gradient = model.value_and_gradient(TOKENS, mask=MASK)
    here = [mpf(float(v)) for v in model.parameters]
    assert value == pytest.approx(float(exact(model, here, TOKENS, LENGTHS)), rel=1e-14)
    h = mpf(10) ** -15
    for i in range(len(here)):
        ends = [
            exact(model, [*here[:i], here[i] + s * h, *here[i + 1 :]], TOKENS, LENGTHS)
            for s in (1, -1)
        ]
        slope = float((ends[0] - ends[1]) / (2 * h))
        assert gradient[i] == pytest.approx(slope, rel=1e-12, abs=1e-15), i


def test_what_is_padded_has_no_part():
    """Any token may stand there; the mean is over the tokens of all rows, not of the rows' means."""
    model, other = small(), np.array(TOKENS)
    value, gradient = model.value_and_gradient(TOKENS, mask=MASK)
    gradient = gradient.copy()
    other[~MASK] = 3
    again, slopes = model.value_and_gradient(other, mask=MASK)
    assert again == value
    np.testing.assert_array_equal(slopes, gradient)
    nats = model.nats(TOKENS, mask=MASK)
    assert nats.shape == (2, 4) and not nats[1, 2:].any()
    assert value == pytest.approx(nats.sum() / MASK[:, 1:].sum(), rel=1e-14)
    assert abs(value - np.mean([nats[0].mean(), nats[1, :2].mean()])) > 1e-3
    alone = model.nats([TOKENS[1][:3]])
    np.testing.assert_allclose(nats[1, :2], alone[0], rtol=1e-14)
    with pytest.raises(ValueError, match=r"mask is False before index .1, 2., where it is True"):
        model.nats(TOKENS, mask=[[1, 1, 1, 1, 1], [1, 0, 1, 1, 1]])
    with pytest.raises(ValueError, match=r"mask has shape \(2,\); expected that of tokens, \(2, 5"):
        model.nats(TOKENS, mask=[1, 1])


def test_no_token_is_seen_before_its_time():
    model, tokens = small(), np.array(TOKENS)
    before = model.logits(tokens)
    tokens[:, 3] = (tokens[:, 3] + 1) % 4
    after = model.logits(tokens)
    np.testing.assert_array_equal(before[:, :3], after[:, :3])
    assert np.all(np.abs(before[:, 3:] - after[:, 3:]).max(axis=2) > 1e-6)


@pytest.mark.parametrize(
    "loss",
    [
        losses.CrossEntropy(from_logits=True, label_smoothing=0.1),
        losses.CrossEntropy(from_logits=True) + losses.ZLoss(coefficient=0.01),
    ],
    ids=repr,
)
def test_any_loss_of_logits(loss):
    model = small()
    _, gradient = model.value_and_gradient(TOKENS, loss, mask=MASK)
    gradient = gradient.copy()
    for i in range(0, gradient.size, 5):
        ends = []
        for step in (1e-5, -1e-5):
            model.parameters[i] += step
            ends.append(model.value_and_gradient(TOKENS, loss, mask=MASK)[0])
            model.parameters[i] -= step
        assert gradient[i] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-6, abs=1e-9)


def remembered(seed):
    """Cost per token of a text whose next token hangs on the one four places before."""
    rng = np.random.default_rng(seed)
    x = np.zeros(4000, dtype=np.int64)
    for t in range(len(x)):
        x[t] = rng.integers(3) if t < 4 or rng.random() < 0.1 else (x[t - 4] + x[t - 1]) % 3
    model = LanguageModel(3, 24, seed=seed)
    model.fit(x[:3000], steps=500, length=24, batch_size=16, optimizer=optim.Adam(0.01), seed=seed)
    ours = model.nats(x[None, 3000:])[0, 16:].mean()
    fixed = [NGramModel(3, order).fit(x[:3000]).nats(x[3000:])[17:].mean() for order in (2, 4, 5)]
    return model, ours, fixed


def test_training_finds_what_a_trigram_cannot_see():
    """Over five seeds: as good as the 5-gram, that sees just enough, and better than all below."""
    for seed in range(5):
        model, ours, (two, four, five) = remembered(seed)
        assert min(two, four) > 1.0 > 0.62 > five
        assert ours < five + 0.15, (seed, ours, five)
    assert model.losses.shape == (500,) and model.losses[-1] < 0.7 * model.losses[0]
    again = remembered(4)[0]
    np.testing.assert_array_equal(again.parameters, model.parameters)
    assert model.sample(20, seed=1).tolist() == again.sample(20, seed=1).tolist()


def test_training_on_sequences_of_different_lengths():
    """Words that end in the token 0, padded; what stands behind their ends changes nothing."""
    words = [[0, 1, 2, 0], [0, 2, 2, 1, 1, 0], [0, 1, 0]]
    tokens, mask = padded(words, fill=3)
    other = np.where(mask, tokens, 1)
    models = [
        LanguageModel(4, 12, seed=1).fit(x, mask=mask, steps=250, optimizer=optim.Adam(0.02))
        for x in (tokens, other)
    ]
    np.testing.assert_array_equal(models[0].parameters, models[1].parameters)
    nats = models[0].nats(tokens, mask=mask)
    assert nats.sum() / mask[:, 1:].sum() < 0.45  # which word it is nobody can know
    lowest = np.log(3) * 3 / mask[:, 1:].sum()
    assert nats.sum() / mask[:, 1:].sum() > 0.9 * lowest
    with pytest.raises(
        ValueError, match="mask leaves less than two tokens of the sequence at index 1"
    ):
        models[0].fit([[0, 1], [0, 1]], mask=[[1, 1], [1, 0]])
    with pytest.raises(ValueError, match="mask is given with one text"):
        models[0].fit([0, 1, 2], mask=[1, 1, 1])


def test_samples_follow_the_probabilities():
    model = small()
    p = np.exp(-np.array([model.nats([[0, k]])[0, 0] for k in range(4)]))
    assert p.sum() == pytest.approx(1)
    drawn = [int(model.sample(1, prompt=[0], seed=s)[0]) for s in range(3000)]
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 3000, p, atol=0.04)
    cold = {int(model.sample(1, prompt=[0], temperature=1e-3, seed=s)[0]) for s in range(30)}
    assert cold == {int(p.argmax())}
    path = model.sample(6, prompt=[1, 2], temperature=1e-6)
    whole = np.concatenate([[1, 2], path])[None]
    assert (model.logits(whole[:, :-1])[0, 1:].argmax(axis=1) == path).all()
    assert (model.sample(6, prompt=[1, 2], temperature=5e-324) == path).all()


def test_what_has_diverged_is_said_of_the_prediction():
    model = small()
    model.output_bias[0] = math.inf
    for method in (model.nats, model.value_and_gradient):
        with pytest.raises(ValueError, match="the prediction holds inf at index"):
            method([[0, 1]])


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda m: m.nats([[0, 4]]), ValueError, "tokens holds 4 at index .0, 1.; expected token"),
        (lambda m: m.nats([0, 1]), ValueError, r"tokens has shape \(2,\); expected \(n, T\)"),
        (lambda m: m.nats([[0.0, 1.0]]), TypeError, "tokens holds values of dtype float64"),
        (lambda m: m.value_and_gradient([[0]]), ValueError, "expected rows of at least two tokens"),
        (lambda m: m.fit([0, 1, 2], length=3), ValueError, "tokens holds 3; expected more than le"),
        (lambda m: m.fit([0, 1, 2], length=1, steps=0), ValueError, "steps is 0"),
        (lambda m: m.sample(1, temperature=0), ValueError, "temperature is 0"),
        (lambda m: m.nats([[0]]), ValueError, r"tokens has shape \(1, 1\); expected rows of at le"),
        (lambda m: m.fit([[0]]), ValueError, r"tokens has shape \(1, 1\); expected rows of at le"),
        (lambda m: m.fit([[0, 1], [2]]), ValueError, "tokens holds rows of different lengths"),
        (lambda m: m.fit([0, 4], length=1), ValueError, "tokens holds 4 at index 1; expected"),
        (lambda m: m.sample(1, prompt=[0, 4]), ValueError, "prompt holds 4 at index 1; expected"),
        (lambda m: m.sample(1, prompt=[]), ValueError, r"prompt has shape \(0,\); expected \(N,\)"),
        (lambda m: m.sample(1, prompt=[[0]]), ValueError, r"prompt has shape \(1, 1\)"),
        (lambda m: m.sample(1, prompt=[[0], []]), ValueError, "prompt holds rows of different"),
        (lambda m: m.fit([0, 1], "ce", length=1), TypeError, "loss is 'ce'; expected one such as"),
        (lambda m: m.fit([0, 1], losses.CTC(), length=1), TypeError, "loss is CTC"),
        (
            lambda m: m.value_and_gradient([[0, 1]], losses.MeanSquaredError()),
            ValueError,
            "tokens has shape .* and the prediction has shape",
        ),
        (lambda m: LanguageModel(1), ValueError, "vocabulary is 1; expected an integer of at le"),
    ],
)
def test_bad_input_of_the_language_model(call, error, match):
    with pytest.raises(error, match=match):
        call(small())


# ---------------------------------------------------------------------------------- n-grams


def by_hand(x, context, token, vocabulary):
    """The recursion as the module states it, counted in a loop."""
    if context is None:
        return 1 / vocabulary
    k = len(context)
    follow = [x[i + k] for i in range(len(x) - k) if tuple(x[i : i + k]) == context]
    lower = by_hand(x, context[1:] if k else None, token, vocabulary)
    if not follow:
        return lower
    kinds = len(set(follow))
    return (follow.count(token) + kinds * lower) / (len(follow) + kinds)


def test_n_grams_are_their_recursion():
    rng = np.random.default_rng(3)
    x, y = rng.integers(0, 3, 60).tolist(), rng.integers(0, 4, 30).tolist()
    for order in (1, 2, 3, 4):
        model = NGramModel(4, order).fit(x)
        due = [by_hand(x, tuple(y[max(0, i - order + 1) : i]), y[i], 4) for i in range(len(y))]
        np.testing.assert_allclose(model.nats(y), -np.log(due), rtol=1e-13)
        total = sum(np.exp(-model.nats([*y[:5], k])[-1]) for k in range(4))
        assert total == pytest.approx(1, rel=1e-14)
    short = NGramModel(4, 3).fit([1])
    assert np.exp(-short.nats([1, 1, 2])) == pytest.approx([0.625, 0.625, 0.125])
    high = NGramModel(4, 8).fit(x)
    whole = high.nats(y[:10])
    for count in range(1, 10):  # of a text that is shorter than the order, too
        np.testing.assert_array_equal(high.nats(y[:count]), whole[:count])


def test_bad_input_of_n_grams():
    with pytest.raises(ValueError, match="expected fit before nats"):
        NGramModel(4).nats([1])
    with pytest.raises(ValueError, match="tokens holds 4 at index 1; expected class indices"):
        NGramModel(4).fit([1, 4])
    with pytest.raises(ValueError, match="order is 40 with a vocabulary of 4"):
        NGramModel(4, 40)
    with pytest.raises(ValueError, match="order is 10000000000 with a vocabulary of 2"):
        NGramModel(2, 10**10)  # not by its power
    with pytest.raises(ValueError, match=r"tokens has shape \(0,\)"):
        NGramModel(4).fit([])


# ---------------------------------------------------------------------------------- tokens


def pairs_of(words):
    """How often each pair of tokens stands side by side in a word."""
    counts = {}
    for word in words:
        for pair in itertools.pairwise(word):
            counts[pair] = counts.get(pair, 0) + 1
    return counts


def joined(word, pair):
    """The word, a list of strings, with the pair as one, from left to right."""
    out = []
    while word:
        taken = 2 if tuple(word[:2]) == pair else 1
        out.append("".join(word[:taken]))
        word = word[taken:]
    return out


TEXT = "the cat and the hat\n\nthat ate the bananas: aaa aaaa aaaaa and that  hat, then"


def test_each_merge_joins_a_pair_that_no_other_outnumbers():
    tokenizer = Tokenizer(TEXT, merges=25)
    words = [list(w) for w in ["the", " cat", " and", " the", " hat", "\n\nthat", " ate", " the"]]
    words += [list(w) for w in [" bananas:", " aaa", " aaaa", " aaaaa", " and", " that", "  hat,"]]
    words += [list(" then")]
    for a, b in tokenizer.merges:
        counts, pair = pairs_of(words), (tokenizer.tokens[a], tokenizer.tokens[b])
        assert counts[pair] == max(counts.values()) >= 2
        words = [joined(word, pair) for word in words]
    assert len(tokenizer) == len(set(TEXT)) + len(tokenizer.merges)
    pieces = [tokenizer.tokens[k] for k in tokenizer.encode(TEXT)]
    assert pieces == [piece for word in words for piece in word] and " the" in pieces


@pytest.mark.parametrize("merges", [0, 1, 5, 200])
def test_decoding_gives_the_text_back(merges):
    tokenizer = Tokenizer(TEXT, merges=merges)
    for text in (TEXT, "", "a", "  ", "aaaaaaa", "then that\n", "bath tea"):
        assert tokenizer.decode(tokenizer.encode(text)) == text
    assert len(tokenizer.encode(TEXT)) <= len(TEXT)
    assert (len(tokenizer.encode(TEXT)) == len(TEXT)) == (merges == 0)


@pytest.mark.parametrize("text", ["\0", "a\0 b\0 a\0", "\0\0 \0\0", "x" * 100_000 + " y" * 3])
def test_any_character_is_one_and_any_word(text):
    """NumPy's strings end before a zero, and take the room of the longest for each."""
    tokenizer = Tokenizer(text, merges=3)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert len(tokenizer.encode(text)) < len(text) or text == "\0"


def test_runs_are_merged_from_left_to_right():
    tokenizer = Tokenizer("aaaaa aaaaa", merges=1)
    assert [tokenizer.tokens[k] for k in tokenizer.encode("aaaaa")] == ["aa", "aa", "a"]


def test_perplexities_per_byte_can_be_compared_and_those_per_token_cannot():
    """Equally likely tokens: as many nats a byte as log V tokens, whatever a token is."""
    text = "to be or not to be, that is the question " * 20
    for merges in (0, 40):
        tokenizer = Tokenizer(text, merges)
        model = LanguageModel(len(tokenizer), 4)
        model.parameters[:] = 0.0
        x = tokenizer.encode(text)[None]
        nats = model.nats(x)
        assert np.exp(nats.mean()) == pytest.approx(len(tokenizer))
        per_byte = nats.sum() / len(tokenizer.decode(x[0, 1:]).encode())
        assert per_byte == pytest.approx(
            math.log(len(tokenizer)) * nats.size / len(tokenizer.decode(x[0, 1:]))
        )


def test_bad_input_of_tokens():
    tokenizer = Tokenizer("abc")
    with pytest.raises(
        ValueError, match="text holds 'd' at index 1; expected characters of the te"
    ):
        tokenizer.encode("ad")
    with pytest.raises(TypeError, match="text is a bytes; expected a string"):
        Tokenizer(b"abc")
    with pytest.raises(ValueError, match="text is empty"):
        Tokenizer("")
    with pytest.raises(ValueError, match="tokens holds 3 at index 0"):
        tokenizer.decode([3])
    for bad in ([[0]], 0):
        with pytest.raises(ValueError, match=r"tokens has shape .*; expected \(N,\)"):
            tokenizer.decode(bad)
    for bad in (0.5, "0", None, True):
        with pytest.raises(TypeError, match=f"fill is {bad!r}; expected an integer"):
            padded([[1]], fill=bad)
    with pytest.raises(ValueError, match="fill is 9223372036854775808; expected an integer that"):
        padded([[1]], fill=2**63)
    with pytest.raises(TypeError, match="sequences is None; expected sequences of integers"):
        padded(None)
    with pytest.raises(ValueError, match=r"sequences\[0\] holds 9223372036854775808 at index 0"):
        padded([np.array([2**63], np.uint64)])
    with pytest.raises(ValueError, match="sequences is empty"):
        padded([])
    with pytest.raises(ValueError, match=r"sequences\[1\] has shape \(1, 1\)"):
        padded([[1], [[2]]])
    tokens, mask = padded([[1, 2], [], [3]], fill=9)
    assert tokens.tolist() == [[1, 2], [9, 9], [3, 9]]
    assert mask.tolist() == [[True, True], [False, False], [True, False]]
