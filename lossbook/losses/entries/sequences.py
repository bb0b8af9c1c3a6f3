"""What is said of the losses of sequences."""

from __future__ import annotations

import math
from functools import partial

from .entry import Entry, Peer

__all__ = ["ENTRIES"]

_entry = partial(
    Entry,
    best_constant=None,
    noise=None,
    convex=False,
    strictly_convex=False,
    smooth=True,
    bounded=False,
    symmetric=None,
)

_PATHS = r"\pi \in \mathcal{B}(y)"

#: by the name of the class
ENTRIES = {
    "CTC": _entry(
        name="Connectionist temporal classification (CTC)",
        task="sequence labeling",
        formula=rf"-\log \sum_{{{_PATHS}}} p(\pi), \quad"
        r" p(\pi) = \prod_t \frac{e^{\hat y_{t, \pi_t}}}{\sum_k e^{\hat y_{t, k}}}",
        gradient=r"\frac{e^{\hat y_{t, k}}}{\sum_j e^{\hat y_{t, j}}} -"
        rf" \frac{{\sum_{{{_PATHS},\, \pi_t = k}} p(\pi)}}{{\sum_{{{_PATHS}}} p(\pi)}}",
        gradient_lipschitz=None,
        lipschitz=None,
        strictly_proper=None,
        proper=None,
        classification_calibrated=None,
        link=None,
        where=r"$\mathcal{B}(y)$ are the paths $\pi$ that spell $y$ when repeats are merged and then "
        "blanks dropped: one class at each step $t$",
        reference="graves2006",
        use="Labels come in the order of the input, and nobody knows at which step: speech, handwriting.",
        avoid="Outputs are not in the order of the input, or outnumber its steps; or the labels depend on "
        "each other given the input, which a product over steps cannot say.",
        claim="The target is aa, and a blank must stand between: the loss grows to both sides. From 9 steps on "
        "it has two valleys, a few labels among blanks or a blank among labels: it is not convex.",
        peers=(
            Peer(
                "PyTorch",
                "CTCLoss",
                {"blank": 0, "reduction": "mean", "zero_infinity": False},
                'Takes log-probabilities, with time first: (T, n, K). `"mean"` divides each loss by the '
                "length of its target, then by the batch: ours does not look at lengths. The gradient of "
                "an infinite loss is NaN there unless `zero_infinity`, and 0 here. A blank in a target is "
                "taken for a label in silence. On a GPU, cuDNN's version may differ.",
            ),
            Peer(
                "Keras",
                "CTC",
                {},
                "Logits (n, T, K). The blank is 0, which also fills targets up; inputs have all T steps.",
            ),
            Peer(
                "optax",
                "ctc_loss",
                {"blank_id": 0, "log_epsilon": -100000.0},
                "Logits (n, T, K), and paddings of 0 and 1 in place of lengths. One loss a sequence; a "
                "target that does not fit costs about 100,000, not infinity.",
            ),
        ),
    ),
    "ZLoss": _entry(
        name="z-loss",
        task="classification",
        formula=r"c \left(\log \sum_k e^{\hat y_k}\right)^2",
        gradient=r"2 c \log \left(\sum_j e^{\hat y_j}\right) \frac{e^{\hat y_k}}{\sum_j e^{\hat y_j}}",
        gradient_lipschitz=math.inf,
        lipschitz=math.inf,
        strictly_proper=False,
        proper=True,
        classification_calibrated=False,
        link="multinomial logit",
        reference="chowdhery2022",
        use="Added to the cross-entropy of logits, so that these do not drift off all together, which the "
        "cross-entropy does not see and low precision does.",
        avoid="Alone: it says nothing of the label. A large coefficient takes its share of each step, and "
        "an evaluation has no use for it.",
        claim="For K equal logits lowest at minus log K, where their exponentials sum to 1.",
    ),
}
