"""What is said of the losses of a batch of embeddings, one anchor at a time."""

from __future__ import annotations

import math
from functools import partial

from .entry import Entry, Peer

__all__ = ["ENTRIES"]

_entry = partial(
    Entry,
    task="embeddings",
    best_constant=None,
    noise=None,
    convex=False,
    strictly_convex=False,
    smooth=True,
    gradient_lipschitz=math.inf,
    lipschitz=math.inf,
    bounded=True,
    symmetric=None,
    strictly_proper=None,
    proper=None,
    classification_calibrated=None,
    link=None,
)

_SETS = (
    "for an anchor with the cosines $c_k$ to the other rows, of which those in $P$ have its label "
    "and those in $N$ another one; the gradient is with respect to the cosines"
)
_OWN = (
    "for a query with the cosines $c_k$ to all keys, of which $y$ is its own; the gradient is with "
    "respect to the cosines"
)
_ROWS = (
    "for an image with the cosines $c_k$ to all texts, of which $y$ is its own{}; the gradient is "
    "with respect to the cosines"
)
_SOFTMAX = r"\quad p_k = \frac{e^{t c_k}}{\sum_j e^{t c_j}}"
_CIRCLE = (
    r", \quad a_k = e^{\gamma (d_k^2 - m^2)},"
    r" \quad b_k = e^{\gamma \max(0, 1 + m - d_k) (1 - m - d_k)},"
    r" \quad A = \sum_{p \in P} a_p, \quad B = \sum_{n \in N} b_n"
)

#: by the name of the class
ENTRIES = {
    "NTXent": _entry(
        name="NT-Xent",
        formula=r"\frac{1}{|P|} \sum_{p \in P} \log\left(1 + \sum_{k \in N} e^{(c_k - c_p) / T}\right)",
        gradient=r"\begin{cases} -\frac{1}{T |P|} \frac{S}{e^{c_k / T} + S} & k \in P \\"
        r" \frac{1}{T |P|} \sum_{p \in P} \frac{e^{c_k / T}}{e^{c_p / T} + S} & k \in N"
        r" \end{cases}, \quad S = \sum_{j \in N} e^{c_j / T}",
        where=_SETS,
        reference="chen2020",
        use="Two views of each thing are all the labels there are: the rest of the batch are the negatives.",
        avoid="The batch is small, or holds many of a kind: what is alike is then pushed apart as a false negative.",
        claim="At a right angle a positive looks like each of the six negatives: log 7, at every temperature. "
        "The colder, the steeper.",
        peers=(
            Peer(
                "optax",
                "ntxent",
                {"temperature": 0.07},
                "The mean over all pairs, as ours; arguments in the other order. NaN if there is no pair.",
            ),
        ),
    ),
    "InfoNCE": _entry(
        name="InfoNCE",
        formula=r"\log\left(1 + \sum_{k \ne y} e^{(c_k - c_y) / T}\right)",
        gradient=r"\frac{p_k - [k = y]}{T}, \quad p_k = \frac{e^{c_k / T}}{\sum_j e^{c_j / T}}",
        where=_OWN,
        reference="oord2018",
        use="Pairs come from two sources, as a question and its passage, and one is to find the other.",
        avoid="The keys are few: it cannot tell more than their number, and begins near its logarithm.",
        beyond=(("sentence-transformers", "MultipleNegativesRankingLoss"),),
        claim="Where nothing is told apart it costs the logarithm of the number of keys, here log 4, at every "
        "temperature.",
    ),
    "CLIP": _entry(
        name="CLIP loss",
        formula=r"\frac{A + B}{2}, \quad A = \log\left(1 + \sum_{k \ne y} e^{t (c_k - c_y)}\right),"
        r" \quad B = \log\left(1 + \sum_{k \ne y} e^{t (c'_k - c'_y)}\right)",
        gradient=r"\begin{cases} \frac{t}{2} p_k & k \ne y \\ \frac{t}{2} (p_k + p'_k) - t & k = y"
        rf" \end{{cases}}, {_SOFTMAX}, \quad p'_k = \frac{{e^{{t c'_k}}}}{{\sum_j e^{{t c'_j}}}}",
        where=_ROWS.format(", and $c'_k$ those of this text to all images"),
        reference="radford2021",
        use="Both sides are to find each other, and the temperature is learned: give the scale as an argument.",
        avoid="The batch is cut over many devices: each softmax needs all of it. SigLIP has no softmax.",
        beyond=(("OpenCLIP", "ClipLoss"),),
        claim="At a right angle to all texts an image costs log n: a larger batch asks a harder question.",
    ),
    "SigLIP": _entry(
        name="SigLIP loss",
        formula=r"\sum_k \log(1 + e^{-z_k (t c_k + b)}), \quad z_k = 2 [k = y] - 1",
        gradient=r"\frac{-t z_k}{1 + e^{z_k (t c_k + b)}}, \quad z_k = 2 [k = y] - 1",
        where=_ROWS.format(""),
        reference="zhai2023",
        use="As CLIP, with small or very large batches: each pair is a yes or no of its own.",
        avoid="You compare losses between batch sizes: that of a row grows with the batch.",
        beyond=(("OpenCLIP", "SigLipLoss"),),
        claim="Each pair is judged alone, by a logistic loss; the bias says where its doubt begins.",
    ),
    "SupervisedContrastive": _entry(
        name="Supervised contrastive loss",
        formula=r"\frac{1}{|P|} \sum_{p \in P} \log\left(\sum_{k \in A} e^{(c_k - c_p) / T}\right)",
        gradient=r"\frac{e^{c_k / T}}{T S} - \frac{[k \in P]}{T |P|},"
        r" \quad S = \sum_{j \in A} e^{c_j / T}",
        where=_SETS.replace("those in $N$ another one", "$A$ are all"),
        reference="khosla2020",
        use="There are labels, and you want an embedding first and a classifier of it later.",
        avoid="You read the value: its least is log of the number of positives, not 0.",
        beyond=(("pytorch-metric-learning", "SupConLoss"),),
        claim="However far the classes draw apart, the loss stays above the logarithm of the number of positives.",
    ),
    "Circle": _entry(
        name="Circle loss",
        formula=rf"\log(1 + A B){_CIRCLE}",
        gradient=r"\begin{cases} 2 \gamma d_k \frac{a_k B}{1 + A B} & k \in P \\"
        r" -2 \gamma (1 - d_k) [d_k < 1 + m] \frac{b_k A}{1 + A B} & k \in N \end{cases}" + _CIRCLE,
        where="for an anchor with the distances $d_k = 1 - c_k$ to the other rows, $c_k$ their cosines, of "
        "which those in $P$ have its label and those in $N$ another one; the gradient is with respect to "
        "the distances, and through the weights, which the paper holds fixed",
        smooth=lambda loss: loss.margin == 0.0,
        reference="sun2020",
        use="Some pairs of a label are far apart and others close: each is pulled by as much as it needs.",
        avoid="You want few hyperparameters: scale and margin both bend the shape.",
        claim="The pull grows with the distance and fades within the margin: what is close is left alone.",
        peers=(
            Peer(
                "Keras",
                "Circle",
                {"gamma": 80.0, "margin": 0.4, "remove_diagonal": True},
                "Expects embeddings of length 1 and does not divide by it. The mean is over losses above 0.",
            ),
        ),
    ),
    "ArcFace": _entry(
        name="ArcFace",
        formula=r"\log\left(1 + \sum_{k \ne y} e^{t (\cos(\theta_k) - \cos(\theta_y + m))}\right)",
        gradient=r"t ([k = y] - p_k) \sin(\theta_k + m [k = y]), \quad z_k = t \cos(\theta_k + m [k = y]),"
        r" \quad p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}",
        where="for an embedding with the angles $\\theta_k$ to the centers of the classes, of which $y$ is its "
        "own; the gradient is with respect to the angles",
        smooth=lambda loss: loss.margin == 0.0,
        reference="deng2019",
        use="Many classes with few samples each, and new classes later: faces.",
        avoid="Labels are wrong or embeddings still random: the margin asks most of those that are furthest off.",
        beyond=(("pytorch-metric-learning", "ArcFaceLoss"),),
        claim="The margin moves the curve: an angle costs what one wider by the margin would cost without it.",
    ),
}
