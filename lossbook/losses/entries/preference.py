"""What is said of the losses of preferences."""

from __future__ import annotations

import math
from functools import partial

from .entry import Entry
from .facts import Noise

__all__ = ["ENTRIES"]

_entry = partial(
    Entry,
    task="preferences",
    convex=True,
    strictly_convex=False,
    smooth=True,
    bounded=False,
    symmetric=None,
    classification_calibrated=True,
)
_WINS = Noise(name="Bernoulli", distribution="bernoulli", predicted="p", link="logit")
_WHERE = (
    "where $\\pi$ and $\\rho$ are log-probabilities of the policy and of the reference, $w$ is the answer "
    "chosen and $l$ the one rejected; the gradient is with respect to $\\pi_k$"
)
_MARGIN = r", \quad m = (\pi_w - \pi_l) - (\rho_w - \rho_l)"

#: by the name of the class
ENTRIES = {
    "BradleyTerry": _entry(
        name="Bradley-Terry loss",
        formula=r"\log(1 + e^{s_l - s_w})",
        gradient=r"\begin{cases} -\frac{1}{1 + e^{s_w - s_l}} & k = w \\"
        r" \frac{1}{1 + e^{s_w - s_l}} & k = l \end{cases}",
        where="where $w$ has won and $l$ has lost; the gradient is with respect to $s_k$",
        best_constant="difference of the scores: log-odds of the share of wins",
        noise=_WINS,
        lipschitz=math.sqrt(2.0),
        gradient_lipschitz=0.5,
        strictly_proper=True,
        proper=True,
        link="logit",
        reference="bradleyterry1952",
        use="Two at a time were compared, and scores are to say who wins how often: teams, players, answers; "
        "a reward model.",
        avoid="One side never loses: its score grows without end, unless a penalty or a tie holds it.",
        beyond=(("TRL", "RewardTrainer"),),
        claim="The logistic loss of a difference: a win that was expected is hardly heard, an upset pulls at both "
        "with a force of up to 1.",
    ),
    "DPO": _entry(
        name="Direct preference optimization (DPO)",
        formula=r"\log(1 + e^{-\beta m})" + _MARGIN,
        gradient=r"\begin{cases} -\frac{\beta}{1 + e^{\beta m}} & k = w \\"
        r" \frac{\beta}{1 + e^{\beta m}} & k = l \end{cases}" + _MARGIN,
        where=_WHERE,
        best_constant="$m$: log-odds of the share of wins, divided by $\\beta$",
        noise=_WINS,
        lipschitz=lambda loss: math.sqrt(2.0) * loss.beta,
        gradient_lipschitz=lambda loss: 0.5 * loss.beta**2,
        strictly_proper=True,
        proper=True,
        link="logit / beta",
        reference="rafailov2023",
        use="A language model is tuned by pairs of answers, without a reward model and without sampling.",
        avoid="Answers were compared once each: the log-odds of a sure win are infinite, and the policy runs "
        "after them; both probabilities may fall.",
        beyond=(("TRL", "DPOTrainer"),),
        claim="The Bradley-Terry loss of a margin that counts $\\beta$ times: a large $\\beta$ is soon content, a "
        "small one pulls on.",
    ),
    "IPO": _entry(
        name="Identity preference optimization (IPO)",
        formula=r"\left(m - \frac{1}{2 \beta}\right)^2" + _MARGIN,
        gradient=r"\begin{cases} 2 m - \frac{1}{\beta} & k = w \\"
        r" \frac{1}{\beta} - 2 m & k = l \end{cases}" + _MARGIN,
        where=_WHERE,
        best_constant="$m$: the share of wins less that of losses, divided by $2 \\beta$",
        noise=None,
        lipschitz=math.inf,
        gradient_lipschitz=4.0,
        strictly_proper=True,
        proper=True,
        link="(2 p - 1) / (2 beta)",
        reference="azar2024",
        use="As for DPO, where most answers were compared once: a sure win has the margin $1 / (2 \\beta)$ and "
        "no more.",
        avoid="Log-probabilities are sums over answers of very different lengths: a square hears the longest ones. "
        "TRL takes means over tokens here.",
        beyond=(("TRL", 'DPOTrainer(loss_type="ipo")'),),
        claim="A target for the margin, and a spring to it: who prefers too much is pulled back.",
    ),
    "KTO": _entry(
        name="Kahneman-Tversky optimization (KTO)",
        formula=r"\frac{\lambda}{1 + e^x}, \quad x = (2 y - 1) \beta (\pi - \rho - z)",
        gradient=r"(1 - 2 y) \frac{\beta \lambda}{(1 + e^x) (1 + e^{-x})}, \quad x = (2 y - 1)"
        r" \beta (\pi - \rho - z)",
        where="where $\\pi$ and $\\rho$ are log-probabilities of the answer by the policy and by the reference, "
        "$z$ is the reference point, and $\\lambda$ the weight of an answer that is liked ($y = 1$) or not",
        best_constant=None,
        noise=None,
        convex=False,
        lipschitz=lambda loss: loss.beta * max(loss.desirable_weight, loss.undesirable_weight) / 4,
        gradient_lipschitz=lambda loss: (
            loss.beta**2
            * max(loss.desirable_weight, loss.undesirable_weight)
            / (6 * math.sqrt(3.0))
        ),
        bounded=True,
        strictly_proper=None,
        proper=None,
        classification_calibrated=lambda loss: loss.desirable_weight == loss.undesirable_weight,
        link=None,
        reference="ethayarajh2024",
        use="Of single answers it is known whether they are liked, and pairs there are none. Weight the rarer kind "
        "more.",
        avoid="Pairs are there, and few contradict each other: they say more. And far from the level no label is "
        "heard, wrong or right.",
        beyond=(("TRL", "KTOTrainer"),),
        claim="A step with soft edges at the reference point: what is far from it, on either side, stays where it is.",
    ),
}
