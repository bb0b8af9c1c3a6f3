"""What is said of the losses of residuals, in the module `regression`."""

from __future__ import annotations

import math
from functools import partial

from .entry import Entry, Peer
from .facts import Noise

__all__ = ["ENTRIES"]

_entry = partial(
    Entry,
    task="regression",
    strictly_proper=None,
    proper=None,
    classification_calibrated=None,
    link=None,
)

#: by the name of the class
ENTRIES = {
    "MeanSquaredError": _entry(
        name="Squared error",
        formula=r"(\hat y - y)^2",
        gradient=r"2 (\hat y - y)",
        best_constant="mean",
        noise=Noise(name="Gaussian", distribution="norm", parameters=(("scale", math.sqrt(0.5)),)),
        convex=True,
        strictly_convex=True,
        smooth=True,
        gradient_lipschitz=2.0,
        lipschitz=math.inf,
        bounded=False,
        symmetric=True,
        reference="legendre1805",
        use="You want the mean, the noise is near Gaussian, or you need a linear system and not a search.",
        avoid="A few targets may be wrong: the largest residuals own the sum.",
        claim="The pull grows with the error, without end: twice as far off, twice as loud.",
        peers=(
            Peer(
                "PyTorch",
                "MSELoss",
                {"reduction": "mean"},
                "Shapes $(n,)$ and $(n, 1)$ broadcast to $n \\times n$, with a warning. "
                'With `reduction="sum"` it grows with the batch.',
            ),
            Peer(
                "Keras",
                "MeanSquaredError",
                {},
                "Sample weights are not divided out: the mean is over the number of samples, unless "
                '`reduction="mean_with_sample_weight"`.',
            ),
            Peer(
                "optax",
                "squared_error",
                {},
                "Elementwise. `l2_loss` is half of it, though what its docstring says it returns is the whole.",
            ),
            Peer("scikit-learn", "sklearn.metrics.mean_squared_error"),
        ),
    ),
    "MeanAbsoluteError": _entry(
        name="Absolute error",
        formula=r"|\hat y - y|",
        gradient=r"\operatorname{sign}(\hat y - y)",
        best_constant="median",
        noise=Noise(name="Laplace", distribution="laplace", parameters=(("scale", 1.0),)),
        convex=True,
        strictly_convex=False,
        smooth=False,
        gradient_lipschitz=math.inf,
        lipschitz=1.0,
        bounded=False,
        symmetric=True,
        kinks=(0.0,),
        reference="koenkerbassett1978",
        use="You want the median, or errors that cost their size and no more.",
        avoid="You need a smooth objective: at its kinks the gradient jumps, so a fixed step circles the optimum.",
        claim="The pull has one size: only the sign of the error is heard.",
        peers=(
            Peer("PyTorch", "L1Loss", {"reduction": "mean"}),
            Peer("Keras", "MeanAbsoluteError"),
            Peer("scikit-learn", "sklearn.metrics.mean_absolute_error"),
        ),
    ),
    "Huber": _entry(
        name="Huber loss",
        formula=r"\begin{cases} \frac{1}{2} (\hat y - y)^2 & |\hat y - y| \le \delta \\"
        r" \delta \left(|\hat y - y| - \frac{\delta}{2}\right)"
        r" & |\hat y - y| > \delta \end{cases}",
        gradient=r"\min(\max(\hat y - y, -\delta), \delta)",
        best_constant="Huber's M-estimate",
        noise=Noise(name="Gaussian center with Laplace tails"),
        convex=True,
        strictly_convex=False,
        smooth=True,
        gradient_lipschitz=1.0,
        lipschitz=lambda loss: loss.delta,
        bounded=False,
        symmetric=True,
        reference="huber1964",
        use="Most residuals are honest and a few are not: the mean of the honest ones is wanted.",
        avoid="You cannot say how large an honest residual is: $\\delta$ has the unit of $y$, and must move with it.",
        claim="Up to $\\delta$ the pull grows with the error, beyond it stays at $\\delta$.",
        peers=(
            Peer(
                "PyTorch",
                "HuberLoss",
                {"delta": 1.0},
                "`SmoothL1Loss(beta)` {cite}`girshick2015` is this loss divided by $\\delta$: the same minimum, "
                "another step size.",
            ),
            Peer(
                "Keras",
                "Huber",
                {"delta": 1.0},
                "Its gradient is NaN for residuals beyond half the largest number: $9 \\cdot 10^{307}$, in "
                "float32 $1.7 \\cdot 10^{38}$.",
            ),
            Peer(
                "optax",
                "huber_loss",
                {"delta": 1.0},
                "Its gradient comes in steps of $10^{-16}$, in float32 of $6 \\cdot 10^{-8}$, and is exactly 0 "
                "below half a step.",
            ),
            Peer(
                "scikit-learn",
                "sklearn.linear_model.HuberRegressor",
                {"epsilon": 1.35},
                "An estimator that finds the scale itself: `epsilon` counts in units of it.",
            ),
        ),
    ),
    "LogCosh": _entry(
        name="Log-cosh",
        formula=r"\log \cosh(\hat y - y)",
        gradient=r"\tanh(\hat y - y)",
        best_constant="log-cosh M-estimate",
        noise=Noise(
            name="Hyperbolic secant", distribution="hypsecant", parameters=(("scale", 1.0),)
        ),
        convex=True,
        strictly_convex=True,
        smooth=True,
        gradient_lipschitz=1.0,
        lipschitz=1.0,
        bounded=False,
        symmetric=True,
        reference="saleh2022",
        use="You want Huber's compromise without a jump in the second derivative.",
        avoid="The residuals are not of order one: it has no threshold to set, so scale the target first.",
        claim="Near zero it is half the square, far out the absolute error less $\\log 2$.",
        peers=(
            Peer(
                "Keras",
                "LogCosh",
                {},
                "In float32, its default, it returns 0 for a residual of $10^{-4}$; in float64 for $10^{-9}$, and with "
                "PyTorch behind it $-1.9 \\cdot 10^{-9}$, since its $\\log 2$ is rounded to float32.",
            ),
            Peer(
                "optax",
                "log_cosh",
                {},
                "Returns 0 for a residual of $10^{-9}$, in float32 of $10^{-4}$.",
            ),
        ),
    ),
    "EpsilonInsensitive": _entry(
        name="Epsilon-insensitive loss",
        formula=r"\max(|\hat y - y| - \varepsilon, 0)",
        gradient=r"\begin{cases} \operatorname{sign}(\hat y - y) & |\hat y - y| > \varepsilon \\"
        r" 0 & |\hat y - y| \le \varepsilon \end{cases}",
        best_constant="center of a tube with as many samples above as below",
        noise=Noise(name="Uniform in the tube with Laplace tails"),
        convex=True,
        strictly_convex=False,
        smooth=False,
        gradient_lipschitz=math.inf,
        lipschitz=1.0,
        bounded=False,
        symmetric=True,
        kinks=lambda loss: tuple(sorted({-loss.epsilon + 0.0, loss.epsilon})),
        reference="smolascholkopf2004",
        use="Errors below a tolerance cost nothing, and a fit that rests on few samples is welcome.",
        avoid="You want one best constant: within the tolerance there can be many.",
        claim="Within $\\varepsilon$ nobody is heard; beyond, everybody with the same force.",
        peers=(
            Peer(
                "scikit-learn",
                "sklearn.svm.SVR",
                {"epsilon": 0.1},
                "An estimator: it multiplies the sum of these losses by `C`.",
            ),
        ),
    ),
    "SquaredEpsilonInsensitive": _entry(
        name="Squared epsilon-insensitive loss",
        formula=r"\max(|\hat y - y| - \varepsilon, 0)^2",
        gradient=r"2 \operatorname{sign}(\hat y - y) \max(|\hat y - y| - \varepsilon, 0)",
        best_constant="point where the excesses over the tube balance",
        noise=Noise(name="Uniform in the tube with Gaussian tails"),
        convex=True,
        strictly_convex=lambda loss: loss.epsilon == 0,
        smooth=True,
        gradient_lipschitz=2.0,
        lipschitz=math.inf,
        bounded=False,
        symmetric=True,
        reference="hastie2009",
        use="A tolerance again, and a smooth objective beyond it.",
        avoid="Outliers: beyond the tolerance it grows like the square.",
        claim="Flat within $\\varepsilon$, a parabola beyond.",
        peers=(
            Peer(
                "scikit-learn",
                "sklearn.svm.LinearSVR",
                {"loss": "epsilon_insensitive"},
                'This loss is its option `loss="squared_epsilon_insensitive"`.',
            ),
        ),
    ),
    "MeanSquaredLogarithmicError": _entry(
        name="Squared logarithmic error",
        formula=r"\bigl(\log(1 + \hat y) - \log(1 + y)\bigr)^2",
        gradient=r"\frac{2}{1 + \hat y} \log \frac{1 + \hat y}{1 + y}",
        best_constant="geometric mean of 1 + y, less 1",
        noise=Noise(name="Gaussian in log(1 + y)"),
        convex=False,
        strictly_convex=False,
        smooth=True,
        gradient_lipschitz=math.inf,
        lipschitz=math.inf,
        bounded=False,
        symmetric=False,
        reference="boxcox1964",
        use="What matters is the factor, not the difference, and targets are large: prices, populations.",
        avoid="Totals matter: its best constant lies below the mean, so sums come out too low.",
        claim="Too little costs more than too much by the same amount, because the ratio is what it sees.",
        peers=(
            Peer(
                "Keras",
                "MeanSquaredLogarithmicError",
                {},
                "Clips predictions and targets at $10^{-7}$: an output below 0 has no gradient, so it stays there; "
                "for the truth 0 it costs nothing at all.",
            ),
            Peer("scikit-learn", "sklearn.metrics.mean_squared_log_error"),
        ),
    ),
    "MeanAbsolutePercentageError": _entry(
        name="Absolute percentage error",
        formula=r"\frac{|\hat y - y|}{|y|}",
        gradient=r"\frac{\operatorname{sign}(\hat y - y)}{|y|}",
        best_constant="median of the targets, each weighted by 1 / |y|",
        noise=None,
        convex=True,
        strictly_convex=False,
        smooth=False,
        gradient_lipschitz=math.inf,
        lipschitz=math.inf,
        bounded=False,
        symmetric=True,
        kinks=(0.0,),
        reference="gneiting2011",
        use="You report errors in percent, and all targets are far from 0.",
        avoid="A target is 0, or near it: it has no percentage, or one sample owns the mean. Nor to choose between "
        "models: the one that forecasts too little wins, since too little never costs more than 1.",
        claim="A forecast of 0 costs 1, and so does twice the truth; from there on it goes up without limit.",
        peers=(
            Peer(
                "Keras",
                "MeanAbsolutePercentageError",
                {},
                "Times 100, and divides by at least $10^{-7}$: a target of 0 and a prediction of 1 cost $10^9$.",
            ),
            Peer(
                "scikit-learn",
                "sklearn.metrics.mean_absolute_percentage_error",
                {},
                "A fraction too. Divides by at least $2.2 \\cdot 10^{-16}$: a target of 0 and a prediction of 1 "
                "cost $4.5 \\cdot 10^{15}$.",
            ),
        ),
    ),
}
