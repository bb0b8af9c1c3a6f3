"""What is said of the negative log-likelihoods."""

from __future__ import annotations

import math
from functools import partial

from .entry import Entry, Peer, by_flag
from .facts import Noise

__all__ = ["ENTRIES"]

_entry = partial(
    Entry,
    symmetric=None,
    strictly_proper=None,
    proper=None,
    classification_calibrated=None,
    link=None,
)


_by_scale = partial(by_flag, "log_input")

#: by the name of the class
ENTRIES = {
    "PoissonNLL": _entry(
        name=_by_scale(
            "Poisson negative log-likelihood", "Poisson negative log-likelihood of log-rates"
        ),
        task="count regression",
        formula=_by_scale(r"\hat y - y \log \hat y", r"e^{\hat y} - y \hat y"),
        gradient=_by_scale(r"1 - \frac{y}{\hat y}", r"e^{\hat y} - y"),
        best_constant=_by_scale("mean", "log of the mean"),
        noise=_by_scale(
            Noise(name="Poisson", distribution="poisson", predicted="mu"),
            Noise(name="Poisson", distribution="poisson", predicted="mu", link="log"),
        ),
        convex=True,
        strictly_convex=lambda loss: loss.log_input,
        smooth=True,
        gradient_lipschitz=math.inf,
        lipschitz=math.inf,
        bounded=False,
        reference="mccullaghnelder1989",
        use="Counts, whose variance grows with their mean.",
        avoid="The counts vary more than Poisson's, and you need the spread, not only the mean.",
        claim="Convex in the log-rate, and lowest where the rate equals the count; for the count 0 nowhere.",
        peers=(
            Peer(
                "PyTorch",
                "PoissonNLLLoss",
                {"log_input": True, "full": False, "eps": 1e-08},
                "The same by default; with `log_input=False` it adds `eps` to the rate.",
            ),
            Peer("Keras", "Poisson", {}, "Takes the rate, not its logarithm."),
            Peer(
                "scikit-learn",
                "sklearn.linear_model.PoissonRegressor",
                {"alpha": 1.0},
                "An estimator, penalized unless told otherwise.",
            ),
        ),
    ),
    "GaussianNLL": _entry(
        name="Gaussian negative log-likelihood",
        task="regression with a variance",
        formula=r"\frac{1}{2} \left(\log \hat v + \frac{(\hat y - y)^2}{\hat v}\right)",
        gradient=r"\left(\frac{\hat y - y}{\hat v},\;"
        r" \frac{1}{2 \hat v} - \frac{(\hat y - y)^2}{2 \hat v^2}\right)",
        best_constant="mean and variance",
        noise=Noise(name="Gaussian", distribution="norm"),
        convex=False,
        strictly_convex=False,
        smooth=True,
        gradient_lipschitz=math.inf,
        lipschitz=math.inf,
        bounded=False,
        reference="nixweigend1994",
        use="The spread differs from sample to sample, and the model should say so {cite}`kendallgal2017`.",
        avoid="Mean and variance start far off: a large variance excuses a bad mean.",
        claim="Lowest where the variance equals the square of the residual; for the residual 0 it has no lowest point.",
        peers=(
            Peer(
                "PyTorch",
                "GaussianNLLLoss",
                {"full": False, "eps": 1e-06},
                "Clamps the variance at `eps`: variance $10^{-8}$ and residual 1 give 499,993 in place of 50,000,000.",
            ),
        ),
    ),
}
