"""Losses below 0, and losses that do not reach it."""

from ..cause import Cause

LABELS_OUTSIDE = Cause(
    key="labels-outside",
    name="Labels outside 0 and 1 in a binary cross-entropy: 255 for a mask, −1, class indices",
    test="Print their range.",
    code="""print(y.min().item(), y.max().item())""",
    shows="Something below 0 or above 1.",
    cure="Map them to 0 and 1. More than two classes: a softmax with class indices.",
    fix="""y = (y > 0).float()  # a mask of 0 and 255""",
    elsewhere=(("Keras", 'y = keras.ops.cast(y > 0, "float32")'),),
    passage="cross_entropy#bce-loss-gives-negative-values",
)

KL_PROBABILITIES = Cause(
    key="kl-probabilities",
    name="`KLDivLoss` was given probabilities where it expects log-probabilities",
    test="Sum the exponentials of its first argument.",
    code="""print(inputs.exp().sum(dim=-1))""",
    shows="Not 1.",
    cure="The model's log-probabilities first, the target's probabilities second; and divide by "
    "the batch.",
    fix="""loss = F.kl_div(F.log_softmax(logits, dim=-1), target, reduction="batchmean")""",
    elsewhere=(
        ("JAX", "loss = optax.kl_divergence(jax.nn.log_softmax(logits), target).mean()"),
        (
            "Keras",
            "loss = keras.losses.KLDivergence()(target, keras.ops.softmax(logits))  # target first",
        ),
    ),
    passage="cross_entropy#kldivloss-is-negative-how-can-that-be",
)

NLL_PROBABILITIES = Cause(
    key="nll-probabilities",
    name="`NLLLoss` was given probabilities or logits where it expects log-probabilities",
    test="Compare it with the cross-entropy of the logits.",
    code="""print(F.nll_loss(inputs, y).item(), inputs.exp().sum(dim=-1)[:3])""",
    shows="With probabilities the loss lies between −1 and 0; the exponentials do not sum to 1.",
    cure="Use `CrossEntropyLoss` on the logits, which is both in one.",
    fix="""loss = F.cross_entropy(logits, y)""",
    passage="cross_entropy#cross-entropy-names",
)

DENSITY = Cause(
    key="density",
    name="No fault: a likelihood of numbers, whose density may exceed 1 (Gaussian, flows), or "
    "one without its constant (Poisson)",
    test="Change the unit of the target: multiply it by 1,000.",
    code="""import numpy as np
from lossbook import losses
y, variance = np.array([0.01]), np.array([1e-4])
loss = losses.GaussianNLL()
print(loss(y, np.stack([y, variance], axis=-1)))
print(loss(1e3 * y, np.stack([1e3 * y, 1e6 * variance], axis=-1)))""",
    shows="The loss moves by the log of 1,000, 6.9, and its sign with it. Zero means nothing here.",
    cure="Compare models in one unit. Put a floor under the variance, or one exact sample drives "
    "the loss to minus infinity.",
    fix="""loss = nn.GaussianNLLLoss(eps=1e-4)(mean, y, var)""",
    passage="fundamentals#less-than-nothing",
    runs="numpy",
)

TASK_WEIGHTS = Cause(
    key="task-weights",
    name="No fault: learned weights of several tasks, whose total holds logarithms",
    test="Print the losses of the tasks one by one.",
    code="""print([t.item() for t in task_losses], [s.item() for s in log_variances])""",
    shows="Each task's loss is positive and falls; only the sum with the log-variances is below 0.",
    cure="Judge each task by its own loss.",
    fix="""total = sum(0.5 * (torch.exp(-s) * t + s)
            for t, s in zip(task_losses, log_variances))""",
    passage="custom_losses#custom-negative-total",
)

SIMILARITY = Cause(
    key="similarity",
    name="No fault: a score with its sign turned: a cosine similarity, a likelihood ratio, a return",
    test="Look up its least value.",
    shows="A least value below 0, as −1 for the cosine similarity of Keras.",
    cure="Nothing. If zero should be the best, add the constant: 1 − cosine.",
    fix="""loss = (1 - F.cosine_similarity(a, b, dim=-1)).mean()""",
    elsewhere=(
        (
            "Keras",
            "loss = 1 + keras.losses.CosineSimilarity()(a, b)  # Keras returns minus the cosine",
        ),
    ),
    passage="comparisons#comparisons-negative-cosine",
)

SMOOTHING_FLOOR = Cause(
    key="smoothing-floor",
    name="Label smoothing: its floor is the entropy of the smoothed label",
    test="Compute the floor.",
    code="""import numpy as np
smoothing, classes = 0.1, 10
label = np.full(classes, smoothing / classes)
label[0] += 1 - smoothing
print(-(label * np.log(label)).sum())""",
    shows="A number near your loss: 0.50 for a smoothing of 0.1 and ten classes, 1.01 for a thousand.",
    cure="Nothing. Report the cross-entropy without smoothing beside it.",
    fix="""plain = F.cross_entropy(logits, y)  # label_smoothing=0 for the report""",
    elsewhere=(
        (
            "JAX",
            "smooth = optax.smooth_labels(jax.nn.one_hot(y, 10), 0.1)  # the same definition",
        ),
        ("Keras", "loss_fn = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)  # too"),
    ),
    passage="cross_entropy#label-smoothing-the-loss-never-reaches-0-what-is-its-least-value",
    runs="numpy",
)

SOFT_FLOOR = Cause(
    key="soft-floor",
    name="Targets that are distributions: the cross-entropy stops at their entropy",
    test="Compute the mean entropy of the targets.",
    code="""print(torch.special.entr(target).sum(dim=-1).mean().item())""",
    shows="A number near your loss.",
    cure="Subtract it, or use the Kullback-Leibler divergence: it has the same gradient, and its "
    "floor is 0.",
    fix="""loss = F.kl_div(F.log_softmax(logits, dim=-1), target, reduction="batchmean")""",
    passage="cross_entropy#the-target-is-a-whole-distribution-which-loss",
)

NOISE_FLOOR = Cause(
    key="noise-floor",
    name="The targets are noisy: the same input has different answers",
    test="Group samples with equal, or nearly equal, inputs, and look at the spread of their targets.",
    code="""import numpy as np
inputs = np.array([0, 0, 0, 0, 1, 1, 1, 1])
labels = np.array([0, 0, 0, 1, 1, 1, 1, 1])
share = np.array([labels[inputs == i].mean() for i in inputs])
p = np.where(labels == 1, share, 1 - share)
print(-np.log(p).mean())  # no function of these inputs does better""",
    shows="A loss above 0 that no model can undercut on new data.",
    cure="Compare with the best constant, not with 0. Better inputs lower the floor; training "
    "longer does not.",
    passage="significance#the-gauge",
    runs="numpy",
)

PENALTY_IN_LOSS = Cause(
    key="penalty-in-loss",
    name="A penalty or a second term is in the number that you read",
    test="Print the terms one by one.",
    code="""penalty = 1e-3 * sum(p.square().sum() for p in model.parameters())
print(loss_fn(model(x), y).item(), penalty.item())""",
    shows="The first term goes to 0, or stays above it, and the sum does not.",
    cure="Log each term. `weight_decay` of an optimizer is in no loss.",
    elsewhere=(("Keras", "print(sum(model.losses))  # the penalties of the layers"),),
    passage="optimization#l2-in-the-loss-or-weight-decay",
)

DECIBELS = Cause(
    key="decibels",
    name="A signal-to-noise ratio in decibels, with a minus (SI-SDR)",
    test="Compute the loss of the input itself, such as the mixture of two voices.",
    shows="About 0 for two voices that are equally loud; the trained network is below it.",
    cure="Nothing: it has no floor, and lower is better. Report what is gained over the input.",
    passage="significance#significance-sdr",
)
