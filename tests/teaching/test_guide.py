"""The guide: every path ends in losses that exist, and what is said of them is so."""

import re

import numpy as np
import pytest
from scipy.special import expit

from live_figures import configure
from lossbook import losses
from lossbook.teaching import calls, guide
from lossbook.teaching.cards import answers

from ..text import parts

ENDS = list(guide.paths())
PATHS = [(path, end) for path, end in ENDS if isinstance(end, guide.Advice)]
IDS = ["-".join(a.key for a in path) for path, _ in PATHS]
SECTIONS = {path[-1].key: end for path, end in ENDS if isinstance(end, guide.Section)}
# words of the reasons, and the facts that they speak of
PROMISES = {
    "strictly convex": "strictly_convex",
    "convex": "convex",
    "smooth": "smooth",
    "bounded": "bounded",
    "strictly proper": "strictly_proper",
    "proper": "proper",
    "classification-calibrated": "classification_calibrated",
}


def promises(text):
    """The promises that a text makes or denies of its loss: ("bounded", True), ..."""
    found = []
    for sentence in re.split(r"(?<=[.;:]) ", text):
        for word in re.findall(rf"\b(?:{'|'.join(PROMISES)})\b", sentence):
            found.append((PROMISES[word], "is not" not in sentence))
    return found


@pytest.mark.parametrize(("path", "advice"), PATHS, ids=IDS)
def test_the_claims_are_facts_of_every_loss_that_is_recommended(path, advice):
    assert advice.losses and advice.claims
    for loss in advice.losses:
        assert type(loss) in losses.all_losses()
        assert guide.holds(advice.claims, loss), (loss, advice.claims)
    if advice.rival:
        assert guide.holds(advice.rival.claims, advice.rival.loss)
        assert not any(guide.holds(advice.rival.claims, loss) for loss in advice.losses) or (
            type(advice.rival.loss) is losses.Pinball
        )


@pytest.mark.parametrize(("path", "advice"), PATHS, ids=IDS)
def test_the_words_say_what_is_claimed(path, advice):
    said = promises(advice.reason) + promises(advice.watch)
    for fact, value in said:
        assert advice.claims.get(fact) is value, (fact, value)
    if advice.rival:
        for fact, value in promises(advice.rival.words):
            assert advice.rival.claims.get(fact) is value
    best = re.search(
        r"best constant is an? (?:geometric )?(\w+)|best constant is the (\w+)", advice.reason
    )
    if best:
        assert (best[1] or best[2]) in advice.claims["best_constant"]


def test_a_false_word_and_a_false_claim_would_be_noticed():
    mean = next(advice for path, advice in PATHS if path[-1].key == "clean")
    assert ("bounded", True) in promises("It is bounded.")
    assert ("proper", False) in promises("But it is not proper: look.")
    assert promises("It is strictly proper.") == [("strictly_proper", True)]
    assert not guide.holds({**mean.claims, "bounded": True}, mean.losses[0])
    assert not guide.holds(mean.claims, losses.MeanAbsoluteError())


def test_every_task_is_reached():
    reached = {loss.facts.task for _, end in ENDS for loss in end.losses}
    assert reached == {loss().facts.task for loss in losses.all_losses()}


@pytest.mark.parametrize(("path", "advice"), PATHS, ids=IDS)
def test_the_evidence_is_on_the_card(path, advice):
    for line in advice.because:
        assert line in answers(advice.losses[0])


@pytest.mark.parametrize(
    ("path", "end"), ENDS, ids=["-".join(a.key for a in path) for path, _ in ENDS]
)
def test_read_more_leads_to_a_passage_that_treats_it(path, end):
    page, sign, part = end.passage.partition("#")
    assert sign and part in parts(page), sorted(parts(page))
    words = TREATED[path[-1].key]
    assert len(words) and all(re.search(word, parts(page)[part]) for word in words)
    configure(publish=True)
    assert f'<a href="{page}.html#{part}">Read more</a>' in guide._end(end, "x")
    configure(publish=False)


#: what the passage has to speak of, by the last answer
TREATED = {
    "clean": ["mean"],
    "outliers": ["Huber", "log-cosh|Log-cosh|LogCosh"],
    "gross": ["Tukey", "convex|valley"],
    "median": ["median", "absolute error"],
    "level": ["quantile", r"a \+ b|price|franc"],
    "ratio": ["log", "geometric mean"],
    "tolerance": ["tolerance", "Best constant"],
    "spread": ["variance|GaussianNLL", "negative|below zero|less than nothing|nothing"],
    "any": ["logit|sigmoid", "gradient|slope"],
    "limit": ["Brier"],
    "decision": ["hinge", "probability"],
    "costs": ["threshold"],
    "rare": ["focal"],
    "class": ["softmax|classes"],
    "shares": ["Kullback-Leibler"],
    "count": ["Poisson"],
    "labels": ["labels", "PyTorch"],
    "ordered": ["more than", "logit", "yeses"],
    "numbers": ["outputs", "spread"],
    "mask": ["pixel", "Dice"],
    "boxes": ["GIoU", "touch"],
    "embeddings": ["InfoNCE|contrastive|triplet", "anchor|partner|pair"],
    "ranking": ["pair", "list"],
    "preferences": ["reward", "difference"],
    "text": ["padding|Padding", "ignore_index"],
    "sequence": ["repeats", "log-probabilities"],
    "time": ["hazard", "censor"],
    "amount": ["zeros", "mean"],
    "samples": ["GAN|reward|four|five"],
}


def test_a_passage_that_is_not_there_would_be_noticed():
    assert "the-rivals" in parts("mse") and "ch-hinge" in parts("hinge")
    assert "the-rivalz" not in parts("mse") and "Poisson" not in parts("mse")["the-rivals"]
    assert set(TREATED) == {path[-1].key for path, _ in ENDS}


def test_several_labels_at_once():
    """The mean is over samples and labels; each output is the share of its own label; a softmax makes them compete."""
    loss = losses.BinaryCrossEntropy(from_logits=True)
    rng = np.random.default_rng(0)
    y, z = rng.integers(0, 2, (50, 4)).astype(float), rng.normal(size=(50, 4))
    assert loss(y, z) == pytest.approx(loss.pointwise(y, z).sum() / 200)
    assert loss(y, z) == pytest.approx(np.mean([loss(y[:, k], z[:, k]) for k in range(4)]))
    assert np.allclose(loss.gradient(y, z), expit(z) - y)
    with_mean = loss.value_and_gradient(y, z)[1]
    assert np.allclose(
        4 * with_mean, (expit(z) - y) / 50
    )  # the sum over labels, the mean over samples
    # both labels always true: each sigmoid goes to 1, and no softmax gives both more than one half
    both = np.array([[1.0, 1.0]])
    assert loss(both, [[40.0, 40.0]]) < 1e-15
    chances = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    assert (np.sort(chances, axis=1)[:, -2] <= 0.5).all()


def test_keys_are_unique_in_the_address():
    every = ["-".join(a.key for a in path) for path, _ in ENDS]
    assert len(set(every)) == len(every)
    assert all(re.fullmatch(r"[a-z-]+", i) for i in every)


def test_what_compares_predictions_leads_to_a_section():
    """A reader with a mask, boxes or a ranking finds a way, with the line of the framework that is asked for most."""
    assert len(SECTIONS) >= 9
    for key, section in SECTIONS.items():
        assert "PyTorch" in section.lines or key == "samples"
        html = guide._end(section, "x")
        assert html.index("Read more") > max(map(html.find, section.lines), default=0) >= 0


@pytest.mark.parametrize(("path", "advice"), PATHS, ids=IDS)
def test_the_framework_comes_first(path, advice):
    html = guide._end(advice, "x")
    places = [html.index(f"<b>{name}</b>") for name in calls.FRAMEWORKS]
    assert places == sorted(places) and places[-1] < html.index("In this book")
