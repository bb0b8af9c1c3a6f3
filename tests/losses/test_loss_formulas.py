"""The formulas on the cards are those of the code: LaTeX against `pointwise` and `gradient`."""

import math

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from benchmarks.cases import instances, sample
from lossbook import losses
from lossbook.losses.binary import BinaryLoss
from lossbook.losses.margin import MarginLoss
from lossbook.losses.multiclass import MulticlassLoss
from lossbook.losses.ranking import RankingLoss
from lossbook.losses.regression import RegressionLoss

from .latex import evaluate

each_loss = pytest.mark.parametrize("loss", instances(), ids=repr)
LETTERS = {
    "delta": r"\delta",
    "quantile": r"\tau",
    "expectile": r"\tau",
    "epsilon": r"\varepsilon",
    "scale": "c",
    "coefficient": "c",
    "margin": r"\gamma",
    "alpha": r"\alpha",
    "gamma": r"\gamma",
    "label_smoothing": r"\alpha",
    "class_weight": "w",
    "pos_weight": "w",
}


def points(loss):
    """Usual arguments, and those where the cases of the formulas meet."""
    y, p = sample(loss, np.random.default_rng(17), 40)
    if isinstance(loss, losses.KLDivergence | losses.NLL):
        return y, p
    edges = []
    if isinstance(loss, MarginLoss):
        edges = [(s, m) for s in (-1.0, 1.0) for m in (-1.0, 0.0, 1.0)]
    elif isinstance(loss, losses.PlackettLuce):
        edges = [([3.0, 0.0, 0.0, 0.0], [1.0, 2.0, -1.0, 0.5])]
    elif isinstance(loss, losses.PairwiseLogistic):
        edges = [([2.0, 0.0, 2.0, 0.0], [1.0, 2.0, 2.0, 0.5])]
    elif isinstance(loss, MulticlassLoss) and not loss._predicts_distributions:
        edges = [(0, [0.5, 0.25, -1.0, -0.5]), (2, [2.0, 0.0, 3.0, 1.0])]
        edges = [(a, b[: p.shape[1]]) for a, b in edges]
    elif isinstance(loss, losses.HingeEmbedding):
        edges = [(s, loss.margin) for s in (-1.0, 1.0)]
    elif isinstance(loss, BinaryLoss):
        edges = [(0.0, 0.5), (1.0, 0.5)]
    elif isinstance(loss, RegressionLoss):
        positive = (losses.MeanSquaredLogarithmicError, losses.MeanAbsolutePercentageError)
        least = 0.5 if isinstance(loss, positive) else 0.0
        ends = [loss.hyperparameters.get(name) for name in ("delta", "epsilon", "scale")]
        edges = [(least, least + s * r) for r in (0.0, *filter(None, ends)) for s in (-1, 1)]
    for a, b in edges:
        y, p = np.concatenate([y, [a]]).astype(y.dtype), np.concatenate([p, [b]])
    return y, p


def names(loss, y, p):
    """What the letters of the formulas stand for."""
    found = {
        LETTERS[name]: list(map(mpf, value)) if isinstance(value, tuple) else mpf(value)
        for name, value in loss.hyperparameters.items()
        if name in LETTERS and value is not None
    }
    if isinstance(loss, losses.GaussianNLL):
        return {**found, "y": mpf(y), r"\hat y": mpf(p[0]), r"\hat v": mpf(p[1])}
    if isinstance(loss, MulticlassLoss):
        shares = [mpf(int(k == y)) for k in range(p.size)] if np.ndim(y) == 0 else list(map(mpf, y))
        index = int(y) if np.ndim(y) == 0 else None
        return {**found, "y": index, "y_k": shares, r"\hat y": list(map(mpf, p)), "K": mpf(p.size)}
    if isinstance(loss, RankingLoss):
        given = {"y_k": list(map(mpf, y)), r"\hat y": list(map(mpf, p))}
        ranks = [mpf(1 + sum(b > a for b in p)) for a in p]
        best = sum(
            (2**a - 1) / mpmath.log(2 + k, 2) for k, a in enumerate(sorted(given["y_k"])[::-1])
        )
        return {**given, "r": ranks, "Z": best}
    return {**found, "y": mpf(float(y)), r"\hat y": mpf(p), "m": mpf(y) * mpf(p)}


def close(computed, exact):
    return math.isclose(computed, float(exact), rel_tol=1e-12, abs_tol=1e-13)


@each_loss
def test_the_formula_is_that_of_the_code(loss):
    y, p = points(loss)
    for a, b, value in zip(y, p, loss.pointwise(y, p), strict=True):
        exact = evaluate(loss.facts.formula, names(loss, a, b))
        assert close(value, exact), (a, b, value, exact)


@each_loss
def test_the_gradient_is_that_of_the_code(loss):
    y, p = points(loss)
    for a, b, slope in zip(y, p, loss.gradient(y, p), strict=True):
        given = names(loss, a, b)
        if isinstance(loss, (MulticlassLoss, RankingLoss)):
            exact = [evaluate(loss.facts.gradient, {**given, "k": k}) for k in range(b.size)]
        else:
            exact = np.atleast_1d(evaluate(loss.facts.gradient, given))
        assert all(map(close, np.atleast_1d(slope), exact)), (a, b, slope, exact)


@each_loss
def test_every_hyperparameter_that_is_a_number_stands_in_the_formula_or_decides_its_form(loss):
    """Changed a little, it changes what the formula says; so a formula cannot do without it."""
    y, p = points(loss)
    for name, value in loss.hyperparameters.items():
        if not isinstance(value, float) or not math.isfinite(value):
            continue
        other = loss.replace(**{name: value * 0.75 + 0.01})
        a, b = (
            [evaluate(one.facts.formula, names(one, *pair)) for pair in zip(y, p, strict=True)]
            for one in (loss, other)
        )
        assert a != b, name


def test_a_wrong_formula_is_caught():
    smooth = losses.BinaryCrossEntropy(label_smoothing=0.5)
    given = names(smooth, 1.0, 0.9)
    assert not close(
        smooth.gradient(1.0, 0.9), evaluate(losses.BinaryCrossEntropy().facts.gradient, given)
    )
    assert close(smooth.gradient(1.0, 0.9), evaluate(smooth.facts.gradient, given))


@pytest.mark.parametrize(
    "text, value",
    [
        (r"-2 y^2 + \frac{1}{4}", -17.75),
        (r"|y - 5| \hat y", 14),
        (r"|y - |\hat y||", 4),
        (r"\max\bigl(y, \min(\hat y, 4)\bigr)", 4),
        (r"2 \operatorname{sign}(y - 4)", -2),
        (r"e^{y - 3} \hat y/2", 3.5),
        (r"\hat y / y / 7", 1 / 3),
        (r"\begin{cases} 1 & 0 < y < 3 \\ 2 & y \ge 3 \end{cases}", 2),
        (r"\begin{cases} 1 & y < 3 \\ 5 & \text{else} \end{cases}", 5),
        (r"[y = 3] - [\hat y \ne 7]", 1),
        (r"q + 1, \quad q = 2 y", 7),
    ],
)
def test_the_parser(text, value):
    assert evaluate(text, {"y": mpf(3), r"\hat y": mpf(7)}) == pytest.approx(value)


def test_the_parser_of_rows():
    given = {"y": 1, "y_k": [0, 1, 0], r"\hat y": [mpf(4), mpf(2), mpf(5)], "k": 2}
    assert evaluate(r"\sum_k y_k \hat y_k - 1", given) == 1
    assert evaluate(r"\sum_{j \ne y} \hat y_j", given) == 9
    assert evaluate(r"\max_{j \ne y} \hat y_j - \hat y_y", given) == 3
    assert evaluate(r"\min_j \hat y_j", given) == 2
    assert evaluate(r"\sum_i \sum_j [\hat y_i > \hat y_j] \hat y_i", given) == 14
    assert evaluate(r"[k = \arg\max_{j \ne y} \hat y_j]", given) == 1
    assert evaluate(r"\sum_k z_k, \quad z_k = 2 \hat y_k", given) == 22


@pytest.mark.parametrize(
    "text",
    [r"\log y \hat y", "2 +", "(y", r"\tan y", "y)", r"\begin{cases} 1 \end{cases}", "y, 2"],
)
def test_what_is_not_clear_is_refused(text):
    with pytest.raises(SyntaxError):
        evaluate(text, {"y": mpf(3), r"\hat y": mpf(7)})


@pytest.mark.parametrize("rows", [r"1 & y < 3 \\ 2 & y < 4", r"1 & y < 3 \\ 2 & y > 3"])
def test_cases_that_overlap_or_leave_a_gap_are_refused(rows):
    text = rf"\begin{{cases}} {rows} \end{{cases}}"
    for y in (2, 3):
        if (y == 3) == ("> 3" in rows):
            with pytest.raises(ValueError, match="rows apply"):
                evaluate(text, {"y": mpf(y)})
