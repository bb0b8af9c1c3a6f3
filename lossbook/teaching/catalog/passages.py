"""Where the book explains each loss: the one table behind the ways from the catalog to the chapters and back."""

from __future__ import annotations

__all__ = ["PAGES", "chapter", "losses_of", "page", "passage"]

#: the modules of losses on each page of the catalog; within it, the order of `losses.all_losses()`
PAGES = {
    "regression": ("regression", "quantile", "robust"),
    "classes": ("binary", "multiclass", "sequences"),
    "margins": ("margin", "likelihood"),
    "comparisons": ("pairs", "embeddings", "ranking", "preference"),
}

#: the page of a chapter, the labels of its sections, and the losses that each explains
_PASSAGES = {
    "mse": {
        "mse-definition": ("MeanSquaredError",),
        "mse-rivals": ("MeanAbsoluteError", "Huber", "LogCosh", "Pinball"),
    },
    "fundamentals": {
        "fundamentals-constant": ("Expectile",),
        "fundamentals-sources": ("PoissonNLL",),
    },
    "significance": {
        "significance-forecasts": ("MeanAbsolutePercentageError",),
    },
    "challenges": {
        "challenges-transformed": ("MeanSquaredLogarithmicError",),
        "challenges-outliers": ("Tukey",),
    },
    "custom_losses": {
        "custom-dial": ("PseudoHuber", "Cauchy", "Barron"),
        "custom-spread": ("GaussianNLL",),
    },
    "cross_entropy": {
        "cross_entropy-definition": ("BinaryCrossEntropy", "CrossEntropy", "NLL"),
        "cross_entropy-constant": ("Brier",),
        "cross_entropy-kl": ("KLDivergence",),
        "cross_entropy-focal": ("Focal",),
    },
    "hinge": {
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
        "hinge-regression": ("EpsilonInsensitive", "SquaredEpsilonInsensitive"),
    },
    "comparisons": {
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
    },
    "sequences": {
        "sequences-ctc": ("CTC",),
        "sequences-z-loss": ("ZLoss",),
        "distillation": ("Distillation",),
    },
}
_LOSSES = {label: names for sections in _PASSAGES.values() for label, names in sections.items()}
_BY_LOSS = {name: label for label, names in _LOSSES.items() for name in names}
_CHAPTERS = {label: page for page, sections in _PASSAGES.items() for label in sections}


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


def chapter(kind: type) -> str:
    """The chapter that explains a loss.

    Parameters
    ----------
    kind : type
        A class of `losses.all_losses()`.

    Returns
    -------
    str
        The name of its page.

    Raises
    ------
    ValueError
        If no section is named for it.

    Examples
    --------
    >>> from lossbook import losses
    >>> chapter(losses.ZLoss)
    'sequences'
    """
    return _CHAPTERS[passage(kind)]


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
    return _LOSSES.get(label, ())


def page(kind: type) -> str:
    """The page of the catalog that has the entry of a loss.

    Parameters
    ----------
    kind : type
        The class of the loss.

    Returns
    -------
    str
        The end of the page's address.

    Raises
    ------
    ValueError
        If the catalog has no entry of it.

    Examples
    --------
    >>> from lossbook import losses
    >>> page(losses.Huber)
    'catalog_regression.html'
    """
    module = kind.__module__.rpartition(".")[2]
    for name, modules in PAGES.items():
        if module in modules:
            return f"catalog_{name}.html"
    raise ValueError(f"kind is {kind!r}; expected a loss of `losses.all_losses()`")
