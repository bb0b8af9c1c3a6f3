"""The guide: every path ends in losses that exist, and what is said of them is so."""

import re

import pytest

from lossbook import guide, losses
from lossbook.cards import answers

from .explorers import ROOT

PATHS = list(guide.paths())
IDS = ["-".join(a.key for a in path) for path, _ in PATHS]
# words of the reasons, and the facts that they speak of
PROMISES = {
    "strictly convex": "strictly_convex",
    "convex": "convex",
    "smooth": "smooth",
    "bounded": "bounded",
    "proper": "proper",
    "calibrated": "classification_calibrated",
}


def promises(text):
    """The promises that a text makes or denies of its loss: ("bounded", True), ..."""
    found = []
    for sentence in re.split(r"(?<=[.;:]) ", text):
        for word in re.findall(
            r"strictly convex|convex|smooth|bounded|proper|calibrated", sentence
        ):
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
    assert not guide.holds({**mean.claims, "bounded": True}, mean.losses[0])
    assert not guide.holds(mean.claims, losses.MeanAbsoluteError())


def test_every_task_is_reached():
    reached = {loss.facts.task for _, advice in PATHS for loss in advice.losses}
    assert reached == {loss().facts.task for loss in losses.all_losses()}


@pytest.mark.parametrize(("path", "advice"), PATHS, ids=IDS)
def test_the_evidence_and_the_chapter_exist(path, advice):
    for line in advice.because:
        assert line in answers(advice.losses[0])
    assert (ROOT / "chapters" / f"{advice.chapter}.ipynb").exists()


def test_keys_are_unique_in_the_address():
    assert len(set(IDS)) == len(IDS)
    assert all(re.fullmatch(r"[a-z-]+", i) for i in IDS)
