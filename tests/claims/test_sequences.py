"""What the chapter on losses of sequences states and no cell of it asserts.

Its comparisons over seeds are listed in `seeds.py`.
"""

from inspect import signature
from itertools import groupby, pairwise

import numpy as np
import pytest
from readers.frameworks import Subject
from scipy.special import softmax

from lossbook import losses
from lossbook.models.language import LanguageModel
from lossbook.optim import Adam
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
        assert longest == ("" if blank > 0.725 else "a"), blank
        assert (max(p, key=p.get) == "–––") == (blank > 0.43), blank
    said = readouts_of(CHAPTER.path, "paths_and_words", blank=0.6)
    assert said == {"word of the likeliest path": "nothing", "likeliest word": "a"}
    at = CHAPTER["chances"](0.6)
    assert max(at[path] for path in paths["a"]) < at["–––"]


def test_what_the_network_reads():
    """Ten chapters, 190,000 characters, 47 different ones; pieces of 24."""
    texts, characters = CHAPTER["texts"], CHAPTER["characters"]
    assert len(texts) == 10 and len(characters) == 47
    assert 185_000 < sum(map(len, texts.values())) < 195_000
    assert signature(LanguageModel.fit).parameters["length"].default == 24


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
    assert 9 < tokens[-1, 2] / tokens[0, 2] < 11.5  # tenfold, with three in a row
    assert CHAPTER["ORDERS"][2] == 3


def test_caption_what_a_mean_divides_by():
    rows = [CHAPTER["three_means"](short) for short in values_of("what_a_mean_divides_by", "short")]
    tokens, answers, places = np.array(rows).T
    assert np.all(np.diff(tokens) > 0) and np.all(np.diff(places) > 0) and np.ptp(answers) == 0
    assert tokens[-1] == answers[-1] == places[-1] == 1.75
    # of two tokens in the mean of the answers, each counts six times as much as one of twelve
    assert (0.5 / 2) / (0.5 / 12) == 6


def test_caption_shift_all_logits():
    """Errors that grow from 16 on; equal pairs at 128, four of five at 512; a z-loss that rises before."""
    rounded, five = CHAPTER["rounded"], CHAPTER["FIVE"]
    shifts = values_of("shift_all_logits", "shift")
    wrong = [np.abs(rounded(shift) - softmax(five)).max() for shift in shifts]
    for shift, error in zip(shifts, wrong, strict=True):
        said = readouts_of(CHAPTER.path, "shift_all_logits", shift=shift)
        assert said["largest error of a probability"] == f"{error:.3f}"
        assert (error > 0.01) == (shift >= 16), shift
    assert np.all(np.diff(wrong) > 0)
    assert rounded(128)[0] == rounded(128)[1] != rounded(128)[2]
    assert len(set(rounded(512)[1:])) == 1 and rounded(512)[0] > 0.9
    charged = [losses.ZLoss(coefficient=1e-4)([0], [five + shift]) for shift in shifts]
    assert np.all(np.diff(charged) > 0) and charged[shifts.index(64)] > 0.3


def test_caption_pull_of_the_teacher():
    """The text's factors hold at other networks too, and from T = 2 on the balance changes little."""
    labels, without = CHAPTER["PULLS"][0]
    balance = without * np.square(CHAPTER["TEMPERATURES"]) / labels
    assert np.ptp(balance[2:]) < 0.33 * balance[2:].min() and np.all(np.diff(without) < 0)

    def fall(seed):
        _labels, without = CHAPTER["pulls"](*CHAPTER["teacher_and_student"](seed))
        at = CHAPTER["TEMPERATURES"].index
        return without[at(2.0)] / without[at(20.0)]

    over_seeds(fall, above=105, below=125, seeds=FRESH)


def test_a_student_reads_more_digits_with_a_teacher():
    """On four of five fresh divisions, as the text says."""
    gains = {s: CHAPTER["taught"](s, 0.9, 4.0) - CHAPTER["taught"](s, 0.0) for s in FRESH}
    over_seeds(gains.get, above=0, mean_above=0, seeds=FRESH, at_least=4)
    assert sum(gain > 0 for gain in gains.values()) == 4


def test_smoothing_helps_a_network_that_has_learned_a_short_text_by_heart():
    """400 batches of 2,000 characters, 32 numbers of memory; the unread chapter without smoothing."""

    def difference(seed):
        read, other = CHAPTER["nine_and_one"](CHAPTER["UNREAD"][seed])
        costs = []
        for loss in (CHAPTER["cross_entropy"], CHAPTER["smoothed"]):
            model = LanguageModel(len(CHAPTER["characters"]), 32, seed=seed)
            model.fit(read[:2000], loss, optimizer=Adam(0.01), steps=400, batch_size=12, seed=seed)
            seen, unseen = (
                model.nats(CHAPTER["pieces"](t))[:, 10:].mean() for t in (read[:2000], other[:6000])
            )
            assert seen < 0.6 * unseen  # by heart
            costs.append(unseen)
        return costs[1] - costs[0]

    over_seeds(difference, below=-0.04)


def test_caption_lattice():
    for setting in settings(CHAPTER.path, "lattice"):
        target, steps = CHAPTER["TARGETS"][setting["target"]], setting["steps"]
        said = readouts_of(CHAPTER.path, "lattice", **setting)
        least = len(target) + sum(a == b for a, b in pairwise(target))
        assert (said["loss"] == "infinite") == (steps < least) == (said["paths"] == 0)
        if steps == least:
            assert said["paths"] == 1
        if steps > least:
            fewer = readouts_of(CHAPTER.path, "lattice", target=setting["target"], steps=steps - 1)
            blanks = [float(r["of their symbols blank"][:-1]) for r in (fewer, said)]
            assert said["paths"] > fewer["paths"] and blanks[1] > blanks[0]


def test_caption_blanks_then_peaks():
    for rows, *_ in CHAPTER["LISTENED"]:
        ahead, right = rows[:, 2], rows[:, 1]
        assert ahead.argmax() in range(3, 9) and ahead[-1] < ahead.max() - 0.1
        assert right[:4].max() < 0.05 < right[-1]
    for passes in (3, 4, 6):
        p = softmax(CHAPTER["LOGITS"][passes - 1, CHAPTER["EXAMPLE"]], axis=1)
        assert np.mean(p.argmax(axis=1) == 0) > 0.8 and p[:, 1:].max() < 0.4
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


def test_fewer_steps_shorten_the_stage_of_blanks():
    """The first pass after which a tenth is read right, and what is read in the end."""
    whole = {seed: CHAPTER["LISTENED"][seed][0][:, 1] for seed in range(5)}
    half = {seed: CHAPTER["progress"](seed, every=2)[0][:, 1] for seed in range(5)}

    def sooner(seed):
        return int((whole[seed] > 0.1).argmax()) - int((half[seed] > 0.1).argmax())

    over_seeds(sooner, above=1, below=5)
    over_seeds(lambda s: whole[s][-1] - half[s][-1], above=0, below=0.1)


def test_the_best_word_is_right_more_often_than_that_of_the_best_path():
    """By 6 to 40 recordings in a hundred early on, in five fresh worlds; at the end by hardly any."""
    heard = {}
    for seed in FRESH:
        rows, logits, _ = CHAPTER["progress"](seed)
        _, *both = CHAPTER["early_and_late"](seed, rows, logits)
        heard[seed] = [word - path for path, word in both]
    over_seeds(lambda s: heard[s][0], above=0.04, below=0.45, mean_above=0.1, seeds=FRESH)
    over_seeds(lambda s: heard[s][1], above=-0.02, below=0.05, seeds=FRESH)


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
    quiet = losses.CTC(zero_infinity=True)
    assert quiet([1, 1, 2], z) == 0
    pair, lengths = np.zeros((2, 3, 3)), {"target_lengths": [3, 2]}
    whole = quiet.pointwise([[1, 1, 2], [1, 2, 0]], pair, **lengths)
    assert whole[0] == 0 and quiet([[1, 1, 2], [1, 2, 0]], pair, **lengths) == whole[1] / 2


@pytest.mark.parametrize(
    "subject, stated",
    [
        (
            "ignore_index",
            [
                *("0.9673", "1.2897", "nothing kept nan", "its gradient [nan nan nan]"),
                "ignore_index is not supported for floating point target",
            ],
        ),
        ("perplexity", ["2.4181", "2.3032"]),
        ("next_token", ["0.4294", "0.4589", "2.4079", "not shifted 1.9542"]),
        ("z_loss", ["shift 10: cross-entropy 0.4244 z-loss 0.0155", "0.4244 z-loss 0.0006"]),
        ("distillation", ["T = 4: without 0.0486", "T = 16: without 0.0032 with 0.8126"]),
        (
            "ctc",
            [
                *("[0.5219 0.7186]", "0.3101", "above 99,000: True", "[0.5219    inf]"),
                *("gradient of too short [nan nan nan]", "of logits as they are [-"),
            ],
        ),
    ],
)
def test_numbers_of_the_tabs(subject, stated):
    records = Subject(f"sequences/{subject}").records.values()
    printed = "\n".join(record["printed"] for record in records)
    for text in stated:
        assert text in printed, text
