"""A loss that is fine, and predictions or metrics that are not."""

from ..cause import Cause

NOT_LOADED = Cause(
    key="not-loaded",
    name="Other weights than the trained ones: not loaded, loaded in part, or an old file",
    test="Print what does not fit, and compute the loss of a training batch that you know.",
    code="""print(model.load_state_dict(torch.load(path), strict=False))""",
    shows="Missing or unexpected keys; or a loss near log K.",
    cure="Load with `strict=True`. With `DataParallel` or `torch.compile` the names have a prefix.",
    fix="""state = {k.removeprefix("module.").removeprefix("_orig_mod."): v
         for k, v in torch.load(path).items()}
model.load_state_dict(state)""",
    passage="training#resuming",
)

EASY_MOST = Cause(
    key="easy-most",
    name="Most of the mean is easy: padding, background, the common class",
    test="Compute the loss without them, or by class.",
    code="""losses = F.cross_entropy(logits, y, reduction="none")
for c in y.unique():
    print(c.item(), (y == c).float().mean().item(), losses[y == c].mean().item())""",
    shows="One class, or the padding, with a large share and a small loss; the loss of what "
    "matters is far higher.",
    cure="Leave padding out of the mean. For rare pixels or tokens report their loss apart, and "
    "weight them if they matter more.",
    fix="""loss_fn = nn.CrossEntropyLoss(ignore_index=pad)""",
    elsewhere=(
        ("JAX", "loss = (losses * (y != pad)).sum() / jnp.maximum((y != pad).sum(), 1)"),
        (
            "Keras",
            "loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=pad)",
        ),
    ),
    passage="challenges#challenges-overlap",
)

ASKS_FOR_MEAN = Cause(
    key="asks-for-mean",
    name="The loss asks for an average, and you want one good answer: blurred images, forecasts "
    "that are flat",
    test="Compare the spread of the predictions with that of the targets.",
    code="""print(pred.std().item(), y.std().item())""",
    shows="The predictions vary far less than the targets, although eight samples can be learned by "
    "heart: squared error is least for the mean of all that may come. (If these cannot, it has not "
    "learned yet.)",
    cure="To see one possible outcome, predict a distribution and draw from it. A median "
    "(absolute error) blurs less where one "
    "outcome dominates.",
    fix="""loss = nn.GaussianNLLLoss()(mean, y, var)
sample = mean + var.sqrt() * torch.randn_like(mean)  # numbers; images need a generative model""",
    passage="mse#mse-blur",
)

OWN_OUTPUT = Cause(
    key="own-output",
    name="In use the model reads its own outputs: in training it read the true ones",
    test="Compare the loss with the true past and the error after ten steps on its own outputs.",
    shows="One step ahead is good, ten steps are not: errors feed on themselves.",
    cure="Judge by whole sequences, in the way of use. For text, also look at the temperature "
    "and cut of sampling.",
    passage="significance#four-jobs-four-questions",
)

THRESHOLD = Cause(
    key="threshold",
    name="The metric depends on a threshold, the loss does not",
    test="Compute the metric at all thresholds.",
    code="""p = torch.sigmoid(logits)
for t in (0.1, 0.2, 0.3, 0.5, 0.7):
    said = p > t
    hits = (said & (y > 0.5)).sum()
    print(t, (2 * hits / (said.sum() + (y > 0.5).sum())).item())""",
    shows="The F-score is far better at another threshold than one half.",
    cure="Choose the threshold on validation data, or from the prices of the two mistakes; "
    "report the metric on other data.",
    fix="""said = p > threshold  # chosen on validation data""",
    elsewhere=(("Keras", "metric = keras.metrics.BinaryAccuracy(threshold=0.2)"),),
    passage="significance#what-does-the-value-of-the-loss-mean-beside-the-accuracy",
)

OTHER_ACCURACY = Cause(
    key="other-accuracy",
    name="Another accuracy than you think: Keras picks one by the shapes",
    test="Compute it by hand.",
    code="""print((logits.argmax(dim=-1) == y).float().mean().item())""",
    shows="A number far from the one reported. With one-hot targets of K classes a binary "
    "accuracy counts K yes-or-no answers a "
    "sample: always no is right in (K − 1)/K.",
    cure="Name the metric: categorical for one of K, binary for each label apart.",
    elsewhere=(("Keras", 'metrics = [keras.metrics.SparseCategoricalAccuracy(name="accuracy")]'),),
    passage="cross_entropy#why-do-binary-crossentropy-and-categorical-crossentropy-report-different-accuracies",
)

ASKS_OTHERWISE = Cause(
    key="asks-otherwise",
    name="They ask for different answers: squared error for the mean, absolute error for the "
    "median, MAPE for no more than the median",
    test="Compute the metric of the best constant for each.",
    code="""import numpy as np
y = np.array([1.0, 1.0, 1.0, 1.0, 16.0])
for name, c in (("mean", y.mean()), ("median", np.median(y))):
    print(name, np.mean((y - c) ** 2), np.mean(abs(y - c)))""",
    shows="The mean wins by one, the median by the other: no single number is best by both.",
    cure="Train with the loss whose best answer is what you report, and name the forecast: mean, "
    "median, quantile.",
    fix="""loss = F.l1_loss(pred, y)  # if the median is wanted""",
    passage="fundamentals#the-best-constant",
    runs="numpy",
)

BINNED = Cause(
    key="binned",
    name="Calibration error: it depends on the bins, and with few samples it is above 0 by chance",
    test="Compute it for forecasts that are calibrated by construction, with your number of "
    "samples and bins.",
    code="""import numpy as np
from lossbook import metrics
rng = np.random.default_rng(0)
p = rng.uniform(size=200)
y = (rng.uniform(size=200) < p).astype(int)
for bins in (5, 10, 20):
    print(bins, metrics.expected_calibration_error(y, p, bins=bins))""",
    shows="A number as large as the difference that you ask about; it changes with the bins.",
    cure="After temperature scaling compare the log loss on held-out data, which is what the "
    "temperature minimizes; and check that "
    "its fit has converged.",
    passage="challenges#ece-is-worse-after-temperature-scaling",
    runs="numpy",
)

SHIFT = Cause(
    key="shift",
    name="A language model whose labels are shifted twice, or not at all",
    test="Print, for one short text, the token at each position beside the label that meets it in the loss.",
    shows="The label is the token itself (the loss is near 0, and the model repeats what it read), or the token "
    "after the next.",
    cure="Shift once: inside the model, if it does so when it is given labels, or in the data.",
    passage="sequences#sequences-shift",
)
