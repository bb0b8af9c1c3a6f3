"""What the reader sees, and the causes that it may have, the first to be tried first.

Where the order of the causes comes from is said with each symptom (`Symptom.order`), and the page shows it.
Three kinds occur. *Public threads*: what is advised most often in a dozen or two that a search returned; another
search gave other numbers and the same first advice, so that no numbers are said, and threads show what is asked,
not how often it happens. *Named sources*: the order in which they list the causes. *Judgment*: the author's, the
quick tests and the faults that cost nothing to exclude first. No order rests on a survey of training runs; none
was found that counts by symptom.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..disclosures import Answer, Question
from . import causes as c
from .cause import Cause

__all__ = ["CLINIC", "Symptom"]

_JUDGMENT = "Judgment, not a count; quick tests come first where they decide."


@dataclass(frozen=True)
class Symptom:
    """The end of a path: what the symptom says by itself, and its causes.

    Parameters
    ----------
    note : str
        What is to be known before the causes.
    causes : tuple of Cause
        What it may be, the first to be tried first.
    order : str, optional
        Where the order of the causes comes from.

    Examples
    --------
    >>> Symptom("Something is wrong.", (c.RATE, c.SEEDS)).causes[0].key
    'rate'
    """

    note: str
    causes: tuple[Cause, ...]
    order: str = _JUDGMENT


NOT_A_NUMBER = Question(
    "When does it come?",
    (
        Answer(
            "first-step",
            "At the first step",
            Symptom(
                "Nothing has been learned yet: it is in the data or in the loss. A weight that "
                "is NaN stays NaN.",
                (
                    c.MISSING_INPUT,
                    c.LOG_OF_ZERO,
                    c.EMPTY_MEAN,
                    c.CTC_SHORT,
                    c.INFINITE_SLOPE,
                    c.INPUT_SCALE,
                ),
            ),
        ),
        Answer(
            "later",
            "After some steps",
            Symptom(
                "Find the first bad step, and keep its batch and the weights before it: then "
                "each test takes seconds.",
                (
                    c.RATE,
                    c.MISSING_INPUT,
                    c.LOG_OF_ZERO,
                    c.INFINITE_SLOPE,
                    c.POWER,
                    c.EMPTY_MEAN,
                    c.CTC_SHORT,
                    c.BAD_BATCH,
                ),
                "In two dozen public threads a lower rate is the advice given most often; NaN in the data, a "
                "logarithm or a root follow, and half of them find nothing. The rest is judgment.",
            ),
        ),
        Answer(
            "half",
            "Only with mixed precision",
            Symptom(
                "float32 is fine, so look at what changed: float16 ends at 65,504, and has 11 "
                "bits of precision.",
                (c.HALF_LOSS, c.HALF_OVERFLOW, c.FILTERED, c.SCALER_ORDER, c.RATE),
                "In a dozen public threads the loss in float32 is the cure found most often; the rest is "
                "judgment.",
            ),
        ),
        Answer(
            "scale",
            "The loss is fine; now and then “overflow, reducing loss scale”",
            Symptom(
                "Apex, DeepSpeed and others say it aloud; PyTorch's scaler does the same in silence.",
                (c.SCALE_SEARCH, c.SCALE_FALLS, c.SCALER_ORDER),
            ),
        ),
    ),
)

FLAT = Question(
    "Where does it stand?",
    (
        Answer(
            "log-k",
            "At log K: 0.693 for two classes, 2.303 for ten, 6.908 for a thousand",
            Symptom(
                "That is the loss of saying 1/K to everyone: it has learned nothing.",
                (
                    c.INPUT_SCALE,
                    c.DEAD_UNITS,
                    c.NO_STEP,
                    c.NO_GRADIENT,
                    c.RATE_SWEEP,
                    c.LABELS_APART,
                ),
            ),
        ),
        Answer(
            "above",
            "Somewhat below log K, and it stays: 1.5 to 1.7 for ten classes, 0.31 to 0.5 for two",
            Symptom(
                "A second softmax or sigmoid limits what it can say, and the loss stays where "
                "that limit is.",
                (c.SOFTMAX_TWICE, c.MAJORITY, c.RATE_SWEEP, c.SMALL_MODEL),
            ),
        ),
        Answer(
            "constant",
            "At a constant, in regression: about the variance of the targets",
            Symptom(
                "That is the loss of the best constant: it says the mean to everyone.",
                (
                    c.BROADCAST,
                    c.INPUT_SCALE,
                    c.OUT_OF_RANGE,
                    c.TARGET_SCALE,
                    c.DEAD_UNITS,
                    c.NO_STEP,
                    c.RATE_SWEEP,
                    c.LABELS_APART,
                ),
            ),
        ),
        Answer(
            "exact",
            "At one number, the same to the last digit",
            Symptom(
                "With other batches each time, even an untrained network gives other losses.",
                (c.NO_STEP, c.NO_GRADIENT, c.OUT_OF_RANGE, c.DEAD_UNITS),
            ),
        ),
    ),
)

SAW = Question(
    "Where do the teeth stand?",
    (
        Answer(
            "passes",
            "At the beginning or the end of each pass",
            Symptom(
                "Something begins anew there: the order, a mean, or the schedule.",
                (c.NOT_SHUFFLED, c.RUNNING_MEAN, c.SHORT_BATCH, c.SEEN_AGAIN, c.SCHEDULE),
                "Judgment. (The drop at the beginning of each pass is studied by Liu and Ma, "
                "arXiv 2410.10056.)",
            ),
        ),
        Answer(
            "anywhere",
            "Anywhere",
            Symptom(
                "With a few dozen samples, one batch differs much from the next.",
                (c.NOISY_BATCHES, c.RATE, c.BAD_BATCH),
            ),
        ),
    ),
)

NEGATIVE = Question(
    "Which loss?",
    (
        Answer(
            "binary",
            "Binary cross-entropy, or Dice",
            Symptom(
                "With labels from 0 to 1 neither binary cross-entropy nor 1 − Dice can be negative.",
                (c.LABELS_OUTSIDE, c.PENALTY_IN_LOSS),
                "In a dozen public threads labels outside 0 and 1 are the one cause found; the second is "
                "judgment.",
            ),
        ),
        Answer(
            "divergence",
            "Kullback-Leibler divergence, or NLLLoss",
            Symptom(
                "Between two distributions the divergence is never below 0.",
                (c.KL_PROBABILITIES, c.NLL_PROBABILITIES),
            ),
        ),
        Answer(
            "likelihood",
            "A likelihood, several tasks with learned weights, a similarity, or a return",
            Symptom(
                "These may be negative. The question is only whether yours should be.",
                (c.DENSITY, c.TASK_WEIGHTS, c.SIMILARITY, c.DECIBELS, c.MOVING_TARGET),
            ),
        ),
    ),
)

DIFFERS = Question(
    "From what?",
    (
        Answer(
            "framework",
            "From another framework or from the formula",
            Symptom(
                "Give both the same two or three numbers, not a model.",
                (c.LOGITS_OR_PROBABILITIES, c.REDUCTION, c.WEIGHTED_MEAN, c.CONVENTION),
            ),
        ),
        Answer(
            "mean",
            "From the mean that I compute by hand",
            Symptom(
                "First in evaluation mode, on one batch.",
                (c.STILL_TRAINING, c.BATCH_MEANS, c.WEIGHTED_MEAN, c.REDUCTION, c.PENALTY_IN_LOSS),
            ),
        ),
        Answer(
            "batch",
            "When I change the batch size, accumulate, or use more devices",
            Symptom(
                "The sum of the gradients is the same; what it is divided by is not.",
                (c.ACCUMULATION, c.BATCH_MEANS, c.REDUCTION, c.SHORT_BATCH),
            ),
        ),
        Answer(
            "run",
            "From one run to the next",
            Symptom(
                "Some difference is normal. The question is whether yours is larger.",
                (c.SEEDS, c.STILL_TRAINING, c.SMALL_SPLIT),
            ),
        ),
    ),
)

NO_GAUGE = Question(
    "Which kind of training?",
    (
        Answer(
            "gan",
            "A GAN",
            Symptom(
                "Each loss is measured against the other network, which moves.",
                (c.GAN_WON, c.GAN_BALANCE, c.VOCODER),
            ),
        ),
        Answer(
            "rl",
            "Reinforcement learning: Q-learning, policy gradients",
            Symptom(
                "The loss is made to have the right gradient; its value says little.",
                (c.MOVING_TARGET, c.ACTOR_CRITIC, c.GRPO_ZERO),
            ),
        ),
        Answer(
            "grpo",
            "GRPO: the loss is 0, or rises from 0",
            Symptom(
                "Look at the reward first: does it rise?",
                (c.GRPO_ZERO, c.SAME_REWARDS, c.NO_STEP),
                "The answered public threads give the first; TRL logs the second.",
            ),
        ),
        Answer(
            "diffusion",
            "Diffusion, flow matching: the loss is flat after the first passes",
            Symptom(
                "Samples often go on improving. Fix the noise of the evaluation first.",
                (c.NOISE_LEVELS, c.FLOW_FLOOR, c.RATE_FLOOR),
            ),
        ),
        Answer(
            "vae",
            "A VAE: the KL term falls to 0, the reconstructions are blurred; a VQ-VAE",
            Symptom(
                "Two terms share one number: log both.",
                (c.SUM_AND_MEAN, c.KL_COLLAPSE, c.CODEBOOK, c.ASKS_FOR_MEAN),
            ),
        ),
    ),
)

COMPARISONS = Question(
    "Which loss?",
    (
        Answer(
            "triplet",
            "Triplet loss, stuck at the margin",
            Symptom(
                "Exactly the margin: positives are as far as negatives, as when all points are "
                "one. With the soft margin it is log 2 = 0.693.",
                (c.COLLAPSE, c.HARDEST, c.REVERSED, c.ACTIVE_ONLY, c.NO_STEP),
                "In a dozen public threads collapse and a lower rate are the answer given most often, then the "
                "hardest negatives; the rest is judgment.",
            ),
        ),
        Answer(
            "infonce",
            "InfoNCE, NT-Xent or CLIP, stuck near the log of the batch size",
            Symptom(
                "Without knowledge each of N candidates gets 1/N.",
                (c.LOG_BATCH, c.COLLAPSE, c.RATE_SWEEP),
            ),
        ),
        Answer(
            "dpo",
            "DPO: both rewards fall, or nothing moves",
            Symptom(
                "It starts at log 2, with both rewards at 0.",
                (c.DPO_GAP, c.DPO_STRONG, c.DPO_START),
                "The answered public threads, the author's own among them, give the first; the "
                "rest is judgment.",
            ),
        ),
    ),
)

#: the first question, from which all paths lead
CLINIC = Question(
    "What do you see?",
    (
        Answer("nan", "NaN or infinity", NOT_A_NUMBER),
        Answer("flat", "The loss does not fall", FLAT),
        Answer(
            "high-start",
            "The loss starts far above log K",
            Symptom(
                "A classifier that knows nothing should cost log K before the first step. (One that comes "
                "trained on other classes may begin higher.)",
                (c.INPUT_SCALE, c.HIGH_START, c.NEW_TOKENS, c.REDUCTION),
            ),
        ),
        Answer(
            "falls-then-flat",
            "The loss falls, then stays",
            Symptom(
                "Ask first whether it has arrived: compare with the floor and with a published result.",
                (c.RATE_FLOOR, c.NOISE_FLOOR, c.SMALL_MODEL, c.SMOOTHING_FLOOR, c.FEW_SAMPLES),
            ),
        ),
        Answer(
            "one-class",
            "It says one class, or one number, to everything; masks stay empty",
            Symptom(
                "Look at the outputs, not only at the decisions: are they equal, or only on one "
                "side of the threshold?",
                (
                    c.ARGMAX_OF_ONE,
                    c.INPUT_SCALE,
                    c.DEAD_UNITS,
                    c.MAJORITY,
                    c.EVAL_MODE,
                    c.CTC_BLANKS,
                    c.RATE_SWEEP,
                ),
            ),
        ),
        Answer(
            "validation-stays",
            "The training loss falls, the validation loss does not",
            Symptom(
                "From the first pass on: suspect the data or the mode. After some passes: "
                "learned by heart.",
                (c.BY_HEART, c.PREPARED_OTHERWISE, c.EVAL_MODE, c.OTHER_SPLIT, c.LABELS_APART),
            ),
        ),
        Answer(
            "validation-below",
            "The validation loss is below the training loss",
            Symptom(
                "Often the two are not the same quantity.",
                (c.TRAINING_ONLY, c.HALF_EPOCH, c.SMALL_SPLIT, c.LEAK),
                "Named sources: a primer (aman.ai) and an article (Soleymani, Towards Data "
                "Science) list what is on in training only first, then the time at which it is "
                "measured, then the split.",
            ),
        ),
        Answer(
            "validation-rises",
            "The validation loss rises while the accuracy rises",
            Symptom(
                "Accuracy counts sides of a threshold, the loss also asks how sure.",
                (c.OVERCONFIDENT, c.FEW_SAMPLES, c.BY_HEART, c.SMALL_SPLIT),
            ),
        ),
        Answer(
            "spikes",
            "Rare spikes, and the loss comes back",
            Symptom(
                "Keep the number of the step and its batch.",
                (c.RATE, c.BAD_BATCH, c.SHORT_BATCH, c.FEW_SAMPLES),
            ),
        ),
        Answer("saw", "A saw", SAW),
        Answer(
            "jumps",
            "The loss falls, then jumps and stays high",
            Symptom(
                "Look what changed at that step: the rate, the data, the process.",
                (c.RATE, c.SCHEDULE, c.RESUMED, c.BAD_BATCH, c.DEAD_UNITS),
            ),
        ),
        Answer("negative", "The loss is negative", NEGATIVE),
        Answer(
            "floor",
            "The loss never reaches 0",
            Symptom(
                "For many losses 0 is out of reach. Learn eight samples by heart: if these reach "
                "0, the loss can.",
                (
                    c.NOISE_FLOOR,
                    c.SMOOTHING_FLOOR,
                    c.SOFT_FLOOR,
                    c.PENALTY_IN_LOSS,
                    c.SOFTMAX_TWICE,
                    c.TRAINING_ONLY,
                ),
            ),
        ),
        Answer(
            "bad-predictions",
            "The loss is fine, and predictions or samples are bad",
            Symptom(
                "First compute the loss on the very samples that look bad.",
                (
                    c.EVAL_MODE,
                    c.PREPARED_OTHERWISE,
                    c.NOT_LOADED,
                    c.EASY_MOST,
                    c.ASKS_FOR_MEAN,
                    c.OWN_OUTPUT,
                    c.SHIFT,
                    c.LEAK,
                ),
            ),
        ),
        Answer("differs", "The loss differs from another number that should be the same", DIFFERS),
        Answer(
            "metric",
            "The metric and the loss disagree",
            Symptom(
                "They need not agree. The question is which of the two you want.",
                (
                    c.THRESHOLD,
                    c.OTHER_ACCURACY,
                    c.OVERCONFIDENT,
                    c.FEW_SAMPLES,
                    c.ASKS_OTHERWISE,
                    c.BINNED,
                    c.EASY_MOST,
                ),
            ),
        ),
        Answer(
            "no-gauge",
            "The loss tells nothing: GAN, reinforcement learning, diffusion, VAE",
            NO_GAUGE,
        ),
        Answer(
            "comparisons", "Triplet, contrastive or preference loss is stuck or odd", COMPARISONS
        ),
    ),
)
