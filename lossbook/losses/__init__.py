"""Losses with values, gradients, second derivatives and facts, right to the last digits.

Each family is a module: of numbers `regression`, `quantile` and `robust`; of classes `binary`, `multiclass`
and `margin`; of distributions `likelihood`; of comparisons `pairs`, `embeddings`, `ranking` and
`preference`; of text and speech `sequences`. `base` has what a loss of a truth and a prediction is,
`several` what one of other arguments is, and `entries` what is said of each.
"""

from lossbook.losses.arithmetic import AnyLoss
from lossbook.losses.base import Combination, Loss
from lossbook.losses.binary import BinaryCrossEntropy, Brier, Focal
from lossbook.losses.embeddings import (
    CLIP,
    ArcFace,
    Circle,
    InfoNCE,
    NTXent,
    SigLIP,
    SupervisedContrastive,
)
from lossbook.losses.entries import Facts, Noise
from lossbook.losses.likelihood import GaussianNLL, PoissonNLL
from lossbook.losses.margin import (
    Exponential,
    Hinge,
    Logistic,
    ModifiedHuber,
    Perceptron,
    SmoothedHinge,
    SquaredHinge,
    ZeroOne,
)
from lossbook.losses.multiclass import (
    NLL,
    CrossEntropy,
    Distillation,
    KLDivergence,
    MulticlassHinge,
    WestonWatkins,
)
from lossbook.losses.pairs import (
    Contrastive,
    CosineEmbedding,
    HingeEmbedding,
    MarginRanking,
    Triplet,
)
from lossbook.losses.preference import DPO, IPO, KTO, BradleyTerry
from lossbook.losses.quantile import Expectile, Pinball
from lossbook.losses.ranking import LambdaRank, ListNet, PairwiseLogistic, PlackettLuce
from lossbook.losses.regression import (
    EpsilonInsensitive,
    Huber,
    LogCosh,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    SquaredEpsilonInsensitive,
)
from lossbook.losses.robust import Barron, Cauchy, PseudoHuber, Tukey
from lossbook.losses.sequences import CTC, ZLoss
from lossbook.losses.several import BatchLoss, SeveralLoss
from lossbook.losses.weights import class_weights

_ALL = (  # in the order of the catalog
    MeanSquaredError, MeanAbsoluteError, Huber, LogCosh, Pinball, Expectile, EpsilonInsensitive,
    SquaredEpsilonInsensitive, MeanSquaredLogarithmicError, MeanAbsolutePercentageError,
    PseudoHuber, Cauchy, Tukey, Barron,
    BinaryCrossEntropy, CrossEntropy, NLL, KLDivergence, Distillation, Focal, Brier,
    Hinge, SquaredHinge, SmoothedHinge, ModifiedHuber, Logistic, Perceptron, Exponential, ZeroOne,
    MulticlassHinge, WestonWatkins, PoissonNLL, GaussianNLL,
    HingeEmbedding, Contrastive, CosineEmbedding, MarginRanking, Triplet,
    NTXent, InfoNCE, CLIP, SigLIP, SupervisedContrastive, Circle, ArcFace,
    ListNet, PlackettLuce, PairwiseLogistic, LambdaRank, BradleyTerry, DPO, IPO, KTO,
    CTC, ZLoss,
)  # fmt: skip


def all_losses() -> tuple[type[AnyLoss], ...]:
    """Every loss class of the package; each can be made without arguments.

    Returns
    -------
    tuple of type
        In the order of the catalog.

    Examples
    --------
    >>> all_losses()[0]()
    MeanSquaredError()
    """
    return _ALL


__all__ = ["AnyLoss", "BatchLoss", "Combination", "Facts", "Loss", "Noise", "SeveralLoss"]
__all__ += ["all_losses", "class_weights"]
__all__ += [loss.__name__ for loss in _ALL]
