"""Two numbers that should be one."""

from ..cause import Cause

REDUCTION = Cause(
    key="reduction",
    name="Sum or mean, and over what: samples, classes, pixels, tokens",
    test="Take the losses without reduction, and sum them yourself.",
    code="""losses = F.mse_loss(pred, y, reduction="none")
print(tuple(losses.shape), losses.sum().item(), losses.mean().item(),
      losses.reshape(len(losses), -1).sum(1).mean().item())""",
    shows="One of the three is the number of the other side; they differ by a count.",
    cure="Write the reduction out. A sum grows with the batch, and the right learning rate "
    "shrinks with it.",
    fix="""losses = F.mse_loss(pred, y, reduction="none")
loss = losses.reshape(len(losses), -1).sum(1).mean()""",
    elsewhere=(
        (
            "JAX",
            "losses = optax.squared_error(pred, y)  # optax reduces nothing, or the last axis only",
        ),
        ("Keras", "loss_fn = keras.losses.MeanSquaredError(reduction=None)"),
    ),
    passage="optimization#reduce-by-sum-or-by-mean-sum-or-average-the-gradients-of-a-mini-batch",
)

LOGITS_OR_PROBABILITIES = Cause(
    key="logits-or-probabilities",
    name="One side takes logits, the other probabilities",
    test="Give both the probability of a known case: 0.8 for the truth must cost 0.223.",
    code="""p = torch.tensor([0.8])
one = torch.ones(1)
print(F.binary_cross_entropy(p, one).item(),
      F.binary_cross_entropy_with_logits(torch.logit(p), one).item(),
      F.binary_cross_entropy_with_logits(p, one).item())""",
    shows="0.223 twice, and 0.371 where a probability was taken for a logit.",
    cure="PyTorch's `CrossEntropyLoss` and optax take logits; Keras takes probabilities unless "
    "told otherwise.",
    fix="""loss = F.binary_cross_entropy_with_logits(logits, y)""",
    elsewhere=(
        ("JAX", "loss = optax.sigmoid_binary_cross_entropy(logits, y).mean()"),
        ("Keras", "loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)"),
    ),
    passage="cross_entropy#cross-entropy-names",
)

WEIGHTED_MEAN = Cause(
    key="weighted-mean",
    name="Weights: one side divides by their sum, the other by the number of samples",
    test="Compute both.",
    code="""losses = F.cross_entropy(logits, y, reduction="none")
w = weight[y]
print((w * losses).sum().item() / w.sum().item(),
      (w * losses).mean().item(),
      F.cross_entropy(logits, y, weight=weight).item())""",
    shows="PyTorch's `CrossEntropyLoss` gives the first; `BCEWithLogitsLoss` and Keras give the "
    "second.",
    cure="Sum and divide yourself, the same on both sides.",
    fix="""loss = (w * losses).sum() / w.sum()""",
    elsewhere=(
        ("JAX", "loss = (w * losses).sum() / w.sum()"),
        (
            "Keras",
            'loss_fn = keras.losses.SparseCategoricalCrossentropy(reduction="mean_with_sample_weight")',
        ),
    ),
    passage="cross_entropy#cross-entropy-weights",
)

BATCH_MEANS = Cause(
    key="batch-means",
    name="The mean of the batches' means: unequal batches, masks, or a root in between",
    test="Sum over everything and divide once.",
    code="""import numpy as np
batches = [np.array([1.0, 1.0, 1.0]), np.array([4.0])]
print(np.mean([b.mean() for b in batches]), np.concatenate(batches).mean())""",
    shows="Two numbers: here 2.5, and 1.75. The single sample of the last batch has counted "
    "three times.",
    cure="Keep the sum and the count, of samples or of tokens that count; roots and logarithms "
    "at the end.",
    fix="""total += loss.item() * len(y)
count += len(y)
mean = total / count""",
    passage="training#masks-and-means",
    runs="numpy",
)

CONVENTION = Cause(
    key="convention",
    name="Another convention: a factor of one half, the base of the logarithm, a delta, which "
    "argument comes first",
    test="One sample with an error of 2 in both.",
    code="""a, b = torch.tensor([2.0]), torch.tensor([0.0])
print(F.mse_loss(a, b).item(), F.huber_loss(a, b).item(),
      F.smooth_l1_loss(a, b, beta=0.5).item())""",
    shows="A ratio of 2 (one half), 1.44 (bits for nats), or δ. With β other than 1, "
    "`smooth_l1_loss` is Huber's loss divided by β.",
    cure="The tables of the catalog give each loss's name and definition elsewhere.",
    elsewhere=(
        ("JAX", "loss = optax.l2_loss(pred, y)  # half of squared_error"),
        ("Keras", "loss_fn(y_true, y_pred)  # PyTorch and optax: prediction first"),
    ),
    passage="catalog_regression#catalog-mean-squared-error",
)

STILL_TRAINING = Cause(
    key="still-training",
    name="The two were computed in different modes, or with the weights of different steps",
    test="Compute the loss twice on one batch, without a step.",
    code="""with torch.no_grad():
    print(model.training, loss_fn(model(x), y).item(), loss_fn(model(x), y).item())""",
    shows="True, and with dropout two different numbers. (Batch normalization gives the same one twice, "
    "in the wrong mode too.) If it is False and they agree, compare with what was logged before the step.",
    cure="`model.eval()`; and log before or after the step, not both.",
    fix="""model.eval()""",
    passage="training#two-curves",
)

ACCUMULATION = Cause(
    key="accumulation",
    name="Accumulated micro-batches or several devices: each divides by its own count",
    test="Compare the accumulated gradient with that of the whole batch, in float64, without dropout.",
    code="""import copy
net = copy.deepcopy(model).double().eval()
v, t = (a.double() if a.is_floating_point() else a for a in (x, y))
loss_fn(net(v), t).backward()
whole = [p.grad.clone() for p in net.parameters()]
net.zero_grad()
parts = torch.arange(len(y)).chunk(4)  # cut it as you do
for part in parts:
    (loss_fn(net(v[part]), t[part]) / len(parts)).backward()
print([len(part) for part in parts],
      max((p.grad - g).abs().max().item() for p, g in zip(net.parameters(), whole)))""",
    shows="More than rounding errors, about 1e-15: the parts have different counts of samples or "
    "of tokens. (Much more, by a factor: a sum, or no division by the number of parts.)",
    cure="Sum in each part, and divide by the count of the whole batch. (Batch normalization "
    "cannot be accumulated so.)",
    fix="""count = sum((y[part] != -100).sum() for part in parts)
for part in parts:
    loss = F.cross_entropy(model(x[part]), y[part], reduction="sum") / count
    loss.backward()
optimizer.step()""",
    elsewhere=(
        (
            "JAX",
            "optax.MultiSteps(optax.adam(1e-3), every_k_schedule=4)  # averages the gradients",
        ),
        (
            "Keras",
            "keras.optimizers.Adam(1e-3, gradient_accumulation_steps=4)  # averages the gradients",
        ),
    ),
    passage="training#accumulation",
)

SEEDS = Cause(
    key="seeds",
    name="Chance: other first weights, another order, another split",
    test="Train three times with other seeds, everything else the same.",
    code="""torch.manual_seed(1)""",
    shows="The three differ as much as the two that you compare.",
    cure="Report the mean and the spread over seeds; compare two models on the same seeds and "
    "the same split.",
    elsewhere=(("Keras", "keras.utils.set_random_seed(1)"),),
    passage="significance#luck",
)
