"""What makes training misbehave: each cause with a test of a minute, what it shows, the cure, and where the book explains it.

In the code, `model`, `loss_fn`, `optimizer`, `loader` and a batch `x, y` are the reader's; `tests/teaching`
makes every fault on purpose, runs the test on it, and compares what it prints with what is said here.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Cause"]


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Something that may be wrong, and how to tell.

    Parameters
    ----------
    key : str
        Its part of the page's address.
    name : str
        What may be wrong.
    test : str
        What to do to find out, in about a minute.
    code : str, default ""
        The test as code.
    shows : str
        What the test shows if this is the cause.
    cure : str
        What to do then.
    fix : str, default ""
        The cure as code.
    elsewhere : tuple of (str, str), default ()
        Where JAX or Keras differ: the framework, and its code.
    passage : str
        Where the book explains it: the page, "#" and the label or the heading's part of the address.
    runs : {"torch", "numpy"}, default "torch"
        What the code needs.

    Examples
    --------
    >>> SMOOTHING_FLOOR.key, SMOOTHING_FLOOR.runs
    ('smoothing-floor', 'numpy')
    """

    key: str
    name: str
    test: str
    code: str = ""
    shows: str
    cure: str
    fix: str = ""
    elsewhere: tuple[tuple[str, str], ...] = ()
    passage: str
    runs: str = "torch"


# -- not a number ------------------------------------------------------------------------------------------

RATE = Cause(
    key="rate",
    name="The learning rate is too high",
    test="Train the same steps at a tenth of the rate.",
    code="""for group in optimizer.param_groups:
    group["lr"] /= 10""",
    shows="The trouble comes much later, or not at all.",
    cure="Keep the lower rate, or warm up to the old one over the first steps. Against rare long steps, clip "
    "the gradient between `backward()` and `step()`.",
    fix="""loss.backward()
torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
optimizer.step()""",
    elsewhere=(
        ("JAX", "optax.chain(optax.clip_by_global_norm(1.0), optax.adam(1e-3))"),
        ("Keras", "keras.optimizers.Adam(1e-3, global_clipnorm=1.0)"),
    ),
    passage="optimization#how-long-a-step-may-be",
)

MISSING_INPUT = Cause(
    key="missing-values",
    name="NaN or infinity in the data",
    test="Look at every batch once, without training.",
    code="""for i, (x, y) in enumerate(loader):
    if not (torch.isfinite(x).all() and torch.isfinite(y).all()):
        print("batch", i)""",
    shows="It prints the number of a batch.",
    cure="Drop or fill these samples. Targets that are missing: put a number in their place, and leave them out "
    "of the mean. (A NaN times a mask of zero is still NaN.)",
    fix="""known = torch.isfinite(y)
error = model(x) - torch.where(known, y, 0.0)
loss = (error.square() * known).sum() / known.sum().clamp(min=1)""",
    elsewhere=(
        ("JAX", "print(jnp.isfinite(x).all(), jnp.isfinite(y).all())"),
        ("Keras", "print(keras.ops.all(keras.ops.isfinite(x)))"),
    ),
    passage="training#masks-and-means",
)

LOG_OF_ZERO = Cause(
    key="log-of-zero",
    name="A logarithm of 0, or an exp that overflows, in a loss written by hand",
    test="Run one bad batch with anomaly detection, which names the operation. It is slow: for this run only.",
    code="""with torch.autograd.detect_anomaly():
    loss_fn(model(x), y).backward()""",
    shows="It raises RuntimeError, and the message names a function such as LogBackward0 or ExpBackward0.",
    cure="Give logits to a loss that takes logits: it has the sigmoid or softmax inside, where nothing overflows.",
    fix="""loss = F.binary_cross_entropy_with_logits(logits, y)  # no sigmoid before it""",
    elsewhere=(
        ("JAX", "loss = optax.sigmoid_binary_cross_entropy(logits, y).mean()"),
        ("JAX, to find it", 'jax.config.update("jax_debug_nans", True)'),
        ("Keras", "loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)"),
    ),
    passage="training#nan-and-infinity",
)

INFINITE_SLOPE = Cause(
    key="infinite-slope",
    name="The loss is finite and its gradient is not: a root or a norm at 0, a `where` whose other branch overflows",
    test="At the last step with a finite loss, look at the gradients before you step.",
    code="""loss = loss_fn(model(x), y)
loss.backward()
bad = [name for name, p in model.named_parameters()
       if p.grad is not None and not torch.isfinite(p.grad).all()]
print(loss.item(), bad)""",
    shows="A finite loss, and a list of parameters that is not empty.",
    cure="Keep the argument away from the bad place before the operation, not after it: the branch that is "
    "not taken is differentiated too.",
    fix="""safe = torch.where(s > 0, s, 1.0)
root = torch.where(s > 0, safe.sqrt(), 0.0)""",
    elsewhere=(
        ("JAX", "root = jnp.where(s > 0, jnp.sqrt(jnp.where(s > 0, s, 1.0)), 0.0)"),
        ("Keras", "root = keras.ops.sqrt(keras.ops.maximum(s, 1e-12))"),
    ),
    passage="custom_losses#custom-mistakes",
)

EMPTY_MEAN = Cause(
    key="empty-mean",
    name="A mean over nothing: a mask with nothing left, or every label ignored",
    test="Count what is left in the batch.",
    code="""kept = y != -100  # the index that your loss ignores
print(kept.sum().item())""",
    shows="It prints 0 for the batch whose loss is NaN.",
    cure="Sum, and divide by the count, but by no less than 1.",
    fix="""total = F.cross_entropy(logits, y, ignore_index=-100, reduction="sum")
loss = total / kept.sum().clamp(min=1)""",
    elsewhere=(
        ("JAX", "loss = (losses * kept).sum() / jnp.maximum(kept.sum(), 1)"),
        (
            "Keras",
            "loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-100)",
        ),
    ),
    passage="training#masks-and-means",
)

HALF_OVERFLOW = Cause(
    key="half-overflow",
    name="A number above 65,504, the largest that float16 holds",
    test="Run the bad batch with autocast off, in float32.",
    code="""with torch.no_grad(), torch.autocast(x.device.type, enabled=False):
    print(loss_fn(model.float()(x.float()), y).item())""",
    shows="A finite loss, where autocast gave NaN or infinity.",
    cure="Use bfloat16, which has the range of float32 and needs no loss scaling, if your device has it. Otherwise keep "
    "the layer that overflows in float32.",
    fix="""with torch.autocast(x.device.type, dtype=torch.bfloat16):
    loss = loss_fn(model(x), y)""",
    elsewhere=(
        ("JAX", "logits = logits.astype(jnp.float32)"),
        ("Keras", 'keras.mixed_precision.set_global_policy("mixed_bfloat16")'),
    ),
    passage="training#half-precision",
)

HALF_LOSS = Cause(
    key="half-loss",
    name="The loss itself is computed in half precision, where a guard such as 1e-8 is 0",
    test="Print the type of what goes into the loss, and your guard in that type.",
    code="""print(logits.dtype, torch.tensor(1e-8, dtype=logits.dtype).item())""",
    shows="torch.float16, and 0.0: the smallest number above 0 that float16 holds is 6e-8.",
    cure="Compute the loss in float32. Within autocast PyTorch does so for its own losses, such as `F.cross_entropy`; a loss "
    "written by hand, or computed with autocast off on half-precision outputs, needs the cast.",
    fix="""loss = loss_fn(logits.float(), y)""",
    elsewhere=(
        (
            "JAX",
            "loss = optax.softmax_cross_entropy_with_integer_labels(logits.astype(jnp.float32), y).mean()",
        ),
        ("Keras", 'outputs = keras.layers.Dense(10, dtype="float32")(features)'),
    ),
    passage="training#half-precision",
)

SCALER_ORDER = Cause(
    key="scaler-order",
    name="The scaler is bypassed: the gradient clipped before it is unscaled, or the optimizer stepped twice",
    test="Read the loop: exactly one `scaler.step(optimizer)` for each backward, no `optimizer.step()` beside it, and "
    "`unscale_` before anything that looks at the gradient.",
    shows="A line is missing, doubled, or in another place than below.",
    cure="Restore the order.",
    fix="""scaler.scale(loss).backward()
scaler.unscale_(optimizer)  # now the gradients have their true size
torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
scaler.step(optimizer)  # skips the step if a gradient is not finite
scaler.update()
optimizer.zero_grad()""",
    passage="training#half-precision",
)

SCALE_SEARCH = Cause(
    key="scale-search",
    name="No fault: the scaler is looking for the largest scale that does not overflow",
    test="Count the skipped steps.",
    code="""before = scaler.get_scale()
scaler.step(optimizer)
scaler.update()
skipped = scaler.get_scale() < before
print(skipped, scaler.get_scale())""",
    shows="A few skipped steps at the start, later one now and then: the scaler of PyTorch starts at 65,536, halves its "
    "scale at an overflow, and doubles it after 2,000 steps without one.",
    cure="Nothing. Only do not step a schedule of the rate on a skipped step.",
    fix="""if not skipped:
    scheduler.step()""",
    passage="training#half-precision",
)

SCALE_FALLS = Cause(
    key="scale-falls",
    name="The gradients are really NaN or infinite: then no scale is small enough",
    test="Watch the scale over a hundred steps.",
    code="""print(scaler.get_scale())""",
    shows="It keeps falling, far below 1, and the weights stand still: every step is skipped.",
    cure="Switch the scaler and autocast off, and look for the NaN in float32. Start with the data, then the rate.",
    fix="""scaler = torch.amp.GradScaler(x.device.type, enabled=False)""",
    passage="training#nan-and-infinity",
)

# -- no progress -------------------------------------------------------------------------------------------

NO_STEP = Cause(
    key="no-step",
    name="The weights do not move: another model's parameters in the optimizer, frozen layers, no step",
    test="Compare the weights before and after one step.",
    code="""before = [p.detach().clone() for p in model.parameters()]
optimizer.zero_grad()
loss_fn(model(x), y).backward()
optimizer.step()
print([(p - q).abs().max().item()
       for p, q in zip(model.parameters(), before)])""",
    shows="Zeros, for all layers or for those that should learn.",
    cure="Build the optimizer after the last change to the model, from this model's parameters.",
    fix="""for p in model.parameters():
    p.requires_grad_(True)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)""",
    elsewhere=(
        ("JAX", "params = optax.apply_updates(params, updates)  # keep what it returns"),
        ("Keras", "model.trainable = True  # and compile again after it"),
    ),
    passage="training#whole-loop",
)

NO_GRADIENT = Cause(
    key="no-gradient",
    name="No gradient arrives: a `detach()`, an `argmax` or a NumPy array in between, or saturated layers",
    test="Print the size of the gradient, layer by layer, after one backward.",
    code="""optimizer.zero_grad()
loss_fn(model(x), y).backward()
for name, p in model.named_parameters():
    print(name, None if p.grad is None else p.grad.norm().item())""",
    shows="None: the layer is cut off from the loss. Zero, or less by a factor of thousands toward the input: the gradient "
    "dies on the way.",
    cure="None: find the operation that cuts, and train on what can be differentiated. Zero: rectifiers with their "
    "own starting weights, normalization, or residual connections.",
    fix="""nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
nn.init.zeros_(layer.bias)""",
    elsewhere=(
        ("JAX", "print(jax.tree.map(jnp.linalg.norm, grads))"),
        ("Keras", 'keras.layers.Dense(64, activation="relu", kernel_initializer="he_normal")'),
    ),
    passage="optimization#what-a-network-does-to-its-arrow",
)

INPUT_SCALE = Cause(
    key="input-scale",
    name="The inputs are far from the size of 1",
    test="Print what goes into the first layer.",
    code="""print(x.mean().item(), x.std().item(), x.min().item(), x.max().item())""",
    shows="A mean or a spread of hundreds (images from 0 to 255, prices, time stamps), or of thousandths.",
    cure="Subtract the mean and divide by the spread, both of the training set, and keep them with the model.",
    fix="""mean, std = x_train.mean(0), x_train.std(0).clamp(min=1e-6)
x = (x - mean) / std""",
    elsewhere=(
        ("JAX", "x = (x - x_train.mean(0)) / jnp.maximum(x_train.std(0), 1e-6)"),
        ("Keras", "scale = keras.layers.Normalization(); scale.adapt(x_train)"),
    ),
    passage="challenges#the-unit-of-an-input",
)

RATE_SWEEP = Cause(
    key="rate-sweep",
    name="The learning rate is wrong by a factor of ten or more, either way",
    test="A hundred steps from the same start at each of five rates.",
    code="""import copy
for lr in (1e-5, 1e-4, 1e-3, 1e-2, 1e-1):
    net = copy.deepcopy(model)
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    for _ in range(100):
        opt.zero_grad()
        loss = loss_fn(net(x), y)
        loss.backward()
        opt.step()
    print(lr, loss.item())""",
    shows="At another rate than yours the loss falls much further.",
    cure="Take about a third of the rate at which it begins to fail, and let it decay toward the end.",
    fix="""optimizer = torch.optim.Adam(model.parameters(), lr=3e-4)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps)""",
    elsewhere=(
        ("JAX", "optimizer = optax.adam(optax.cosine_decay_schedule(3e-4, steps))"),
        (
            "Keras",
            "optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-4, steps))",
        ),
    ),
    passage="optimization#how-long-a-step-may-be",
)

LABELS_APART = Cause(
    key="labels-apart",
    name="The labels belong to other inputs: shuffled apart, or shifted by one",
    test="Look at ten samples with their labels, as they come out of the loader. Then learn one batch by heart.",
    code="""x, y = next(iter(loader))
for _ in range(300):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
print(loss.item())""",
    shows="One batch goes to its floor, since any labels can be learned by heart; the whole set stays at log K.",
    cure="Shuffle inputs and labels with one permutation, and sort files by name before they are paired.",
    fix="""order = torch.randperm(len(x))
x, y = x[order], y[order]""",
    passage="training#overfit-one-batch",
)

DEAD_UNITS = Cause(
    key="dead-units",
    name="Dead units: rectifiers that say 0 to every input, often after a step at a high rate",
    test="Count the units that are 0 for the whole batch.",
    code="""def count(layer, inputs, out):
    print((out <= 0).all(dim=0).float().mean().item())

hooks = [m.register_forward_hook(count)
         for m in model.modules() if isinstance(m, nn.ReLU)]
model(x)
for hook in hooks:
    hook.remove()""",
    shows="A share near 1: almost all units of a layer are dead. (A few tenths are common.)",
    cure="Start again at a lower rate, with scaled inputs and warm-up; or use units that keep a slope.",
    fix="""act = nn.LeakyReLU(0.01)  # or nn.GELU()""",
    elsewhere=(
        ("JAX", "h = jax.nn.leaky_relu(h, 0.01)"),
        ("Keras", "keras.layers.LeakyReLU(negative_slope=0.01)"),
    ),
    passage="training#where-training-starts",
)

SOFTMAX_TWICE = Cause(
    key="softmax-twice",
    name="A softmax or sigmoid in front of a loss that has its own",
    test="Print what goes into the loss.",
    code="""out = model(x)
print(out.min().item(), out.max().item(), out.sum(dim=-1)[:3])""",
    shows="Everything lies between 0 and 1; after a softmax, each row sums to 1. Then the cross-entropy of K classes cannot fall "
    "below log(1 + (K − 1)/e): 0.313 for two, 1.461 for ten.",
    cure="Let the network end in its last linear layer; take the softmax only to read probabilities.",
    fix="""model = nn.Sequential(features, nn.Linear(64, 10))  # no nn.Softmax
loss = nn.CrossEntropyLoss()(model(x), y)""",
    elsewhere=(
        ("JAX", "loss = optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()"),
        ("Keras", "loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)"),
    ),
    passage="cross_entropy#cross-entropy-mistakes",
)

BROADCAST = Cause(
    key="broadcast",
    name="Shapes that broadcast: predictions (n, 1) against targets (n,)",
    test="Print both shapes.",
    code="""print(tuple(model(x).shape), tuple(y.shape))""",
    shows="They differ. The loss is then a mean over n × n pairs, and its best answer is the mean of the targets for every "
    "input. `MSELoss` warns once; a loss written by hand does not.",
    cure="Give both one shape.",
    fix="""loss = loss_fn(model(x).squeeze(-1), y)""",
    elsewhere=(
        ("JAX", "loss = optax.squared_error(pred.squeeze(-1), y).mean()"),
        ("Keras, in a loss of your own", "y_pred = keras.ops.squeeze(y_pred, axis=-1)"),
    ),
    passage="mse#mse-mistakes",
)

OUT_OF_RANGE = Cause(
    key="out-of-range",
    name="The last layer cannot say what the targets say: a ReLU, sigmoid or tanh at the end",
    test="Compare the range of the outputs with that of the targets.",
    code="""out = model(x)
print(out.min().item(), out.max().item(), y.min().item(), y.max().item())""",
    shows="Targets below 0 or above 1 that no output reaches; or outputs that are 0 throughout.",
    cure="End in a linear layer, or scale the targets into the range.",
    fix="""model = nn.Sequential(features, nn.Linear(64, 1))  # no activation""",
    elsewhere=(("Keras", "outputs = keras.layers.Dense(1)(features)  # no activation"),),
    passage="training#where-training-starts",
)

TARGET_SCALE = Cause(
    key="target-scale",
    name="The targets are far from where the network starts: thousands, or far from 0",
    test="Compare the loss with that of always saying the mean.",
    code="""print(loss_fn(model(x), y).item(), y.mean().item(), y.var(correction=0).item())""",
    shows="A mean squared error at the start of about the squared mean of y, far above its variance.",
    cure="Train on standardized targets and undo it when you predict, or start the last bias at the mean.",
    fix="""with torch.no_grad():
    last.bias.fill_(y_train.mean())""",
    elsewhere=(
        (
            "Keras",
            "keras.layers.Dense(1, bias_initializer=keras.initializers.Constant(y_train.mean()))",
        ),
    ),
    passage="training#where-training-starts",
)

HIGH_START = Cause(
    key="high-start",
    name="The last layer starts too large: the network begins sure and wrong",
    test="Compare the loss before the first step with log K.",
    code="""import math
model.eval()
with torch.no_grad():
    logits = model(x)
    print(F.cross_entropy(logits, y).item(), math.log(logits.shape[-1]), logits.std().item())""",
    shows="A loss several times log K, and logits with a spread far above 1.",
    cure="Scale the inputs; start the last layer small, its bias at the log of the class shares.",
    fix="""with torch.no_grad():
    last.weight.mul_(0.01)
    last.bias.copy_(shares.log())  # shares of the classes""",
    elsewhere=(
        ("Keras", 'keras.layers.Dense(10, kernel_initializer="zeros")  # the last layer only'),
    ),
    passage="training#where-training-starts",
)

MAJORITY = Cause(
    key="majority",
    name="One class is nearly all there is",
    test="Count the classes, and compute what saying these shares to everyone costs.",
    code="""shares = torch.bincount(y).float() / len(y)
print(shares, torch.special.entr(shares).sum().item())""",
    shows="One share near 1, and a loss near that entropy: the network has learned the shares and nothing else.",
    cure="Train on; start the last bias at the log of the shares. The probabilities may be right as they are: move the "
    "threshold, by prices or on held-out data. Class weights do nearly the same and shift the probabilities.",
    fix="""loss_fn = nn.CrossEntropyLoss(weight=1 / (len(shares) * shares))""",
    elsewhere=(("Keras", "model.fit(x, y, class_weight={0: 0.55, 1: 5.0})"),),
    passage="challenges#rare-events",
)

ARGMAX_OF_ONE = Cause(
    key="argmax-of-one",
    name="The decision is read wrongly: an argmax over one output, or over the batch; 0.5 asked of a logit",
    test="Print the shape, and the decisions beside the outputs.",
    code="""print(tuple(logits.shape), logits.argmax(dim=-1).unique())""",
    shows="A last dimension of 1, where argmax is 0 for everyone.",
    cure="One output: compare the logit with 0, or its sigmoid with one half. K outputs: argmax over the classes.",
    fix="""said = logits.squeeze(-1) > 0  # the same as sigmoid > 0.5""",
    elsewhere=(
        ("JAX", "said = logits.squeeze(-1) > 0"),
        ("Keras", "metric = keras.metrics.BinaryAccuracy(threshold=0.0)  # for logits"),
    ),
    passage="hinge#hinge-mistakes",
)

RATE_FLOOR = Cause(
    key="rate-floor",
    name="The rate is now too high for the noise of the batches: the loss trembles above its floor",
    test="Divide the rate by ten and train a hundred steps more.",
    code="""for group in optimizer.param_groups:
    group["lr"] /= 10""",
    shows="The loss drops at once.",
    cure="Let the rate decay; or take larger batches.",
    fix="""scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.3, patience=5)
scheduler.step(valid_loss)  # after each pass""",
    elsewhere=(("Keras", "keras.callbacks.ReduceLROnPlateau(factor=0.3, patience=5)"),),
    passage="optimization#optimization-schedules",
)

SMALL_MODEL = Cause(
    key="small-model",
    name="The model, or its penalty, holds it back",
    test="Learn a few samples by heart, with dropout, augmentation and weight decay off.",
    code="""opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for _ in range(500):
    opt.zero_grad()
    loss = loss_fn(model(x[:8]), y[:8])
    loss.backward()
    opt.step()
print(loss.item())""",
    shows="Not even eight samples reach the floor of the loss. (If they do, try the whole set with twice the width.)",
    cure="A wider or deeper network, better inputs, less dropout and weight decay.",
    passage="training#overfit-one-batch",
)

# -- two curves --------------------------------------------------------------------------------------------

BY_HEART = Cause(
    key="by-heart",
    name="Learned by heart: few samples for so large a model",
    test="Train on half of the data.",
    shows="With half the data the gap between the curves grows; with all of them it is smaller. Then more would help.",
    cure="More data or augmentation; weight decay; dropout; keep the weights of the pass with the least validation loss.",
    fix="""optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
if valid_loss < best:
    best = valid_loss
    torch.save(model.state_dict(), path)""",
    elsewhere=(
        ("JAX", "optimizer = optax.adamw(1e-3, weight_decay=0.1)"),
        ("Keras", "keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)"),
    ),
    passage="challenges#learned-by-heart",
)

PREPARED_OTHERWISE = Cause(
    key="prepared-otherwise",
    name="The inputs are prepared in another way than in training: scale, order of channels, tokenizer",
    test="Send the same samples through both paths, and compare numbers, not pictures.",
    code="""print((x_train_way - x_other_way).abs().max().item())
print(x_train_way.mean(0)[:5], x_other_way.mean(0)[:5])""",
    shows="A difference that is not 0.",
    cure="One function for both. Mean and spread come from the training set, and are stored with the model.",
    fix="""torch.save({"model": model.state_dict(), "mean": mean, "std": std}, path)""",
    passage="challenges#common-mistakes",
)

OTHER_SPLIT = Cause(
    key="other-split",
    name="The validation samples are of another kind: later, from other people, other places",
    test="Mix training and validation samples, split them at random, and train once more.",
    shows="The gap closes. (If it does not, it is no matter of the split.)",
    cure="Split in the way in which the model will be used, and believe that split. Collect training samples like it.",
    passage="challenges#the-six-patients",
)

EVAL_MODE = Cause(
    key="eval-mode",
    name="Dropout or batch normalization in the wrong mode",
    test="Compute the loss of one training batch in both modes.",
    code="""with torch.no_grad():
    model.train()
    print("train", loss_fn(model(x), y).item())
    model.eval()
    print("eval", loss_fn(model(x), y).item())""",
    shows="Two losses far apart. If your evaluation has no `model.eval()`, this is it. If it has, and batch "
    "normalization is what differs, its running mean is off: small batches, or a few steps only.",
    cure="`model.eval()` before you evaluate, `model.train()` after it. (`torch.no_grad()` does not switch the mode.)",
    fix="""model.eval()
with torch.no_grad():
    valid_loss = loss_fn(model(x), y).item()
model.train()""",
    elsewhere=(
        (
            "Keras, in a loop of your own",
            "pred = model(x, training=False)  # fit and evaluate do it themselves",
        ),
    ),
    passage="training#two-curves",
)

TRAINING_ONLY = Cause(
    key="training-only",
    name="Dropout, augmentation or a penalty is on in training only",
    test="Compute both losses with one function, after the pass, in the mode of evaluation.",
    code="""def mean_loss(loader):
    model.eval()
    total = count = 0
    with torch.no_grad():
        for x, y in loader:
            total += loss_fn(model(x), y).item() * len(y)
            count += len(y)
    model.train()
    return total / count

print(mean_loss(train_loader), mean_loss(valid_loader))""",
    shows="Now training is the lower one, or they are equal. Use a training loader without augmentation.",
    cure="Nothing is wrong. Plot this number, if you want to compare the curves.",
    elsewhere=(
        ("Keras", "model.evaluate(x_train, y_train)  # penalties of the layers are in both losses"),
    ),
    passage="training#two-curves",
)

HALF_EPOCH = Cause(
    key="half-pass",
    name="The training loss is a mean over the pass, taken while the weights still improved",
    test="Move the training curve half a pass to the left.",
    shows="The curves change places, above all in the first passes, where the loss falls fast.",
    cure="Nothing is wrong. To compare, compute both after the pass.",
    passage="challenges#the-six-patients",
)

SMALL_SPLIT = Cause(
    key="small-split",
    name="The validation set is small, or easier",
    test="Compute its mean loss with its standard error.",
    code="""losses = F.cross_entropy(logits, y, reduction="none")
print(losses.mean().item(), losses.std().item() / len(losses) ** 0.5)""",
    shows="The gap between the curves is within two standard errors. Or another random split turns it around.",
    cure="A larger validation set, or cross-validation.",
    passage="significance#luck",
)

LEAK = Cause(
    key="leak",
    name="Validation samples, or near copies of them, are in the training set",
    test="Look for exact copies; then for the same person, document or scene on both sides.",
    code="""seen = {row.numpy().tobytes() for row in x_train}
print(sum(row.numpy().tobytes() in seen for row in x_valid), len(x_valid))""",
    shows="A count above 0.",
    cure="Split by the group, before augmentation and before windows are cut; remove copies.",
    passage="challenges#common-mistakes",
)

OVERCONFIDENT = Cause(
    key="overconfident",
    name="Overconfidence: the decisions still improve, while the probabilities become too bold",
    test="Divide the validation logits by a temperature.",
    code="""for T in (1.0, 1.5, 2.0, 3.0, 5.0):
    print(T, F.cross_entropy(logits / T, y).item())""",
    shows="The loss is lowest at a T well above 1; the decisions are the same at each.",
    cure="Keep the weights that you would pay for: least loss if probabilities are used, best accuracy if only decisions are. "
    "Then fit T on validation data. Weight decay and label smoothing hold the boldness down in training.",
    fix="""log_t = torch.zeros(1, requires_grad=True)
fit = torch.optim.LBFGS([log_t], max_iter=50)

def closure():
    fit.zero_grad()
    value = F.cross_entropy(logits.detach() / log_t.exp(), y)
    value.backward()
    return value

fit.step(closure)
temperature = log_t.exp().item()""",
    passage="cross_entropy#does-it-mean-what-it-says",
)

FEW_SAMPLES = Cause(
    key="few-samples",
    name="A few samples hold most of the loss: wrong labels, or outliers",
    test="Sort the samples by their loss.",
    code="""losses = F.cross_entropy(logits, y, reduction="none")
worst = losses.topk(10)
print(worst.indices.tolist(), (worst.values.sum() / losses.sum()).item())""",
    shows="Ten samples hold a large share of the sum. Look at them one by one.",
    cure="Mend the labels. What cannot be mended: a loss that limits the price of one sample.",
    fix="""loss_fn = nn.HuberLoss(delta=1.0)  # for numbers
loss_fn = nn.CrossEntropyLoss(label_smoothing=0.1)  # for classes""",
    elsewhere=(("Keras", "loss_fn = keras.losses.Huber(delta=1.0)"),),
    passage="challenges#labels-that-lie",
)

# -- spikes, saws, jumps -----------------------------------------------------------------------------------

BAD_BATCH = Cause(
    key="bad-batch",
    name="A strange batch: a broken sample, an extreme target, an empty mask",
    test="Write down the batches whose loss jumps, in two passes that are not shuffled.",
    code="""usual = None
for i, (x, y) in enumerate(loader):
    loss = loss_fn(model(x), y).item()
    if usual is not None and loss > 3 * usual:
        print("batch", i, loss)
    usual = loss if usual is None else 0.9 * usual + 0.1 * loss""",
    shows="The same batch both times.",
    cure="Look at its samples, and mend or drop them. Clip the gradient, so that one batch cannot throw the weights away.",
    fix="""torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)""",
    elsewhere=(("JAX", "optax.chain(optax.clip_by_global_norm(1.0), optax.adam(1e-3))"),),
    passage="training#clipping",
)

SHORT_BATCH = Cause(
    key="short-batch",
    name="The last batch is short: its mean over a few samples is noisy, and a sum is small",
    test="Print the sizes of the batches.",
    code="""print([len(y) for x, y in loader][-3:])""",
    shows="The last one is much smaller, and the jumps stand at the end of each pass.",
    cure="Leave it out in training; in evaluation keep it, and weight each batch by its size.",
    fix="""loader = torch.utils.data.DataLoader(data, batch_size=64, shuffle=True, drop_last=True)""",
    passage="training#masks-and-means",
)

NOT_SHUFFLED = Cause(
    key="not-shuffled",
    name="The samples come in the same order in every pass",
    test="Ask the loader.",
    code="""print(type(loader.sampler).__name__)""",
    shows="SequentialSampler, which is the default of PyTorch's DataLoader. Sorted data then teach one class after the other.",
    cure="Shuffle in training.",
    fix="""loader = torch.utils.data.DataLoader(data, batch_size=64, shuffle=True)""",
    elsewhere=(
        ("Keras", "model.fit(x, y, shuffle=True)  # the default for arrays, not for generators"),
    ),
    passage="optimization#a-sloppy-arrow",
)

RUNNING_MEAN = Cause(
    key="running-mean",
    name="No fault of training: what is plotted is a running mean that begins anew with each pass",
    test="Plot the loss of each batch as it is.",
    shows="The teeth are gone, and noise is in their place.",
    cure="Plot the batches with one exponential mean over all passes. The progress bar of Keras's `fit` shows the mean "
    "of the pass so far.",
    passage="training#two-curves",
)

SEEN_AGAIN = Cause(
    key="seen-again",
    name="Samples seen again soon after the last time: the loss drops as each pass begins, and climbs within it",
    test="Look where the teeth stand, and compare the validation loss.",
    shows="The drops stand exactly at the beginnings of the passes, with Adam more than with plain gradient descent; the "
    "validation loss has no teeth.",
    cure="Often nothing: it is the model remembering its last batches. A larger β₂ of Adam, or less capacity, makes the teeth smaller.",
    fix="""optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.9, 0.999))""",
    passage="optimization#a-sloppy-arrow",
)

NOISY_BATCHES = Cause(
    key="noisy-batches",
    name="Small batches: each loss is the mean of a few samples",
    test="Compare the jumps with the spread of the losses of the samples.",
    code="""losses = F.cross_entropy(logits, y, reduction="none")
print(losses.std().item() / len(losses) ** 0.5)""",
    shows="The teeth are about as high as this number, the standard error of the batch's mean.",
    cure="Judge by a smoothed curve or by the validation loss. If the smoothed curve stands still: four times the batch, or a "
    "lower rate.",
    passage="optimization#a-sloppy-arrow",
)

SCHEDULE = Cause(
    key="schedule",
    name="The learning rate changes there: a restart, the end of the warm-up, a cycle",
    test="Print the rate beside the loss.",
    code="""print(optimizer.param_groups[0]["lr"])""",
    shows="The rate rises where the loss does.",
    cure="A lower peak, a longer warm-up, or a schedule that only falls.",
    fix="""scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-3, total_steps=steps)""",
    elsewhere=(
        (
            "JAX",
            "schedule = optax.warmup_cosine_decay_schedule(0.0, 1e-3, warmup_steps=500, decay_steps=steps)",
        ),
    ),
    passage="optimization#optimization-schedules",
)

RESUMED = Cause(
    key="resumed",
    name="Training was resumed without the optimizer's memory, or with the rate of the start",
    test="Look what the checkpoint holds.",
    code="""print(sorted(torch.load(path)))""",
    shows="The model alone: no state of optimizer and schedule.",
    cure="Save and load all of it.",
    fix="""torch.save({"model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": scheduler.state_dict()}, path)
saved = torch.load(path)
optimizer.load_state_dict(saved["optimizer"])""",
    elsewhere=(("Keras", 'model.save("model.keras")  # holds the optimizer too, if compiled'),),
    passage="training#whole-loop",
)

# -- below zero, above zero --------------------------------------------------------------------------------

LABELS_OUTSIDE = Cause(
    key="labels-outside",
    name="Labels outside 0 and 1 in a binary cross-entropy: 255 for a mask, −1, class indices",
    test="Print their range.",
    code="""print(y.min().item(), y.max().item())""",
    shows="Something below 0 or above 1.",
    cure="Map them to 0 and 1. More than two classes: a softmax with class indices.",
    fix="""y = (y > 0).float()  # a mask of 0 and 255""",
    elsewhere=(("Keras", 'y = keras.ops.cast(y > 0, "float32")'),),
    passage="training#before-you-ask",
)

KL_PROBABILITIES = Cause(
    key="kl-probabilities",
    name="`KLDivLoss` was given probabilities where it expects log-probabilities",
    test="Sum the exponentials of its first argument.",
    code="""print(inputs.exp().sum(dim=-1))""",
    shows="Not 1.",
    cure="The model's log-probabilities first, the target's probabilities second; and divide by the batch.",
    fix="""loss = F.kl_div(F.log_softmax(logits, dim=-1), target, reduction="batchmean")""",
    elsewhere=(
        ("JAX", "loss = optax.kl_divergence(jax.nn.log_softmax(logits), target).mean()"),
        (
            "Keras",
            "loss = keras.losses.KLDivergence()(target, keras.ops.softmax(logits))  # probabilities, target first",
        ),
    ),
    passage="catalog_classes#catalog-kl-divergence",
)

NLL_PROBABILITIES = Cause(
    key="nll-probabilities",
    name="`NLLLoss` was given probabilities or logits where it expects log-probabilities",
    test="Compare it with the cross-entropy of the logits.",
    code="""print(F.nll_loss(inputs, y).item(), inputs.exp().sum(dim=-1)[:3])""",
    shows="With probabilities the loss lies between −1 and 0; the exponentials do not sum to 1.",
    cure="Use `CrossEntropyLoss` on the logits, which is both in one.",
    fix="""loss = F.cross_entropy(logits, y)""",
    passage="catalog_classes#catalog-cross-entropy",
)

DENSITY = Cause(
    key="density",
    name="No fault: a likelihood of numbers, whose density may exceed 1 (Gaussian, flows), or one without its constant (Poisson)",
    test="Change the unit of the target: multiply it by 1,000.",
    code="""import numpy as np
from lossbook import losses
y, variance = np.array([0.01]), np.array([1e-4])
loss = losses.GaussianNLL()
print(loss(y, np.stack([y, np.log(variance)], axis=-1)))
print(loss(1e3 * y, np.stack([1e3 * y, np.log(1e6 * variance)], axis=-1)))""",
    shows="The loss moves by the log of 1,000, 6.9, and its sign with it. Zero means nothing here.",
    cure="Compare models in one unit. Put a floor under the variance, or one exact sample drives the loss to minus infinity.",
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
    passage="custom_losses#several-tasks-one-model",
)

SIMILARITY = Cause(
    key="similarity",
    name="No fault: a score with its sign turned: a cosine similarity, a likelihood ratio, a return",
    test="Read the definition: what is its least value?",
    shows="A least value below 0, as −1 for the cosine similarity of Keras.",
    cure="Nothing. If zero should be the best, add the constant: 1 − cosine.",
    fix="""loss = (1 - F.cosine_similarity(a, b, dim=-1)).mean()""",
    elsewhere=(
        (
            "Keras",
            "loss = 1 + keras.losses.CosineSimilarity()(a, b)  # Keras returns minus the cosine",
        ),
    ),
    passage="significance#the-gauge",
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
    passage="cross_entropy#bending-the-loss",
    runs="numpy",
)

SOFT_FLOOR = Cause(
    key="soft-floor",
    name="Targets that are distributions: the cross-entropy stops at their entropy",
    test="Compute the mean entropy of the targets.",
    code="""print(torch.special.entr(target).sum(dim=-1).mean().item())""",
    shows="A number near your loss.",
    cure="Subtract it, or use the Kullback-Leibler divergence: it has the same gradient, and its floor is 0.",
    fix="""loss = F.kl_div(F.log_softmax(logits, dim=-1), target, reduction="batchmean")""",
    passage="cross_entropy#which-constant-minimizes-it",
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
    cure="Compare with the best constant, not with 0. Better inputs lower the floor; training longer does not.",
    passage="significance#the-gauge",
    runs="numpy",
)

PENALTY_IN_LOSS = Cause(
    key="penalty-in-loss",
    name="A penalty or a second term is in the number that you read",
    test="Print the terms one by one.",
    code="""penalty = 1e-3 * sum(p.square().sum() for p in model.parameters())
print(loss_fn(model(x), y).item(), penalty.item())""",
    shows="The first term goes to 0, the sum does not.",
    cure="Log each term. `weight_decay` of an optimizer is in no loss.",
    elsewhere=(("Keras", "print(sum(model.losses))  # the penalties of the layers"),),
    passage="significance#the-brake",
)

# -- two numbers -------------------------------------------------------------------------------------------

REDUCTION = Cause(
    key="reduction",
    name="Sum or mean, and over what: samples, classes, pixels, tokens",
    test="Take the losses without reduction, and sum them yourself.",
    code="""losses = F.mse_loss(pred, y, reduction="none")
print(tuple(losses.shape), losses.sum().item(), losses.mean().item(),
      losses.flatten(1).sum(1).mean().item())""",
    shows="One of the three is the number of the other side; they differ by a count.",
    cure="Write the reduction out. A sum grows with the batch, and the right learning rate shrinks with it.",
    fix="""loss = F.mse_loss(pred, y, reduction="none").flatten(1).sum(1).mean()""",
    elsewhere=(
        (
            "JAX",
            "losses = optax.squared_error(pred, y)  # optax reduces nothing, or the last axis only",
        ),
        ("Keras", "loss_fn = keras.losses.MeanSquaredError(reduction=None)"),
    ),
    passage="training#masks-and-means",
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
    cure="PyTorch's `CrossEntropyLoss` and optax take logits; Keras takes probabilities unless told otherwise.",
    fix="""loss = F.binary_cross_entropy_with_logits(logits, y)""",
    elsewhere=(
        ("JAX", "loss = optax.sigmoid_binary_cross_entropy(logits, y).mean()"),
        ("Keras", "loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)"),
    ),
    passage="cross_entropy#on-a-computer",
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
    shows="PyTorch's `CrossEntropyLoss` gives the first; `BCEWithLogitsLoss` and Keras give the second.",
    cure="Sum and divide yourself, the same on both sides.",
    fix="""loss = (w * losses).sum() / w.sum()""",
    elsewhere=(
        ("JAX", "loss = (w * losses).sum() / w.sum()"),
        (
            "Keras",
            'loss_fn = keras.losses.SparseCategoricalCrossentropy(reduction="mean_with_sample_weight")',
        ),
    ),
    passage="mse#mse-mistakes",
)

BATCH_MEANS = Cause(
    key="batch-means",
    name="The mean of the batches' means: unequal batches, masks, or a root in between",
    test="Sum over everything and divide once.",
    code="""import numpy as np
batches = [np.array([1.0, 1.0, 1.0]), np.array([4.0])]
print(np.mean([b.mean() for b in batches]), np.concatenate(batches).mean())""",
    shows="Two numbers: here 2.5, and 1.75. The single sample of the last batch has counted three times.",
    cure="Keep the sum and the count, of samples or of tokens that count; roots and logarithms at the end.",
    fix="""total += loss.item() * len(y)
count += len(y)
mean = total / count""",
    passage="training#masks-and-means",
    runs="numpy",
)

CONVENTION = Cause(
    key="convention",
    name="Another convention: a factor of one half, the base of the logarithm, a delta, which argument comes first",
    test="One sample with an error of 2 in both.",
    code="""a, b = torch.tensor([2.0]), torch.tensor([0.0])
print(F.mse_loss(a, b).item(), F.huber_loss(a, b).item(), F.smooth_l1_loss(a, b, beta=0.5).item())""",
    shows="A ratio of 2 (one half), 1.44 (bits for nats), or δ. With β other than 1, `smooth_l1_loss` is Huber's loss divided by β.",
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
    print(loss_fn(model(x), y).item(), loss_fn(model(x), y).item())""",
    shows="Two different numbers: dropout is on. If they agree, compare with what was logged before the step.",
    cure="`model.eval()`; and log before or after the step, not both.",
    fix="""model.eval()""",
    passage="training#two-curves",
)

ACCUMULATION = Cause(
    key="accumulation",
    name="Accumulated micro-batches or several devices: each divides by its own count",
    test="Compare the accumulated gradient with that of the whole batch, in float64, without dropout.",
    code="""model.double().eval()
model.zero_grad()
loss_fn(model(x.double()), y).backward()
whole = [p.grad.clone() for p in model.parameters()]
model.zero_grad()
parts = torch.arange(len(y)).tensor_split(3)
for part in parts:
    (loss_fn(model(x[part].double()), y[part]) / len(parts)).backward()
print(max((p.grad - g).abs().max().item()
          for p, g in zip(model.parameters(), whole)))""",
    shows="More than rounding errors, about 1e-15: the parts have different counts of samples or of tokens.",
    cure="Sum in each part, and divide by the count of the whole batch. (Batch normalization cannot be accumulated so.)",
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
    cure="Report the mean and the spread over seeds; compare two models on the same seeds and the same split.",
    elsewhere=(("Keras", "keras.utils.set_random_seed(1)"),),
    passage="significance#luck",
)

# -- loss and use ------------------------------------------------------------------------------------------

NOT_LOADED = Cause(
    key="not-loaded",
    name="Other weights than the trained ones: not loaded, loaded in part, or an old file",
    test="Load strictly, and compute the loss of a training batch that you know.",
    code="""print(model.load_state_dict(torch.load(path), strict=False))""",
    shows="Missing or unexpected keys; or a loss near log K.",
    cure="Load with `strict=True`. With `DataParallel` or `torch.compile` the names have a prefix.",
    fix="""state = {k.removeprefix("module.").removeprefix("_orig_mod."): v
         for k, v in torch.load(path).items()}
model.load_state_dict(state)""",
    passage="training#whole-loop",
)

EASY_MOST = Cause(
    key="easy-most",
    name="Most of the mean is easy: padding, background, the common class",
    test="Compute the loss without them, or by class.",
    code="""losses = F.cross_entropy(logits, y, reduction="none")
for c in y.unique():
    print(c.item(), (y == c).float().mean().item(), losses[y == c].mean().item())""",
    shows="One class, or the padding, with a large share and a small loss; the loss of what matters is far higher.",
    cure="Leave padding out of the mean. For rare pixels or tokens report their loss apart, and weight them if they matter more.",
    fix="""loss_fn = nn.CrossEntropyLoss(ignore_index=pad)""",
    elsewhere=(
        ("JAX", "loss = (losses * (y != pad)).sum() / jnp.maximum((y != pad).sum(), 1)"),
        (
            "Keras",
            "loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=pad)",
        ),
    ),
    passage="training#masks-and-means",
)

ASKS_FOR_MEAN = Cause(
    key="asks-for-mean",
    name="The loss asks for an average, and you want one good answer: blurred images, forecasts that are flat",
    test="Compare the spread of the predictions with that of the targets.",
    code="""print(pred.std().item(), y.std().item())""",
    shows="The predictions vary far less than the targets: squared error is least for the mean of all that may come.",
    cure="To see one possible outcome, predict a distribution and draw from it. A median (absolute error) blurs less where one "
    "outcome dominates.",
    fix="""loss = nn.GaussianNLLLoss()(mean, y, var)
sample = mean + var.sqrt() * torch.randn_like(mean)""",
    passage="fundamentals#the-best-constant",
)

OWN_OUTPUT = Cause(
    key="own-output",
    name="In use the model reads its own outputs: in training it read the true ones",
    test="Compare the loss with the true past and the error after ten steps on its own outputs.",
    shows="One step ahead is good, ten steps are not: errors feed on themselves.",
    cure="Judge by whole sequences, in the way of use. For text, also look at the temperature and cut of sampling.",
    passage="significance#four-jobs-four-questions",
)

THRESHOLD = Cause(
    key="threshold",
    name="The metric hangs on a threshold, the loss does not",
    test="Compute the metric at all thresholds.",
    code="""p = torch.sigmoid(logits)
for t in (0.1, 0.2, 0.3, 0.5, 0.7):
    said = p > t
    hits = (said & (y > 0.5)).sum()
    print(t, (2 * hits / (said.sum() + (y > 0.5).sum())).item())""",
    shows="The F-score is far better at another threshold than one half.",
    cure="Choose the threshold on validation data, or from the prices of the two mistakes; report the metric on other data.",
    fix="""said = p > threshold  # chosen on validation data""",
    elsewhere=(("Keras", "metric = keras.metrics.BinaryAccuracy(threshold=0.2)"),),
    passage="custom_losses#when-not-to-write-one",
)

OTHER_ACCURACY = Cause(
    key="other-accuracy",
    name="Another accuracy than you think: Keras picks one by the loss and the shapes",
    test="Compute it by hand.",
    code="""print((logits.argmax(dim=-1) == y).float().mean().item())""",
    shows="A number far from the one reported. With one-hot targets of K classes a binary accuracy counts K yes-or-no answers a "
    "sample: always no is right in (K − 1)/K.",
    cure="Name the metric: categorical for one of K, binary for each label apart.",
    elsewhere=(("Keras", 'metrics = [keras.metrics.SparseCategoricalAccuracy(name="accuracy")]'),),
    passage="fundamentals#why-not-train-on-the-metric",
)

ASKS_OTHERWISE = Cause(
    key="asks-otherwise",
    name="They ask for different answers: squared error for the mean, absolute error for the median, MAPE for less than both",
    test="Compute the metric of the best constant for each.",
    code="""import numpy as np
y = np.array([1.0, 1.0, 1.0, 1.0, 16.0])
for name, c in (("mean", y.mean()), ("median", np.median(y))):
    print(name, np.mean((y - c) ** 2), np.mean(abs(y - c)))""",
    shows="The mean wins by one, the median by the other: no model can be best at both.",
    cure="Train with the loss whose best answer is what you report, and name the forecast: mean, median, quantile.",
    fix="""loss = F.l1_loss(pred, y)  # if the median is wanted""",
    passage="fundamentals#the-best-constant",
    runs="numpy",
)

# -- losses that do not gauge ------------------------------------------------------------------------------

GAN_WON = Cause(
    key="gan-won",
    name="GAN, discriminator near 0: it has won, and the generator learns little or nothing",
    test="Look at what the discriminator says to real and to generated samples.",
    code="""with torch.no_grad():
    print(torch.sigmoid(D(real)).mean().item(), torch.sigmoid(D(fake)).mean().item())""",
    shows="Near 1 and near 0, for many steps.",
    cure="Weaken it: fewer or smaller steps, noise on its inputs, smoothed real labels, a gradient penalty or spectral "
    "normalization; and train the generator with the non-saturating loss.",
    fix="""loss_G = F.binary_cross_entropy_with_logits(D(G(z)), torch.ones(len(z), 1))
layer = nn.utils.parametrizations.spectral_norm(nn.Linear(64, 64))""",
    passage="significance#the-gauge",
)

GAN_BALANCE = Cause(
    key="gan-balance",
    name="GAN, losses that hover: log 4 = 1.386 says that the discriminator cannot tell, not that the samples are good",
    test="Look at samples from the same noise at each checkpoint, and at their variety.",
    shows="The two losses stay, while the samples improve, or all become the same (mode collapse).",
    cure="Judge by samples and by a distance between features of real and generated ones, such as FID, always with the same "
    "number of samples.",
    passage="significance#the-gauge",
)

MOVING_TARGET = Cause(
    key="moving-target",
    name="Reinforcement learning: the targets, or the data, come from the model itself",
    test="Plot the return of whole episodes, over several seeds.",
    shows="The return rises while the loss is flat or rises: new states are visited, and the targets of Q-learning grow with the values.",
    cure="Judge by the return on evaluation episodes, without exploration. Watch the loss only for NaN and explosions; for policy "
    "gradients also the entropy and the divergence from the old policy.",
    passage="significance#the-gauge",
)

GRPO_ZERO = Cause(
    key="grpo-zero",
    name="GRPO and PPO, loss at 0: its value is 0 by construction, its gradient is not",
    test="Compute value and gradient for centered advantages.",
    code="""logp = torch.randn(8, requires_grad=True)
advantage = torch.randn(8)
advantage = advantage - advantage.mean()
loss = -((logp - logp.detach()).exp() * advantage).mean()
loss.backward()
print(round(loss.item(), 6), logp.grad.norm().item())""",
    shows="0 (or −0), and a gradient that is not: at the first step after sampling the ratio is 1, and the advantages sum to 0. "
    "With a penalty for the divergence the loss rises from 0, as the model leaves its reference.",
    cure="Watch the mean reward, the divergence, the length of the answers, and the norm of the gradient.",
    passage="significance#the-gauge",
)

SAME_REWARDS = Cause(
    key="same-rewards",
    name="GRPO, gradient at 0 too: all answers of a group have the same reward",
    test="Print the spread of the rewards within each group.",
    code="""print((rewards.std(dim=1) == 0).float().mean().item())""",
    shows="A share near 1: these groups teach nothing. (TRL logs it as `frac_reward_zero_std`.)",
    cure="Tasks that are solved sometimes, neither always nor never; more answers a group; a reward with more steps than 0 and 1.",
    passage="significance#the-gauge",
)

NOISE_LEVELS = Cause(
    key="noise-levels",
    name="Diffusion: the loss is a mean over noise levels, and most of it cannot fall",
    test="Print the loss by noise level, on fixed noise.",
    code="""losses = (model(x_t, t) - noise).square().flatten(1).mean(1)
for part in t.sort().indices.chunk(4):
    print(t[part].min().item(), t[part].max().item(), losses[part].mean().item())""",
    shows="The levels differ by factors; small gains at some of them drown in the noise of the mean.",
    cure="Plot it by level, with the same noise and levels at each evaluation. Judge by samples, drawn with an exponential mean "
    "of the weights, and by FID.",
    fix="""ema = torch.optim.swa_utils.AveragedModel(
    model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.999))
ema.update_parameters(model)  # after each step""",
    elsewhere=(
        ("JAX", "ema = optax.ema(0.999)  # of the parameters, after each step"),
        ("Keras", "keras.optimizers.Adam(1e-4, use_ema=True, ema_momentum=0.999)"),
    ),
    passage="significance#the-gauge",
)

KL_COLLAPSE = Cause(
    key="kl-collapse",
    name="VAE, KL near 0: the decoder does without the code (posterior collapse)",
    test="Print the two terms, the KL by dimension.",
    code="""kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar)
print(kl.mean(dim=0))""",
    shows="Nearly all dimensions near 0.",
    cure="Raise the weight of the KL from 0 over the first passes, or leave each dimension some of it for free; weaken the decoder.",
    fix="""beta = min(1.0, step / 10_000)
loss = reconstruction + beta * kl.sum(dim=1).mean()""",
    passage="significance#the-gauge",
)

SUM_AND_MEAN = Cause(
    key="sum-and-mean",
    name="VAE: one term is a mean over pixels, the other a sum over dimensions",
    test="Print both terms with their counts.",
    code="""print(F.mse_loss(recon, x).item(), kl.sum(dim=1).mean().item(), x[0].numel())""",
    shows="A mean over the pixels: the KL then weighs more than it should, by the number of pixels.",
    cure="Sum both over their dimensions, and take the mean over the batch.",
    fix="""reconstruction = F.mse_loss(recon, x, reduction="none").flatten(1).sum(1).mean()
loss = reconstruction + kl.sum(dim=1).mean()""",
    passage="training#masks-and-means",
)

# -- differences of scores ---------------------------------------------------------------------------------

COLLAPSE = Cause(
    key="collapse",
    name="All embeddings are one point: then every triplet costs exactly the margin",
    test="Print the mean distance in a batch.",
    code="""z = model(x)
print(torch.pdist(z).mean().item(), z.std(dim=0).mean().item())""",
    shows="Both near 0.",
    cure="A lower rate is the first thing to try. Then: normalized embeddings, larger batches, a start from a network trained to classify.",
    fix="""z = F.normalize(model(x), dim=-1)
for group in optimizer.param_groups:
    group["lr"] /= 10""",
    elsewhere=(
        ("JAX", "z = z / jnp.linalg.norm(z, axis=-1, keepdims=True)"),
        ("Keras", "z = keras.layers.UnitNormalization()(z)"),
    ),
    passage="hinge#who-pulls",
)

HARDEST = Cause(
    key="hardest",
    name="The hardest negatives from the first step on: often wrong labels or look-alikes",
    test="Train a few hundred steps with random or semi-hard negatives.",
    code="""d = torch.cdist(z, z)
same = y[:, None] == y[None, :]
far = d.masked_fill(same, float("inf"))
ap = d[anchor, positive]
semi = far[anchor].masked_fill(far[anchor] <= ap[:, None], float("inf"))
print(semi.min(dim=1).values.isfinite().float().mean().item())  # share with a semi-hard negative""",
    shows="With them the loss leaves the margin.",
    cure="Negatives that are farther than the positive, but within the margin; the hardest later, if at all.",
    fix="""negative = semi.argmin(dim=1)
loss = F.triplet_margin_loss(z[anchor], z[positive], z[negative], margin=0.2)""",
    passage="hinge#who-pulls",
)

ACTIVE_ONLY = Cause(
    key="active-only",
    name="No fault: the mean is over the triplets that still cost something, and they are chosen anew in each batch",
    test="Count the active ones.",
    code="""cost = (d_ap - d_an + margin).clamp(min=0)
print((cost > 0).float().mean().item(), cost.mean().item(), cost[cost > 0].mean().item())""",
    shows="The share of active triplets falls, while their mean stays near the margin.",
    cure="Watch the share, and retrieval on held-out data.",
    passage="hinge#who-pulls",
)

LOG_BATCH = Cause(
    key="log-batch",
    name="InfoNCE at log N: all N similarities are alike, or each is divided by too large a temperature",
    test="Print the similarities: the pair's, and the others'.",
    code="""import math
s = F.normalize(a, dim=-1) @ F.normalize(b, dim=-1).T
others = s[~torch.eye(len(s), dtype=torch.bool)]
print(s.diag().mean().item(), others.mean().item(), math.log(len(s)))""",
    shows="The two are alike. That is where training starts; it should not stay.",
    cure="Normalize, and divide by a temperature of about 0.1, or learn it. Larger batches raise log N: losses of different batch sizes cannot "
    "be compared.",
    fix="""logits = s / 0.1
loss = F.cross_entropy(logits, torch.arange(len(s)))""",
    elsewhere=(
        (
            "JAX",
            "loss = optax.softmax_cross_entropy_with_integer_labels(s / 0.1, jnp.arange(len(s))).mean()",
        ),
    ),
    passage="cross_entropy#what-it-is",
)

DPO_GAP = Cause(
    key="dpo-gap",
    name="No fault: DPO's loss knows only the difference of the two rewards",
    test="Print the gap and how often it is positive.",
    code="""margin = chosen_rewards - rejected_rewards
print(margin.mean().item(), (margin > 0).float().mean().item())""",
    shows="The gap grows and its sign is right more and more often, while both rewards fall, the rejected one faster.",
    cure="Watch the gap and read answers. If the chosen answers become worse, add a little of their own likelihood to the loss.",
    fix="""loss = -F.logsigmoid(margin).mean() - 0.1 * chosen_logps.mean()  # per token""",
    passage="significance#the-gauge",
)

DPO_STRONG = Cause(
    key="dpo-strong",
    name="DPO, and the answers get worse: rate too high, β too low, too many passes",
    test="Read ten answers at each checkpoint, and watch their length and the log-probability of the chosen ones.",
    shows="The log-probabilities of the chosen answers fall by tens, answers repeat themselves or grow long.",
    cure="A rate of a tenth, one pass, a larger β.",
    passage="significance#the-gauge",
)

DPO_START = Cause(
    key="dpo-start",
    name="DPO, loss stays at log 2 = 0.693 and both rewards at 0: the policy is still the reference",
    test="Compare the log-probabilities of the two models.",
    code="""print((policy_logps - reference_logps).abs().max().item())""",
    shows="0 after many steps: nothing is trained, or one model is used for both. At the first step it is right.",
    cure="Check that the weights move, that adapters are on for the policy, and that the reference is a frozen copy.",
    fix="""import copy
reference = copy.deepcopy(model).eval().requires_grad_(False)""",
    passage="training#whole-loop",
)
