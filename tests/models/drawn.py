"""Problems that are hard on a solver, drawn at random, and the least value that SciPy finds."""

import numpy as np
from scipy.optimize import linprog, minimize

from lossbook import losses
from lossbook.penalties import L1, L2, ElasticNet

PENALTIES = [None, L1(0.03), L2(0.1), ElasticNet(0.1, 0.4)]

PIECES = [
    losses.MeanAbsoluteError(),
    losses.Pinball(quantile=0.8),
    losses.EpsilonInsensitive(epsilon=0.3),
    losses.Hinge(),
    losses.Perceptron(),
    losses.Hinge() + 0.5 * losses.Perceptron(),
]
SMOOTH = [
    losses.MeanSquaredError(),
    losses.Huber(delta=1.345),
    losses.Huber(delta=0.05),
    losses.LogCosh(),
    losses.Expectile(expectile=0.8),
    losses.SquaredEpsilonInsensitive(epsilon=0.3),
    losses.PseudoHuber(scale=0.5),
    losses.Barron(alpha=1.5),
    0.3 * losses.Huber(delta=0.5) + losses.LogCosh(),
    losses.SquaredHinge(),
    losses.SmoothedHinge(),
    losses.ModifiedHuber(),
    losses.Logistic(),
    losses.Exponential(),
    losses.BinaryCrossEntropy(from_logits=True),
    losses.BinaryCrossEntropy(from_logits=True, label_smoothing=0.1),
    losses.Focal(gamma=0.0, from_logits=True),
    losses.PoissonNLL(),
]
MIXED = [
    losses.MeanSquaredError() + 0.5 * losses.MeanAbsoluteError(),
    0.3 * losses.Huber(delta=0.5) + losses.MeanAbsoluteError(),
    losses.Logistic() + 0.5 * losses.Hinge(),
    losses.LogCosh() + losses.Pinball(quantile=0.7) + 0.1 * losses.MeanSquaredError(),
]


def column(kind, rng, base):
    """One more column for the others, of a kind that solvers stumble over."""
    n = len(base)
    x = base @ rng.normal(size=base.shape[1]) if base.shape[1] else rng.normal(size=n)
    decimals = np.round(10 ** rng.uniform(-2, 4), 2)
    return {
        "plain": lambda: rng.normal(size=n),
        "constant": lambda: np.full(n, decimals),
        "rounding": lambda: decimals * (1 + np.finfo(float).eps * rng.integers(-2, 3, n)),
        "collinear": lambda: x,
        "double": lambda: (base[:, 0] if base.shape[1] else x) * rng.choice([1.0, -3.0, 0.1]),
        "shifted": lambda: rng.normal(size=n) + 1e5,
        "zero": lambda: np.zeros(n),
        "tiny": lambda: 10 ** rng.uniform(-162, -20) * rng.normal(size=n),
        "huge": lambda: 10 ** rng.uniform(20, 155) * rng.normal(size=n),
        "rare": lambda: (np.arange(n) == rng.integers(n)) * 1.0,
        "binary": lambda: rng.integers(0, 2, n) * 1.0,
        "skewed": lambda: np.exp(3 * rng.normal(size=n)),
    }[kind]()


KINDS = ["plain", "constant", "rounding", "collinear", "double", "shifted"]
KINDS += ["zero", "tiny", "huge", "rare", "binary", "skewed"]


def design(rng):
    """X, (n, d), and weights, some zero, or None."""
    n = int(rng.choice([2, 3, 6, 12, 30]))
    X = np.zeros((n, 0))
    for kind in rng.choice(KINDS, rng.integers(1, 5)):
        X = np.hstack([X, column(kind, rng, X)[:, None]])
    if rng.random() < 0.1:
        X = np.hstack([X, rng.normal(size=(n, 12))])
    w = None
    if rng.random() < 0.3:
        w = rng.integers(0, 4, n) * 1.0
        w[rng.integers(n)] = 1.0
    return X, w


def scaled(X, w):
    """Centered columns of a size around 1, those of rounding left out, with their units: by another
    way than the package's."""
    rows = np.ones(len(X), bool) if w is None else w > 0
    D = X - np.median(X[rows], axis=0)
    unit = np.abs(D[rows]).max(axis=0)
    kept = unit > 1e-13 * np.abs(X[rows]).max(axis=0)
    return D[:, kept] / unit[kept], unit[kept]


def target(loss, rng, X, w):
    """y, of a size around 1 that depends on X, with noise; labels may be separable."""
    D, _ = scaled(X, w)
    f = D @ rng.normal(size=D.shape[1]) + rng.choice([0.0, 0.3, 1.0, 3.0]) * rng.normal(size=len(X))
    parts = [term for _, term in getattr(loss, "terms", [(1, loss)])]
    if isinstance(parts[0], losses.PoissonNLL):
        return rng.poisson(np.exp(f.clip(-2, 2))) * 1.0
    if parts[0].facts.task == "binary classification":
        return (f > np.median(f)) * 1.0 if hasattr(parts[0], "from_logits") else np.sign(f + 1e-9)
    return f


def pieces(loss):
    """For y and p, the slopes and values whose maximum is each straight piece of the loss."""
    found = []
    for a, term in getattr(loss, "terms", ((1.0, loss),)):
        name, h = type(term).__name__, term.hyperparameters
        if name == "MeanAbsoluteError":
            found.append((a, lambda y: [(1 + 0 * y, -y), (-1 + 0 * y, y)]))
        elif name == "Pinball":
            q = h["quantile"]
            found.append((a, lambda y, q=q: [(-q + 0 * y, q * y), (1 - q + 0 * y, (q - 1) * y)]))
        elif name == "EpsilonInsensitive":
            e = h["epsilon"]
            found.append(
                (a, lambda y, e=e: [(1 + 0 * y, -y - e), (-1 + 0 * y, y - e), (0 * y, 0 * y)])
            )
        elif name in ("Hinge", "Perceptron"):
            m = 1.0 * (name == "Hinge")
            found.append((a, lambda y, m=m: [(-y, m + 0 * y), (0 * y, 0 * y)]))
    return found


def least(loss, X, y, w, penalty):
    """The least value of the objective that SciPy finds: HiGHS for straight pieces and L1, else
    L-BFGS-B or SLSQP, of the problem in scaled columns."""
    D, unit = scaled(X, w)
    w = np.ones(len(X)) if w is None else w
    D, y, v = D[w > 0], y[w > 0], w[w > 0] / w.sum()
    n, d = D.shape
    l1, l2 = (0.0, 0.0) if penalty is None else (penalty.l1, penalty.l2)
    with np.errstate(all="ignore"):
        l1, l2 = l1 / unit, (np.sqrt(l2) / unit) ** 2
    kept = (l1 < 1e8) & (l2 < 1e8)  # the others are 0
    D, l1, l2, d = D[:, kept], l1[kept], l2[kept], int(kept.sum())
    # The unknowns: intercept, plus, minus (coef = plus - minus), and a height for each piece.
    Z = np.hstack([np.ones((n, 1)), D, -D])
    flat = pieces(loss)
    k = len(flat) * n
    rest = [(a, term) for a, term in getattr(loss, "terms", ((1.0, loss),)) if not pieces(term)]
    smooth = losses.Combination(rest) if rest else None
    A, b, cost = [], [], [np.zeros(1), l1, l1]
    for j, (a, sides) in enumerate(flat):
        cost.append(a * v)
        for slope, offset in sides(y):
            rows = np.zeros((n, 1 + 2 * d + k))
            rows[:, : 1 + 2 * d] = slope[:, None] * Z
            rows[np.arange(n), 1 + 2 * d + j * n + np.arange(n)] = -1.0
            A.append(rows)
            b.append(-offset)
    cost = np.concatenate(cost)
    bounds = [(None, None)] + [(0, None)] * (2 * d) + [(None, None)] * k

    if flat and not smooth and not l2.any():
        found = linprog(cost, A_ub=np.vstack(A), b_ub=np.concatenate(b), bounds=bounds)
        return found.fun if found.status == 0 else None

    def value_and_gradient(x):
        value, gradient = float(cost @ x), cost.copy()
        if smooth:
            f, slope = smooth.value_and_gradient(y, Z @ x[: 1 + 2 * d], v)
            value, gradient[: 1 + 2 * d] = value + f, gradient[: 1 + 2 * d] + slope @ Z
        coef = x[1 : 1 + d] - x[1 + d : 1 + 2 * d]
        gradient[1 : 1 + d] += l2 * coef
        gradient[1 + d : 1 + 2 * d] -= l2 * coef
        return value + float(l2 @ coef**2) / 2, gradient

    x = np.zeros(1 + 2 * d + k)
    best = np.inf
    with np.errstate(all="ignore"):
        if not flat:
            for _ in range(3):
                found = minimize(
                    value_and_gradient,
                    x,
                    jac=True,
                    method="L-BFGS-B",
                    bounds=bounds,
                    options={"ftol": 1e-15, "gtol": 1e-12, "maxiter": 3000, "maxcor": 20},
                )
                x, best = found.x, min(best, found.fun)
            return best
        A, b = np.vstack(A), np.concatenate(b)
        x[1 + 2 * d :] = np.max((-b + A[:, : 1 + 2 * d] @ x[: 1 + 2 * d]).max()) + 1
        constraint = {"type": "ineq", "fun": lambda x: b - A @ x, "jac": lambda x: -A}
        found = minimize(
            value_and_gradient,
            x,
            jac=True,
            method="SLSQP",
            bounds=bounds,
            constraints=[constraint],
            options={"ftol": 1e-15, "maxiter": 300},
        )
        # heights up to the pieces: a point of the objective itself, not of its relaxation
        x = found.x.copy()
        x[1 : 1 + 2 * d] = x[1 : 1 + 2 * d].clip(0)
        parts, theta, start = [], x[: 1 + 2 * d], 1 + 2 * d
        for _, sides in flat:
            parts.append(np.max([slope * (Z @ theta) + offset for slope, offset in sides(y)], 0))
        x[start:] = np.concatenate(parts)
        return value_and_gradient(x)[0]


LIMITED = [
    losses.PoissonNLL(log_input=False),
    losses.BinaryCrossEntropy(),
    losses.BinaryCrossEntropy(label_smoothing=0.1),
    losses.Brier(),
    losses.MeanSquaredLogarithmicError(),
]


def limited_target(loss, rng, X, w):
    """y for a loss that takes some predictions only, and the ends of these."""
    D, _ = scaled(X, w)
    f = D @ rng.normal(size=D.shape[1]) + rng.choice([0.3, 1.0, 3.0]) * rng.normal(size=len(X))
    if isinstance(loss, losses.PoissonNLL):
        return rng.poisson(np.exp(f.clip(-2, 2))) * 1.0, 0.0, 1e6
    if isinstance(loss, losses.MeanSquaredLogarithmicError):
        return np.exp(f.clip(-2, 2)), 0.0, 1e6
    return (f > np.median(f)) * 1.0, 0.0, 1.0


def least_inside(loss, X, y, w, penalty, low, high):
    """The least value that SLSQP finds from some starts with all predictions from low to high."""
    D, unit = scaled(X, w)
    w = np.ones(len(X)) if w is None else w
    D, y, v = D[w > 0], y[w > 0], w[w > 0] / w.sum()
    l1, l2 = (0.0, 0.0) if penalty is None else (penalty.l1, penalty.l2)
    with np.errstate(all="ignore"):
        l1, l2 = l1 / unit, (np.sqrt(l2) / unit) ** 2
    kept = (l1 < 1e8) & (l2 < 1e8)
    D, l1, l2, d = D[:, kept], l1[kept], l2[kept], int(kept.sum())
    Z = np.hstack([np.ones((len(D), 1)), D, -D])
    middle = np.zeros(1 + 2 * d)
    middle[0] = 0.5 if high == 1 else max(v @ y, 0.1)

    def value_and_gradient(x):
        p = (Z @ x).clip(low + 1e-12, high - 1e-12)
        f, slope = loss.value_and_gradient(y, p, v)
        coef = x[1 : 1 + d] - x[1 + d :]
        pull = l2 * coef
        size = x[1 : 1 + d] + x[1 + d :]
        gradient = slope @ Z + np.r_[0.0, l1 + pull, l1 - pull]
        return f + float(l1 @ size + pull @ coef / 2), gradient

    ends = [
        {"type": "ineq", "fun": lambda x: Z @ x - low, "jac": lambda x: Z},
        {"type": "ineq", "fun": lambda x: high - Z @ x, "jac": lambda x: -Z},
    ]
    found = minimize(
        value_and_gradient, middle, jac=True, method="SLSQP", constraints=ends,
        bounds=[(None, None)] + [(0, None)] * (2 * d), options={"ftol": 1e-15, "maxiter": 300},
    )  # fmt: skip
    x = found.x + 1e-7 * (middle - found.x)  # from just outside to inside
    p = Z @ x
    return value_and_gradient(x)[0] if (p > low).all() and (p < high).all() else np.inf


CLASSES = 3
SCORES = [
    losses.CrossEntropy(from_logits=True),
    losses.CrossEntropy(from_logits=True, label_smoothing=0.1),
    losses.MulticlassHinge(),
    losses.WestonWatkins(),
]


def least_scores(loss, X, y, w, penalty):
    """`least` for a score of each class, with heights above the pairs that the hinges are made of."""
    D, unit = scaled(X, w)
    w = np.ones(len(X)) if w is None else w
    D, y, v = D[w > 0], y[w > 0], w[w > 0] / w.sum()
    l1, l2 = (0.0, 0.0) if penalty is None else (penalty.l1, penalty.l2)
    with np.errstate(all="ignore"):
        l1, l2 = l1 / unit, (np.sqrt(l2) / unit) ** 2
    kept = (l1 < 1e8) & (l2 < 1e8)
    D, l1, l2 = D[:, kept], np.repeat(l1[kept], CLASSES), np.repeat(l2[kept], CLASSES)
    n, d, b = len(D), D.shape[1] * CLASSES, CLASSES
    hinge = not isinstance(loss, losses.CrossEntropy)
    shared = isinstance(loss, losses.MulticlassHinge)
    k = hinge * n * (1 if shared else CLASSES - 1)
    Z = np.hstack([np.ones((n, 1)), D, -D])
    cost = np.concatenate([np.zeros(b), l1, l1, np.zeros(k)])
    A, bounds = [], [(None, None)] * b + [(0, None)] * (2 * d + k)
    if hinge:
        cost[b + 2 * d :] = v if shared else np.repeat(v, CLASSES - 1)
        for i in range(n):
            for j, c in enumerate(c for c in range(CLASSES) if c != y[i]):
                direction = np.zeros(CLASSES)
                direction[c], direction[y[i]] = 1.0, -1.0
                row = np.zeros(len(cost))
                row[: b + 2 * d] = np.outer(Z[i], direction).ravel()
                row[b + 2 * d + (i if shared else i * (CLASSES - 1) + j)] = -1.0
                A.append(row)
        A, limit = np.array(A), np.full(len(A), -1.0)
        if not l2.any():
            found = linprog(cost, A_ub=A, b_ub=limit, bounds=bounds)
            return found.fun if found.status == 0 else None

    def value_and_gradient(x):
        value, gradient = float(cost @ x), cost.copy()
        if not hinge:
            theta = x.reshape(-1, CLASSES)
            f, slope = loss.value_and_gradient(y, Z @ theta, v)
            value, gradient = value + f, gradient + (Z.T @ slope).ravel()
        coef = x[b : b + d] - x[b + d : b + 2 * d]
        gradient[b : b + d] += l2 * coef
        gradient[b + d : b + 2 * d] -= l2 * coef
        return value + float(l2 @ coef**2) / 2, gradient

    x, best = np.zeros(len(cost)), np.inf
    if not hinge:
        for _ in range(3):
            found = minimize(
                value_and_gradient, x, jac=True, method="L-BFGS-B", bounds=bounds,
                options={"ftol": 1e-15, "gtol": 1e-12, "maxiter": 3000, "maxcor": 20},
            )  # fmt: skip
            x, best = found.x, min(best, found.fun)
        return best
    x[b + 2 * d :] = 2.0
    constraint = {"type": "ineq", "fun": lambda x: limit - A @ x, "jac": lambda x: -A}
    found = minimize(
        value_and_gradient, x, jac=True, method="SLSQP", bounds=bounds,
        constraints=[constraint], options={"ftol": 1e-15, "maxiter": 200},
    )  # fmt: skip
    x = found.x.copy()
    x[b : b + 2 * d] = x[b : b + 2 * d].clip(0)
    f = loss(y, Z @ x[: b + 2 * d].reshape(-1, CLASSES), v)
    x[b + 2 * d :] = 0.0
    return value_and_gradient(x)[0] + f


def classes(rng):
    """X, classes that depend on it, and weights or None."""
    X, w = design(rng)
    D, _ = scaled(X, w)
    f = D @ rng.normal(size=(D.shape[1], CLASSES))
    f += rng.choice([0.0, 0.3, 1.0, 3.0]) * rng.normal(size=f.shape)
    return X, f.argmax(axis=1), w
