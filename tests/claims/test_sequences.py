"""What the chapter on losses of sequences states and no cell of it asserts.

Its comparisons over seeds are listed in `seeds.py`.
"""

from itertools import groupby, pairwise

import numpy as np
import pytest
from readers.frameworks import Subject
from scipy.special import softmax

from lossbook import losses
from lossbook.teaching.exercises import find

from ..figures import Names
from ..text import prose_of
from .seeds import over_seeds
from .states import readouts_of, settings

CHAPTER = Names("sequences")
FRESH = range(5, 10)


def values_of(figure, control):
    return sorted({setting[control] for setting in settings(CHAPTER.path, figure)})


def test_caption_paths_and_words():
    """The words are all that three steps can say; which of them leads, and who is ahead at each step."""
    word_of, paths = CHAPTER["word_of"], CHAPTER["PATHS"]
    assert sum(map(len, paths.values())) == 27
    assert all(word_of(p) == word for word, group in paths.items() for p in group)
    for blank in values_of("paths_and_words", "blank"):
        p = CHAPTER["chances"](blank)
        totals = {word: sum(p[path] for path in group) for word, group in paths.items()}
        assert sum(totals.values()) == pytest.approx(1)
        longest = max(totals, key=totals.get)
        assert (longest == "") == (blank > 0.725), blank
        if 0.375 < blank < 0.725:
            assert longest == "a", blank
        assert (max(p, key=p.get) == "–––") == (blank > 0.43), blank
    said = readouts_of(CHAPTER.path, "paths_and_words", blank=0.6)
    assert said == {"word of the likeliest path": "nothing", "likeliest word": "a"}
    at = CHAPTER["chances"](0.6)
    assert max(at[path] for path in paths["a"]) < at["–––"]


def test_caption_what_each_letter_costs():
    costs, begins = CHAPTER["COSTS"], CHAPTER["BEGINS"]
    assert costs[begins].mean() > 1.3 * costs[~begins].mean()
    forecasts = CHAPTER["FORECASTS"]
    assert np.allclose(np.exp(forecasts).sum(axis=1), 1)
    assert values_of("what_each_letter_costs", "place")[-1] == len(CHAPTER["SENTENCE"])
    assert costs.max() < 7  # the axis


def test_caption_cut_finer_or_coarser():
    tokens, bytes_ = CHAPTER["PER_TOKEN"].mean(axis=0), CHAPTER["PER_BYTE"].mean(axis=0)
    assert np.all(np.diff(tokens, axis=0) > 0)
    for k, order in enumerate(CHAPTER["ORDERS"]):
        fall = np.diff(bytes_[:, k])
        if order < 3:
            assert np.all(fall < 0), order
        elif order == 3:
            assert np.all(fall[:-1] < 0) and abs(fall[-1]) < 0.05, fall
        else:
            assert fall[0] < -0.1 and np.all(np.abs(fall[1:]) < 0.05), fall
    assert 8 < tokens[-1, 2] / tokens[0, 2] < 12


def test_caption_what_a_mean_divides_by():
    rows = [CHAPTER["three_means"](short) for short in values_of("what_a_mean_divides_by", "short")]
    tokens, answers, places = np.array(rows).T
    assert np.all(np.diff(tokens) > 0) and np.all(np.diff(places) > 0) and np.ptp(answers) == 0
    assert tokens[-1] == answers[-1] == places[-1] == 1.75
    # of two tokens in the mean of the answers, each counts six times as much as one of twelve
    assert (0.5 / 2) / (0.5 / 12) == 6


def test_caption_pull_of_the_teacher():
    """The text's factors hold at other networks too."""

    def fall(seed):
        _labels, without = CHAPTER["pulls"](*CHAPTER["teacher_and_student"](seed))
        at = CHAPTER["TEMPERATURES"].index
        return without[at(2.0)] / without[at(20.0)]

    over_seeds(fall, above=105, below=125, seeds=FRESH)


def test_caption_lattice():
    for setting in settings(CHAPTER.path, "lattice"):
        target, steps = CHAPTER["TARGETS"][setting["target"]], setting["steps"]
        said = readouts_of(CHAPTER.path, "lattice", **setting)
        least = len(target) + sum(a == b for a, b in pairwise(target))
        assert (said["loss"] == "infinite") == (steps < least) == (said["paths"] == 0)
        if steps == least:
            assert said["paths"] == 1
        if steps == 8:  # most of what the paths say is blank, of three symbols
            assert float(said["of their symbols blank"][:-1]) > 100 / 3


def test_caption_blanks_then_peaks():
    for rows, *_ in CHAPTER["LISTENED"]:
        ahead, right = rows[:, 2], rows[:, 1]
        assert ahead.argmax() in range(3, 9) and ahead[-1] < ahead.max() - 0.1
        assert right[:4].max() < 0.05 < right[-1]
    p = softmax(CHAPTER["LOGITS"][-1, CHAPTER["EXAMPLE"]], axis=1)
    said = CHAPTER["SAID"][CHAPTER["EXAMPLE"]]
    for k, group in groupby(range(CHAPTER["FRAMES"]), key=lambda i: said[i]):
        frames = list(group)
        if k:
            assert p[frames, k].max() > 0.5  # a peak in its strip
    assert np.sum(p.argmax(axis=1) > 0) < np.sum(said > 0)
    assert p[said == 0, 0].mean() > 0.8


def test_nothing_but_blanks_and_then_letters_in_other_worlds():
    """In the sixth world the letters are easy to tell apart, and the fourth pass reads some."""
    seen = {seed: CHAPTER["progress"](seed) for seed in FRESH}
    over_seeds(lambda s: seen[s][0][3, 0] / seen[s][0][0, 0], below=0.8, seeds=FRESH)
    over_seeds(lambda s: seen[s][0][3, 1], below=0.02, seeds=FRESH, at_least=4)
    over_seeds(lambda s: seen[s][0][3, 2], above=0.85, seeds=FRESH)
    over_seeds(lambda s: seen[s][0][-1, 1], above=0.7, seeds=FRESH)

    def named_of_spoken(seed):
        _, logits, said = seen[seed]
        return np.mean(logits[-1].argmax(axis=-1) > 0) / np.mean(said > 0)

    over_seeds(named_of_spoken, above=0.6, below=0.8, seeds=FRESH)


def test_the_table_of_the_samplers():
    """Exercise sequences.empty: padding alone makes the numbers, and larger random batches more of it."""
    log = CHAPTER["log_of_samplers"]
    text = prose_of(CHAPTER.path)
    for value in log(0):
        assert f"| {value:.2f} |" in text, value
    for k in range(3):
        over_seeds(lambda s, k=k: np.diff(list(log(s)))[k], below=-0.1)


def test_the_gradient_of_ctc_is_that_of_a_cross_entropy_with_the_shares_for_labels():
    rng = np.random.default_rng(0)
    z = rng.normal(size=(7, 3))
    _, gamma = CHAPTER["shares"](softmax(z, axis=1), [1, 2, 2])
    soft = losses.CrossEntropy(from_logits=True).gradient(gamma, z)
    assert np.allclose(losses.CTC().gradient([1, 2, 2], z), soft)


def test_a_word_that_greedy_reading_misses():
    """Two steps, one letter: from 0.5 to the root of one half the blank leads and the letter is said."""
    border = find("sequences.silence").answer()
    for blank in (0.51, 0.6, border - 0.001):
        assert blank**2 < 1 - blank**2 and blank > 0.5
    assert (border + 0.001) ** 2 > 0.5


def test_an_infinite_loss_says_why_and_can_count_as_zero():
    z = np.zeros((3, 3))
    with pytest.warns(RuntimeWarning, match="it needs 4 steps"):
        assert losses.CTC()([1, 1, 2], z) == np.inf
    assert losses.CTC(zero_infinity=True)([1, 1, 2], z) == 0


@pytest.mark.parametrize(
    "subject, stated",
    [
        ("ignore_index", ["0.9673", "1.2897", "nothing kept nan", "its gradient [nan nan nan]"]),
        ("perplexity", ["2.4181", "2.3032"]),
        ("next_token", ["0.4294", "0.4589", "2.4079", "not shifted 1.9542"]),
        ("z_loss", ["shift 10: cross-entropy 0.4244 z-loss 0.0155", "0.4244 z-loss 0.0006"]),
        ("distillation", ["T = 4: without 0.0486", "T = 16: without 0.0032 with 0.8126"]),
        ("ctc", ["[0.5219 0.7186]", "0.3101", "above 99,000: True", "[0.5219    inf]"]),
    ],
)
def test_numbers_of_the_tabs(subject, stated):
    records = Subject(f"sequences/{subject}").records.values()
    printed = "\n".join(record["printed"] for record in records)
    for text in stated:
        assert text in printed, text
