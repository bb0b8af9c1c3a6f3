"""The catalog's entries on losses of residuals."""

from .entry import Entry, Peer

ENTRIES = {
    "MeanSquaredError": Entry(
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
    "MeanAbsoluteError": Entry(
        use="You want the median, or errors that cost their size and no more.",
        avoid="You need a smooth objective: at its kinks the gradient jumps, so a fixed step circles the optimum.",
        claim="The pull has one size: only the sign of the error is heard.",
        peers=(
            Peer("PyTorch", "L1Loss", {"reduction": "mean"}),
            Peer("Keras", "MeanAbsoluteError"),
            Peer("scikit-learn", "sklearn.metrics.mean_absolute_error"),
        ),
    ),
    "Huber": Entry(
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
    "LogCosh": Entry(
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
    "Pinball": Entry(
        use="You want a quantile: too little and too much have different prices by the unit.",
        avoid="You want several quantiles at once: lines fitted one by one may cross.",
        claim="Two straight arms: their slopes are the prices of too little and too much.",
        peers=(
            Peer(
                "scikit-learn",
                "sklearn.metrics.mean_pinball_loss",
                {"alpha": 0.5},
                "At one half it is half the absolute error.",
            ),
            Peer(
                "scikit-learn",
                "sklearn.linear_model.QuantileRegressor",
                {"quantile": 0.5, "alpha": 1.0},
                "An estimator, penalized by the weights' absolute values unless told otherwise.",
            ),
        ),
    ),
    "Expectile": Entry(
        use="You want to weigh the sides differently and still hear how far off an error is.",
        avoid="Somebody will ask what the number means: a quantile is easier to explain.",
        claim="Two half parabolas, smooth at zero: away from one half, errors of one sign cost more.",
    ),
    "EpsilonInsensitive": Entry(
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
    "SquaredEpsilonInsensitive": Entry(
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
    "MeanSquaredLogarithmicError": Entry(
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
    "PseudoHuber": Entry(
        use="Huber's loss, smooth to all orders; for second-order methods.",
        avoid="You rely on a sharp threshold: it bends everywhere.",
        claim="The pull grows and levels off at $\\delta$, without a corner.",
    ),
    "Cauchy": Entry(
        use="Many targets may be far off, and far off they should lose their voice.",
        avoid="You need a convex objective: beyond the scale the pull falls, and there can be false valleys.",
        claim="The pull is strongest where the error equals the scale, and fades beyond.",
    ),
    "Tukey": Entry(
        use="Targets beyond some size are certainly wrong and should not be heard at all.",
        avoid="You have no good start: it is not convex and can have many valleys. The absolute error's fit is a "
        "good start only while no wrong target sits at an unusual input.",
        claim="Beyond $c$ the curve is flat: such an error is written off.",
    ),
    "Barron": Entry(
        use="You would rather turn a dial from squared error to Welsch's loss than choose.",
        avoid="You want to learn the dial by minimizing: without its normalizing constant the flattest loss wins.",
        claim="One dial leads from the square at $\\alpha = 2$ to losses that forget their outliers.",
    ),
}
