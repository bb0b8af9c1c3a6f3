"""Answers to the exercises of the chapter on the hinge loss."""

import itertools

import numpy as np
from scipy.optimize import linprog

from lossbook import losses
from lossbook.models import LinearModel
from lossbook.penalties import L2
from lossbook.teaching.exercises import Exercise

__all__ = ["EXERCISES"]

HINGE = losses.Hinge()
LABELS, SCORES = np.array([1.0, -1.0, -1.0]), np.array([1.5, -0.2, 1.0])
MARGINS = np.array([4.0, 1.01, 0.99, 0.0, -7.0])


def _constant():
    y = np.array([1.0] * 7 + [-1.0] * 3)
    return min(HINGE(y, np.full(10, c)) for c in (-1.0, 1.0))


def _svm_gradient(X, y, w, lam):
    return HINGE.gradient(y, X @ w) @ X / len(y) + lam * w


def _least_risk():
    """min over scores z of sum_k p_k max(0, 1 - z_k + max z_j), as a linear program in (z, costs)."""
    chance = np.array([0.45, 0.25, 0.2, 0.1])
    rows = []
    for k, j in itertools.permutations(range(4), 2):  # 1 - z_k + z_j <= cost_k
        row = np.zeros(8)
        row[[k, j, 4 + k]] = -1, 1, -1
        rows.append(row)
    bounds = [(None, None)] * 4 + [(0, None)] * 4
    objective = np.concatenate([np.zeros(4), chance])
    return linprog(objective, A_ub=rows, b_ub=-np.ones(len(rows)), bounds=bounds).fun


def _inside_from():
    X, y = np.array([[-3.0], [3.0]]), np.array([-1.0, 1.0])
    low, high = 1.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        model = LinearModel(fit_intercept=False).fit(X, y, HINGE, L2(middle))
        low, high = (low, middle) if 3 * model.coef[0] < 1 - 1e-9 else (middle, high)
    return high


EXERCISES = [
    Exercise(
        key="hinge.by-hand",
        kind="number",
        answer=lambda: HINGE(LABELS, SCORES),
        nearest=0.01,
        right="the margins are 1.5, 0.2 and -1.",
        hint="Multiply label and score first.",
        mistakes=[
            (lambda: 3 * HINGE(LABELS, SCORES), "that is the sum; the loss is the mean"),
            (lambda: np.mean(1 - LABELS * SCORES), "a margin above 1 costs nothing, not less"),
            (lambda: np.mean(np.maximum(0, 1 - SCORES)), "the labels are missing"),
        ],
    ),
    Exercise(
        key="hinge.heard",
        kind="number",
        answer=lambda: np.count_nonzero(HINGE.gradient(np.ones(5), MARGINS)),
        right="0.99, 0 and -7, each with the same force.",
        hint="Who has a margin below 1?",
        mistakes=[
            (lambda: 1, "the undecided one pulls too, and the one that is right by too little"),
            (lambda: 2, "two are wrong or undecided; one more is right, but too close"),
        ],
    ),
    Exercise(
        key="hinge.constant",
        kind="number",
        answer=_constant,
        right="three in ten pay 2 each.",
        hint="At the score 1 one class pays nothing.",
        mistakes=[
            (lambda: 0.3, "each of the three in ten has the margin -1, and pays 2"),
            (lambda: 1.0, "that is the score, or the loss of the score 0"),
            (lambda: 1.4, "that is the other end, the score -1"),
        ],
    ),
    Exercise(
        key="hinge.c",
        kind="number",
        answer=lambda: 1 / (0.02 * 250),
        right="scikit-learn adds up where this book takes the mean.",
        hint="Divide the objective with C by N C.",
        mistakes=[
            (lambda: 1 / 0.02, "the number of samples is missing: scikit-learn's is a sum"),
            (lambda: 0.02 * 250, "upside down: a large C is a small penalty"),
        ],
    ),
    Exercise(
        key="hinge.read",
        kind="number",
        answer=lambda: (0.6 + 1) / 2,
        right="the squared hinge keeps what the hinge throws away.",
        hint="Solve 2 p - 1 = 0.6.",
        mistakes=[
            (lambda: 0.6, "that is the score; it runs from -1 to 1"),
            (lambda: 1 / (1 + np.exp(-0.6)), "that is the link of the logistic loss"),
        ],
    ),
    Exercise(
        key="hinge.gradient",
        kind="function",
        answer=_svm_gradient,
        inputs=[
            (np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([1.0, -1.0]), np.array([0.1, 0.2]), 0.1),
            (np.array([[3.0], [-3.0]]), np.array([1.0, -1.0]), np.array([1.0]), 0.5),
            (np.eye(3), np.array([1.0, 1.0, -1.0]), np.array([0.0, 2.0, 0.0]), 0.01),
        ],
        right="those on the street, and the penalty.",
        hint="Add up -y x over those with a margin below 1, divide by N, and add lam w.",
        mistakes=[
            (
                lambda X, y, w, lam: HINGE.gradient(y, X @ w) @ X + lam * w,
                "divide the pulls by the number of samples",
            ),
            (
                lambda X, y, w, lam: -HINGE.gradient(y, X @ w) @ X / len(y) + lam * w,
                "the pulls have the wrong sign: the loss falls along y x",
            ),
            (
                lambda X, y, w, lam: HINGE.gradient(y, X @ w) @ X / len(y),
                "the penalty has a gradient too",
            ),
        ],
    ),
    Exercise(
        key="hinge.classes",
        kind="number",
        answer=_least_risk,
        right="below one half, no lead pays.",
        hint="With equal scores every margin is 0.",
        mistakes=[
            (lambda: 0.55 * 2, "that is what a lead of 1 for the first class costs: more"),
            (lambda: 0.55, "that is the share of mistakes"),
        ],
    ),
    Exercise(
        key="hinge.width",
        kind="number",
        answer=_inside_from,
        tolerance=1e-3,
        right="beyond it, w = 3 / lambda, and the street is wider than the data.",
        hint="Both pull with full force: w = (3 + 3) / (2 lambda).",
        mistakes=[
            (lambda: 3.0, "at lambda = 3 they would be inside only if w < 1/3 there; compute w"),
            (lambda: 18.0, "the mean over two samples halves the pulls"),
        ],
    ),
    Exercise(
        key="hinge.plateau",
        kind="choice",
        answer=lambda: "c",
        choices={
            "a": "the learning rate is too large",
            "b": "a hidden penalty",
            "c": "the labels are 0 and 1",
            "d": "classes that overlap",
        },
        right="a label of 0 costs 1 whatever the score, and says nothing: 80 of 200 make 0.4.",
        hint="Put y = 0 into the formula.",
        mistakes=[
            (
                lambda: "a",
                "a walk that jumps would jump in the table too; this one has come to rest",
            ),
            (
                lambda: "b",
                "a penalty keeps scores small on both sides of 0; why are all above, and why 0.4?",
            ),
            (lambda: "d", "the classes lie far apart, so some line has both of them on its sides"),
        ],
    ),
    Exercise(
        key="hinge.proof",
        kind="choice",
        answer=lambda: "c",
        choices={
            "a": "the equations at the minimum",
            "b": "off the street a is zero",
            "c": "the same equations for fewer samples",
            "d": "what satisfies the equations is a minimum",
        },
        right="fewer samples change the factor; keep lambda N, or C, and the proof is whole.",
        hint="How many samples does the factor in front of the sum count?",
        mistakes=[
            (lambda: "a", "that is where zero is among the subgradients, as at every minimum"),
            (
                lambda: "b",
                "a margin above 1 costs nothing on either side of it, so the pull is zero",
            ),
            (lambda: "d", "for a convex function it is: zero among the subgradients is enough"),
        ],
    ),
]
