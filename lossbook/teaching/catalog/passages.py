"""Where the book explains each loss: the one table behind the ways from the catalog to the chapters and back."""

from __future__ import annotations

__all__ = ["losses_of", "passage"]

#: the label of a section, and the losses that it explains
_PASSAGES = {
    "mse-definition": ("MeanSquaredError",),
    "mse-rivals": ("MeanAbsoluteError", "Huber", "LogCosh", "Pinball"),
    "fundamentals-constant": ("Expectile",),
    "fundamentals-sources": ("PoissonNLL",),
    "significance-forecasts": ("MeanAbsolutePercentageError",),
    "challenges-transformed": ("MeanSquaredLogarithmicError",),
    "challenges-outliers": ("Tukey",),
    "custom-dial": ("PseudoHuber", "Cauchy", "Barron"),
    "custom-spread": ("GaussianNLL",),
    "cross_entropy-definition": ("BinaryCrossEntropy", "CrossEntropy", "NLL"),
    "cross_entropy-constant": ("Brier",),
    "cross_entropy-kl": ("KLDivergence",),
    "cross_entropy-focal": ("Focal",),
    "hinge-definition": ("Hinge",),
    "hinge-roofs": (
        "SquaredHinge",
        "SmoothedHinge",
        "ModifiedHuber",
        "Logistic",
        "Perceptron",
        "Exponential",
        "ZeroOne",
    ),
    "hinge-classes": ("MulticlassHinge", "WestonWatkins"),
    "comparisons-pairs": (
        "HingeEmbedding",
        "Contrastive",
        "CosineEmbedding",
        "MarginRanking",
        "Triplet",
    ),
    "comparisons-embeddings": (
        "NTXent",
        "InfoNCE",
        "CLIP",
        "SigLIP",
        "SupervisedContrastive",
        "Circle",
        "ArcFace",
    ),
    "comparisons-rankings": ("ListNet", "PlackettLuce", "PairwiseLogistic", "LambdaRank"),
    "comparisons-preferences": ("BradleyTerry", "DPO", "IPO", "KTO"),
    "sequences-ctc": ("CTC",),
    "sequences-z-loss": ("ZLoss",),
    "distillation": ("Distillation",),
    "hinge-regression": ("EpsilonInsensitive", "SquaredEpsilonInsensitive"),
}
_BY_LOSS = {name: label for label, names in _PASSAGES.items() for name in names}


def passage(kind: type) -> str:
    """The label of the section that explains a loss.

    Parameters
    ----------
    kind : type
        A class of `losses.all_losses()`.

    Returns
    -------
    str
        A label of the book.

    Raises
    ------
    ValueError
        If no section is named for it.

    Examples
    --------
    >>> from lossbook import losses
    >>> passage(losses.Huber)
    'mse-rivals'
    """
    if kind.__name__ not in _BY_LOSS:
        raise ValueError(f"kind is {kind.__name__}; no section that explains it is named")
    return _BY_LOSS[kind.__name__]


def losses_of(label: str) -> tuple[str, ...]:
    """The losses that a section explains.

    Parameters
    ----------
    label : str
        A label of the book.

    Returns
    -------
    tuple of str
        Names of classes; empty for a section that explains none.

    Examples
    --------
    >>> losses_of("hinge-classes"), losses_of("hinge-exercises")
    (('MulticlassHinge', 'WestonWatkins'), ())
    """
    return _PASSAGES.get(label, ())
