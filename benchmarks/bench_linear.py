"""Speed of fitting a linear model: 235 points, 10 features, as a live figure fits it for each of its states."""

import numpy as np

from benchmarks import timing
from lossbook import losses
from lossbook.models import LinearModel

linear = timing.optional("sklearn.linear_model")


def run():
    """Time each fit beside scikit-learn's of the same loss; the section for the README, in Markdown."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(235, 10))
    y = X @ rng.normal(size=10) + rng.standard_t(2, size=235)
    label = np.where(y > np.median(y), 1.0, -1.0)
    rows = []
    for loss, target, rival in [
        (losses.MeanSquaredError(), y, lambda: linear.LinearRegression()),
        (losses.MeanAbsoluteError(), y, lambda: linear.QuantileRegressor(quantile=0.5, alpha=0)),
        (losses.Pinball(quantile=0.9), y, lambda: linear.QuantileRegressor(quantile=0.9, alpha=0)),
        (losses.Huber(delta=1.345), y, None),
        (losses.LogCosh(), y, None),
        (losses.Logistic(), label, lambda: linear.LogisticRegression(C=np.inf, tol=1e-8)),
        (losses.Hinge(), label, None),
    ]:
        functions = {"ours": lambda loss=loss, t=target: LinearModel().fit(X, t, loss)}
        if rival and linear:
            functions["theirs"] = lambda rival=rival, t=target: rival().fit(X, t)
        median = timing.medians(functions, rounds=15, budget=0.005)
        row = [f"`{loss!r}`", f"{1000 * median['ours']:.1f} ms"]
        if "theirs" in median:
            ours, theirs = functions["ours"](), functions["theirs"]()
            value = loss(target, X @ theirs.coef_.ravel() + theirs.intercept_)
            assert ours.value <= value * (1 + 1e-9), loss  # the same problem is solved
            ratio = f"{median['theirs'] / median['ours']:.1f}"
            row += [type(rival()).__name__, f"{1000 * median['theirs']:.1f} ms", ratio]
        else:
            row += ["–", "", ""]
        rows.append(row)
    note = "" if linear else "\n\nNot installed: skipped: sklearn."
    return (
        "## Fitting a linear model\n\n"
        "235 points, 10 features, no penalty; median of 15 interleaved rounds, and how many times longer"
        " scikit-learn takes, where it has the loss without a scale that it estimates along with it.\n\n"
        + timing.table(["loss", "`LinearModel`", "scikit-learn", "time", "ratio"], rows)
        + note
    )
