"""What is more than a number or a class: the paths of the guide that lead to a section of the book, with a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lossbook import losses

from . import calls
from .disclosures import Answer, Question

__all__ = ["MORE", "ORDERED", "Section"]


@dataclass(frozen=True)
class Section:
    """The end of a path that leads to a section of the book in place of a loss of the package.

    Parameters
    ----------
    name : str
        What to use.
    words : str
        What to know before it is used.
    passage : str
        The section: the page, "#" and the label or the heading's part of the address.
    lines : dict of str to str, default {}
        The framework, and the line that computes the loss there.
    losses : tuple of Loss, default ()
        The losses of the package that compute it.

    Examples
    --------
    >>> ORDERED.lines["JAX"]
    'optax.sigmoid_binary_cross_entropy(logits, y[:, None] > jnp.arange(K - 1)).mean()'
    """

    name: str
    words: str
    passage: str
    lines: Mapping[str, str] = field(default_factory=dict)
    losses: tuple[losses.AnyLoss, ...] = ()


#: of several classes that have an order
ORDERED = Section(
    "A binary cross-entropy for each step of the order",
    "With $K$ classes ask $K - 1$ questions, “more than $k$?”, a logit each; the answer is the number "
    "of yeses. Plain cross-entropy is right too, and has to learn from the data that 3 stars are "
    "near 4.",
    "cross_entropy#ordered-classes-such-as-stars-cross-entropy-or-squared-error",
    {
        "PyTorch": "F.binary_cross_entropy_with_logits(logits, (y[:, None] > torch.arange(K - 1)).float())",
        "Keras": "keras.losses.BinaryCrossentropy(from_logits=True)"
        "(y[:, None] > ops.arange(K - 1), logits)",
        "JAX": "optax.sigmoid_binary_cross_entropy(logits, y[:, None] > jnp.arange(K - 1)).mean()",
    },
)

#: of more than one prediction a sample
MORE = Question(
    "What is it?",
    (
        Answer(
            "numbers",
            "Several numbers",
            Section(
                "One loss over all of them",
                "The mean over all outputs sets prices: an error of 1 in the one is as costly as an error of 1 in "
                "the other. Divide each target by its spread, or weight the outputs.",
                "mse#several-numbers-at-once-one-loss-or-one-each",
                calls.in_frameworks(losses.MeanSquaredError()),
            ),
        ),
        Answer(
            "mask",
            "A mask: a class for each pixel",
            Section(
                "Cross-entropy and a soft Dice, added",
                "Cross-entropy pulls at each pixel that is wrong and sure, Dice counts an object by its share and "
                "not by its pixels. Here `p` is the sigmoid of the logits.",
                "challenges#challenges-overlap",
                {
                    "PyTorch": "F.binary_cross_entropy_with_logits(logits, y) "
                    "+ 1 - 2 * (p * y).sum() / (p.sum() + y.sum())",
                    "Keras": "keras.losses.BinaryCrossentropy(from_logits=True)(y, logits) + keras.losses.Dice()(y, p)",
                    "JAX": "optax.sigmoid_binary_cross_entropy(logits, y).mean() "
                    "+ 1 - 2 * (p * y).sum() / (p.sum() + y.sum())",
                },
            ),
        ),
        Answer(
            "boxes",
            "Boxes",
            Section(
                "An IoU loss that also sees boxes which do not touch",
                "GIoU takes the four sides together, at every scale; smooth L1 asks for each side, and needs "
                "sides divided by the size of the box.",
                "challenges#iou-losses-or-smooth-l1-for-boxes",
                {"PyTorch": 'torchvision.ops.generalized_box_iou_loss(pred, y, reduction="mean")'},
            ),
        ),
        Answer(
            "embeddings",
            "Embeddings: what belongs together is to be near",
            Section(
                "InfoNCE, where partners come in pairs; a triplet loss, where they come with one negative",
                "The rows of `a` and `b` are partners, of length 1; each is told from all the others of the "
                "batch.",
                "comparisons#comparisons-embeddings",
                {
                    "PyTorch": "F.cross_entropy(a @ b.T / 0.07, torch.arange(len(a)))",
                    "Keras": "keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
                    "(ops.arange(len(a)), a @ ops.transpose(b) / 0.07)",
                    "JAX": "optax.softmax_cross_entropy_with_integer_labels(a @ b.T / 0.07, jnp.arange(len(a))).mean()",
                },
                (losses.InfoNCE(), losses.Triplet()),
            ),
        ),
        Answer(
            "ranking",
            "A ranking: what is better is to come first",
            Section(
                "The logistic loss of a difference",
                "Of each pair only the difference of the two scores counts. A listwise loss looks at the top of "
                "the list; take one if only the first few are read.",
                "comparisons#comparisons-ranking",
                {
                    "PyTorch": "F.softplus(worse - better).mean()",
                    "Keras": "ops.mean(ops.softplus(worse - better))",
                    "JAX": "jax.nn.softplus(worse - better).mean()",
                },
                (losses.PairwiseLogistic(), losses.ListNet(), losses.LambdaRank()),
            ),
        ),
        Answer(
            "preferences",
            "Preferences: which of two answers people like more",
            Section(
                "The same, of two rewards; for DPO of two log-ratios, times beta",
                "In DPO `chosen` and `rejected` are how far the log-probability of an answer lies above that of "
                "the reference model. Both may fall while the loss does.",
                "comparisons#comparisons-reward",
                {
                    "PyTorch": "-F.logsigmoid(beta * (chosen - rejected)).mean()",
                    "Keras": "-ops.mean(ops.log_sigmoid(beta * (chosen - rejected)))",
                    "JAX": "-jax.nn.log_sigmoid(beta * (chosen - rejected)).mean()",
                },
                (losses.BradleyTerry(), losses.DPO(), losses.IPO(), losses.KTO()),
            ),
        ),
        Answer(
            "text",
            "A text, a token at each place",
            Section(
                "Cross-entropy over the tokens, without the padding",
                "Divide by the number of tokens that count, in the whole batch. The same label leaves out a "
                "prompt.",
                "sequences#padding-how-to-leave-positions-out-of-the-loss-with-ignore-index-and-without",
                {
                    "PyTorch": "F.cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=-100)",
                    "Keras": "keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-100)"
                    "(y, logits)",
                    "JAX": "(optax.softmax_cross_entropy_with_integer_labels(logits, jnp.maximum(y, 0)) "
                    "* (y >= 0)).sum() / (y >= 0).sum()",
                },
            ),
        ),
        Answer(
            "sequence",
            "A sequence shorter than the input, and nobody has aligned them: speech, handwriting",
            Section(
                "CTC, connectionist temporal classification",
                "The output needs as many steps as the target has letters, and one more for each letter that "
                "repeats the one before. PyTorch takes log-probabilities, Optax logits.",
                "sequences#ctc",
                {
                    "PyTorch": "F.ctc_loss(log_probs, targets, input_lengths, target_lengths)",
                    "JAX": "optax.ctc_loss(logits, logit_paddings, labels, label_paddings).mean()",
                },
                (losses.CTC(),),
            ),
        ),
        Answer(
            "time",
            "A time until something happens, and for some it has not happened yet",
            Section(
                "The negative log-likelihood of times that are censored",
                "Where the event was seen, the hazard then; everywhere, the hazard up to then. Here `seen` is 1 or "
                "0, and the network says the logarithm of a hazard that does not change; for other shapes take "
                "intervals, with a binary cross-entropy each.",
                "fundamentals#fundamentals-survival",
                {
                    "PyTorch": "(log_h.exp() * t - seen * log_h).mean()",
                    "Keras": "ops.mean(ops.exp(log_h) * t - seen * log_h)",
                    "JAX": "(jnp.exp(log_h) * t - seen * log_h).mean()",
                },
            ),
        ),
        Answer(
            "amount",
            "An amount that is often 0 and never negative: claims, sales, rain",
            Section(
                "Tweedie's loss",
                "Its answer is the mean. With `p` between 1 and 2 it takes many zeros for granted, and the network "
                "says the logarithm.",
                "fundamentals#fundamentals-tweedie",
                {
                    "PyTorch": "(((2 - p) * z).exp() / (2 - p) - y * ((1 - p) * z).exp() / (1 - p)).mean()",
                    "Keras": "ops.mean(ops.exp((2 - p) * z) / (2 - p) - y * ops.exp((1 - p) * z) / (1 - p))",
                    "JAX": "(jnp.exp((2 - p) * z) / (2 - p) - y * jnp.exp((1 - p) * z) / (1 - p)).mean()",
                },
            ),
        ),
        Answer(
            "samples",
            "New images or sounds, or actions for a reward",
            Section(
                "A loss that is no gauge",
                "Of a GAN, a VAE, a diffusion model or an agent the value of the loss says little. The section "
                "has what to look at instead.",
                "significance#significance-no-gauge",
            ),
        ),
    ),
)
