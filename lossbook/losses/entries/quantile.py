"""What is said of the losses with a price for each side."""

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
    "Pinball": _entry(
        name="Pinball loss",
        formula=r"\max\bigl(\tau (y - \hat y), (1 - \tau) (\hat y - y)\bigr)",
        gradient=r"\begin{cases} -\tau & \hat y < y \\ 0 & \hat y = y \\"
        r" 1 - \tau & \hat y > y \end{cases}",
        best_constant="quantile",
        noise=lambda loss: Noise(
            name="Asymmetric Laplace",
            distribution="laplace_asymmetric",
            parameters=(
                ("kappa", math.sqrt(loss.quantile / (1.0 - loss.quantile))),
                ("scale", 1.0 / (math.sqrt(loss.quantile) * math.sqrt(1.0 - loss.quantile))),
            ),
        ),
        convex=True,
        strictly_convex=False,
        smooth=False,
        gradient_lipschitz=math.inf,
        lipschitz=lambda loss: max(loss.quantile, 1.0 - loss.quantile),
        bounded=False,
        symmetric=lambda loss: loss.quantile == 0.5,
        kinks=(0.0,),
        reference="koenkerbassett1978",
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
    "Expectile": _entry(
        name="Expectile loss",
        formula=r"\begin{cases} \tau (\hat y - y)^2 & \hat y < y \\"
        r" (1 - \tau) (\hat y - y)^2 & \hat y \ge y \end{cases}",
        gradient=r"\begin{cases} 2 \tau (\hat y - y) & \hat y < y \\"
        r" 2 (1 - \tau) (\hat y - y) & \hat y \ge y \end{cases}",
        best_constant="expectile",
        noise=Noise(name="Gaussian with a different scale on each side"),
        convex=True,
        strictly_convex=True,
        smooth=True,
        gradient_lipschitz=lambda loss: 2.0 * max(loss.expectile, 1.0 - loss.expectile),
        lipschitz=math.inf,
        bounded=False,
        symmetric=lambda loss: loss.expectile == 0.5,
        reference="newey1987powell",
        use="You want to weigh the sides differently and still hear how far off an error is.",
        avoid="Somebody will ask what the number means: a quantile is easier to explain.",
        claim="Two half parabolas, smooth at zero: away from one half, errors of one sign cost more.",
    ),
}
