"""A loss that does not fall, or falls and stays."""

from ..cause import Cause

NO_STEP = Cause(
    key="no-step",
    name="The weights do not move: another model's parameters in the optimizer, frozen layers, a rate of 0, no step",
    test="Compare the weights before and after one step, and print the gradient beside it.",
    code="""before = [p.detach().clone() for p in model.parameters()]
optimizer.zero_grad()
loss_fn(model(x), y).backward()
optimizer.step()
for (name, p), q in zip(model.named_parameters(), before):
    size = None if p.grad is None else p.grad.norm().item()
    print(name, p.requires_grad, size, (p - q).abs().max().item())
print([group["lr"] for group in optimizer.param_groups])""",
    shows="The last number of a line, the change, is 0 where the gradient is not, or where `requires_grad` is "
    "False. (Is the gradient itself 0 or None? Then the weights stand still for another reason: "
    "dead units, or no gradient arrives.)",
    cure="Build the optimizer after the last change to the model, from this model's parameters. Where the "
    "rate is 0, look at the schedule: how often it is stepped, and whether it begins at 0.",
    fix="""for p in model.parameters():
    p.requires_grad_(True)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)""",
    elsewhere=(
        ("JAX", "params = optax.apply_updates(params, updates)  # keep what it returns"),
        ("Keras", "model.trainable = True  # and compile again after it"),
    ),
    passage="training#the-loss-does-not-move-at-all",
)

NO_GRADIENT = Cause(
    key="no-gradient",
    name="No gradient arrives: a `detach()`, an `argmax` or a NumPy array in between, or "
    "saturated layers",
    test="Print the size of the gradient, layer by layer, after one backward.",
    code="""optimizer.zero_grad()
loss_fn(model(x), y).backward()
for name, p in model.named_parameters():
    print(name, None if p.grad is None else p.grad.norm().item())""",
    shows="None, and the layer is not frozen: it is cut off from the loss; if all layers are, "
    "`backward()` raises. Or shrinking by factors of thousands toward the input: the gradient dies "
    "on the way. (Exactly 0 in whole layers: count the dead units.)",
    cure="None: find the operation that cuts, and train on what can be differentiated. Shrinking: "
    "rectifiers with their "
    "own starting weights, normalization, or residual connections.",
    fix="""nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
nn.init.zeros_(layer.bias)""",
    elsewhere=(
        ("JAX", "print(jax.tree.map(jnp.linalg.norm, grads))"),
        ("Keras", 'keras.layers.Dense(64, activation="relu", kernel_initializer="he_normal")'),
    ),
    passage="training#the-loss-does-not-move-at-all",
)

INPUT_SCALE = Cause(
    key="input-scale",
    name="The inputs are far from the size of 1",
    test="Print what goes into the first layer.",
    code="""v = x.float()
print(v.mean().item(), v.std().item(), v.min().item(), v.max().item())""",
    shows="A mean or a spread of hundreds (images from 0 to 255, prices, time stamps), or of "
    "thousandths. (Columns of a table: one by one, `v.std(0)`.)",
    cure="Subtract the mean and divide by the spread, both of the training set, and keep them "
    "with the model.",
    fix="""mean, std = x_train.mean(0), x_train.std(0).clamp(min=1e-6)
x = (x - mean) / std""",
    elsewhere=(
        ("JAX", "x = (x - x_train.mean(0)) / jnp.maximum(x_train.std(0), 1e-6)"),
        ("Keras", "scale = keras.layers.Normalization(); scale.adapt(x_train)"),
    ),
    passage="training#always-the-same-class",
)

RATE_SWEEP = Cause(
    key="rate-sweep",
    name="The learning rate is wrong by a factor of ten or more, either way",
    test="A hundred steps from the same start at each of five rates.",
    code="""import copy
for lr in (1e-5, 1e-4, 1e-3, 1e-2, 1e-1):
    net = copy.deepcopy(model)
    opt = type(optimizer)(net.parameters(), lr=lr)
    for _ in range(100):
        opt.zero_grad()
        loss = loss_fn(net(x), y)
        loss.backward()
        opt.step()
    print(lr, loss.item())""",
    shows="At another rate than yours the loss falls much further. (If it falls at yours too, on this "
    "one batch, the rate is not it; nor if it falls at none.)",
    cure="Take a rate a few times below the one at which it begins to fail, and let it decay "
    "toward the end.",
    fix="""optimizer = torch.optim.Adam(model.parameters(), lr=3e-4)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps)""",
    elsewhere=(
        ("JAX", "optimizer = optax.adam(optax.cosine_decay_schedule(3e-4, steps))"),
        (
            "Keras",
            "optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-4, steps))",
        ),
    ),
    passage="optimization#optimization-rate-range",
)

LABELS_APART = Cause(
    key="labels-apart",
    name="The labels belong to other inputs: shuffled apart, or shifted by one",
    test="Look at ten samples with their labels, as they come out of the loader. Then learn one "
    "batch by heart.",
    code="""x, y = next(iter(loader))
for _ in range(300):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
print(loss.item())""",
    shows="The ten pairs do not match. One batch goes to its floor, since any labels can be learned by "
    "heart; the loss on the whole set stays near log K at every rate (or that on validation does, if the "
    "network can learn the whole set by heart), just as when you shuffle the labels on purpose.",
    cure="Shuffle inputs and labels with one permutation, and sort files by name before they are "
    "paired.",
    fix="""order = torch.randperm(len(x))
x, y = x[order], y[order]""",
    passage="training#always-the-same-class",
)

DEAD_UNITS = Cause(
    key="dead-units",
    name="Dead units: rectifiers that say 0 to every input, often after a step at a high rate",
    test="Count the units that are 0 for a whole batch, of a hundred samples or so.",
    code="""def count(layer, inputs, out):
    print((out <= 0).all(dim=0).float().mean().item())

hooks = [m.register_forward_hook(count)
         for m in model.modules() if isinstance(m, nn.ReLU)]
model(x)
for hook in hooks:
    hook.remove()""",
    shows="A share near 1: almost all units of a layer are dead. (`F.relu` is no module and is not "
    "counted; print the share behind it.)",
    cure="Start again at a lower rate, with scaled inputs and warm-up; or use units that keep a slope.",
    fix="""act = nn.LeakyReLU(0.01)  # or nn.GELU()""",
    elsewhere=(
        ("JAX", "h = jax.nn.leaky_relu(h, 0.01)"),
        ("Keras", "keras.layers.LeakyReLU(negative_slope=0.01)"),
    ),
    passage="training#always-the-same-class",
)

SOFTMAX_TWICE = Cause(
    key="softmax-twice",
    name="A softmax or sigmoid in front of a loss that has its own",
    test="Print what goes into the loss.",
    code="""out = model(x)
print(out.min().item(), out.max().item(), out.sum(dim=-1)[:3])""",
    shows="Everything lies between 0 and 1, after a softmax each row sums to 1, and the loss is one "
    "that takes logits (`CrossEntropyLoss`, `BCEWithLogitsLoss`; `BCELoss` wants the sigmoid). Then the "
    "cross-entropy of K classes cannot fall below log(1 + (K − 1)/e): 0.313 for two, 1.461 for "
    "ten. After a second sigmoid, on as many zeros as ones, it cannot fall below 0.503.",
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
    shows="They differ. The loss is then a mean over n × n pairs, and its best answer is the "
    "mean of the targets for every "
    "input. `MSELoss` warns once; a loss written by hand does not.",
    cure="Give both one shape. `reshape` raises where the counts differ; `squeeze` alone would not.",
    fix="""loss = loss_fn(model(x).reshape(y.shape), y)""",
    elsewhere=(
        ("JAX", "loss = optax.squared_error(pred.squeeze(-1), y).mean()"),
        ("Keras, in a loss of your own", "y_pred = keras.ops.squeeze(y_pred, axis=-1)"),
    ),
    passage="cross_entropy#y-true-and-y-pred-of-different-shapes",
)

OUT_OF_RANGE = Cause(
    key="out-of-range",
    name="The last layer cannot say what the targets say: a ReLU, sigmoid or tanh at the end",
    test="Look at the last module (or at the last line of `forward`), and at the range of the targets.",
    code="""print(list(model.modules())[-1])
print(y.min().item(), y.max().item())""",
    shows="A ReLU, and targets below 0; a sigmoid or softmax, and targets outside of 0 to 1; a tanh, and "
    "targets outside of −1 to 1. (That the outputs do not reach the targets is no sign: those of every "
    "network that says the mean do not.)",
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
    shows="A squared mean far above the variance (the first number is then about that squared mean), or "
    "a variance far from 1.",
    cure="Train on standardized targets and undo it when you predict, or start the last bias at "
    "the mean.",
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
    print(F.cross_entropy(logits, y).item(), math.log(logits.shape[-1]), logits.std().item())
model.train()""",
    shows="A loss several times log K, logits with a spread far above 1, and inputs of the size of 1. "
    "(If the first two numbers agree and your loss is higher, it is the reduction.)",
    cure="Start the last layer small, its bias at the log of the class shares.",
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
    code="""shares = torch.bincount(y.long().flatten()).float() / y.numel()
print(shares, torch.special.entr(shares).sum().item())""",
    shows="One share near 1, and a loss near that entropy: the network has learned the shares "
    "and nothing else. (Where the classes are like that, a dead network ends there too: count its units.)",
    cure="Train on; start the last bias at the log of the shares. The probabilities may be right "
    "as they are: move the threshold, by prices or on held-out data. Class weights shift the "
    "probabilities, and with them the decisions.",
    fix="""with torch.no_grad():
    last.bias.copy_(shares.log())  # of the training set; no share may be 0
said = model(x).softmax(dim=-1)[:, 1] > threshold  # chosen on validation data""",
    elsewhere=(("Keras", "threshold = 0.1\nsaid = keras.ops.softmax(model(x))[:, 1] > threshold"),),
    passage="training#always-the-same-class",
)

ARGMAX_OF_ONE = Cause(
    key="argmax-of-one",
    name="The decision is read wrongly: an argmax over one output, or over the batch; 0.5 asked "
    "of a logit",
    test="Print the shape, and the decisions beside the outputs.",
    code="""print(tuple(logits.shape), logits.argmax(dim=-1).unique())""",
    shows="A last dimension of 1, where argmax is 0 for everyone; or several answers here, where your "
    "code says one: then it takes the argmax over the batch, or asks 0.5 of a logit.",
    cure="One output: compare the logit with 0, or its sigmoid with one half. K outputs: argmax "
    "over the classes.",
    fix="""said = logits.squeeze(-1) > 0  # the same as sigmoid > 0.5""",
    elsewhere=(
        ("JAX", "said = logits.squeeze(-1) > 0"),
        ("Keras", "metric = keras.metrics.BinaryAccuracy(threshold=0.0)  # for logits"),
    ),
    passage="cross_entropy#binary-logits",
)

CTC_BLANKS = Cause(
    key="ctc-blanks",
    name="CTC: the stage of blanks, at the start",
    test="Print the share of steps that say blank, and the mean over the samples of the likeliest letter; again "
    "after some hundred steps of training.",
    code="""p = log_probs.exp()  # (steps, batch, symbols), and 0 is the blank
print((p.argmax(dim=-1) == 0).float().mean().item(), p[..., 1:].amax(dim=(0, 2)).mean().item())""",
    shows="The first number is 1. If the second grows, wait: the letters come when it nears one half.",
    cure="If it does not grow: learn eight samples by heart, then a warm-up and a clipped gradient; pool more "
    "along the time if the steps are many to a letter. No target may hold the blank.",
    fix="""within = torch.arange(targets.shape[1]) < target_lengths[:, None]
assert (targets[within] > 0).all()  # letters begin at 1
norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)  # before each step""",
    passage="sequences#ctc",
)

RATE_FLOOR = Cause(
    key="rate-floor",
    name="The rate is now too high for the noise of the batches: the loss trembles above its floor",
    test="Divide the rate by ten and train a hundred steps more.",
    code="""for group in optimizer.param_groups:
    group["lr"] /= 10""",
    shows="The loss drops within these steps, and then stays on a lower level.",
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
    code="""import copy
for lr in (1e-3, 1e-2):
    net = copy.deepcopy(model).eval()
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    for _ in range(500):
        opt.zero_grad()
        loss = loss_fn(net(x[:8]), y[:8])
        loss.backward()
        opt.step()
    print(lr, loss.item())""",
    shows="Not even eight samples with different inputs reach the floor of the loss, and none of the "
    "other tests in this list says yes: a slip, or wrong scales, keep them up too. (If they do reach "
    "it, try the whole set with twice the width.)",
    cure="A wider or deeper network, better inputs, less dropout and weight decay.",
    passage="training#overfit-one-batch",
)

NEW_TOKENS = Cause(
    key="new-tokens",
    name="A language model with new tokens: their rows in the last layer start too large",
    test="Compute the loss of a text without the new tokens, before and after they are added.",
    shows="It is far higher afterward: the new rows take the probability at every position.",
    cure="Set the new rows, in the embedding and in the last layer, to the mean of the old ones.",
    passage="training#new-tokens",
)
