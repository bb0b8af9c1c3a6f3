"""What training and validation loss say about each other."""

from ..cause import Cause

BY_HEART = Cause(
    key="by-heart",
    name="Learned by heart: few samples for so large a model",
    test="Train on half of the data.",
    shows="With half the data the gap between the curves grows; with all of them it is smaller. "
    "Then more would help.",
    cure="More data or augmentation; weight decay; dropout; keep the weights of the pass with "
    "the least validation loss.",
    fix="""optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
if valid_loss < best:
    best = valid_loss
    torch.save(model.state_dict(), path)""",
    elsewhere=(
        ("JAX", "optimizer = optax.adamw(1e-3, weight_decay=0.1)"),
        ("Keras", "keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)"),
    ),
    passage="significance#the-training-loss-falls-the-validation-loss-does-not",
)

PREPARED_OTHERWISE = Cause(
    key="prepared-otherwise",
    name="The inputs are prepared in another way than in training: scale, order of channels, tokenizer",
    test="Send the same samples through both paths, and compare numbers, not pictures.",
    code="""print((x_train_way - x_other_way).abs().max().item())
print(x_train_way.mean(0)[:5], x_other_way.mean(0)[:5])""",
    shows="A difference that is not 0.",
    cure="One function for both. Mean and spread come from the training set, and are stored with "
    "the model.",
    fix="""torch.save({"model": model.state_dict(), "mean": mean, "std": std}, path)""",
    passage="training#training-falls-validation-does-not",
)

OTHER_SPLIT = Cause(
    key="other-split",
    name="The validation samples are of another kind: later, from other people, other places",
    test="Mix training and validation samples, split them at random, and train once more.",
    shows="The gap closes. (If it does not, it is no matter of the split.)",
    cure="Split in the way in which the model will be used, and believe that split. Collect "
    "training samples like it.",
    passage="training#training-falls-validation-does-not",
)

EVAL_MODE = Cause(
    key="eval-mode",
    name="Dropout or batch normalization in the wrong mode",
    test="Print `model.training` where you evaluate, and compute the loss of one training batch in both "
    "modes.",
    code="""import copy
net = copy.deepcopy(model)  # a pass in training mode moves running means
print(model.training)
with torch.no_grad():
    for mode in (True, False):
        net.train(mode)
        print(mode, loss_fn(net(x), y).item())""",
    shows="True in the first line: the evaluation has no `model.eval()`. False, and the loss is far higher "
    "in the mode of evaluation: the running mean of batch normalization is off, by small batches or too "
    "few steps. (Far lower is as it should be with dropout.)",
    cure="`model.eval()` before you evaluate, `model.train()` after it. (`torch.no_grad()` does "
    "not switch the mode.)",
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
    shows="Now training is the lower one, or they are equal. Use a training loader without "
    "augmentation. (The next cause goes away too; a split that is easy, small or known does not.)",
    cure="Nothing is wrong. Plot this number, if you want to compare the curves.",
    elsewhere=(
        ("Keras", "model.evaluate(x_train, y_train)  # penalties of the layers are in both losses"),
    ),
    passage="training#validation-below-training",
)

HALF_EPOCH = Cause(
    key="half-pass",
    name="The training loss is a mean over the pass, taken while the weights still improved",
    test="Move the training curve half a pass to the left.",
    shows="The gap shrinks or turns around, above all in the first passes, where the loss falls fast.",
    cure="Nothing is wrong. To compare, compute both after the pass.",
    passage="training#validation-below-training",
)

SMALL_SPLIT = Cause(
    key="small-split",
    name="The validation set is small, or easier",
    test="Compute its mean loss with its standard error.",
    code="""losses = F.cross_entropy(logits, y, reduction="none")
print(losses.mean().item(), losses.std().item() / len(losses) ** 0.5)""",
    shows="The gap between the curves is within two standard errors. Or another random split "
    "turns it around.",
    cure="A larger validation set, or cross-validation.",
    passage="training#validation-below-training",
)

LEAK = Cause(
    key="leak",
    name="Validation samples, or near copies of them, are in the training set",
    test="Look for exact copies; then for the same person, document or scene on both sides.",
    code="""seen = {row.cpu().numpy().tobytes() for row in x_train}
print(sum(row.cpu().numpy().tobytes() in seen for row in x_valid), len(x_valid))""",
    shows="A count above 0.",
    cure="Split by the group, before augmentation and before windows are cut; remove copies.",
    passage="training#validation-below-training",
)

OVERCONFIDENT = Cause(
    key="overconfident",
    name="Overconfidence: the decisions still improve, while the probabilities become too bold",
    test="Divide the validation logits by a temperature.",
    code="""for T in (1.0, 1.5, 2.0, 3.0, 5.0):
    print(T, F.cross_entropy(logits / T, y).item())""",
    shows="On some hundreds of samples the loss is lowest at a T well above 1; the decisions are the same at "
    "each. (Lowest at the largest T, however large: the scores say little.)",
    cure="Keep the weights that you would pay for: least loss if probabilities are used, best "
    "accuracy if only decisions are. "
    "Then fit T on validation data. Weight decay and label smoothing hold the boldness down in "
    "training.",
    fix="""log_t = torch.zeros(1, requires_grad=True)
fit = torch.optim.LBFGS([log_t], max_iter=50)

def closure():
    fit.zero_grad()
    value = F.cross_entropy(logits.detach() / log_t.exp(), y)
    value.backward()
    return value

fit.step(closure)
temperature = log_t.exp().item()""",
    passage="training#the-validation-loss-rises-while-the-accuracy-rises",
)

FEW_SAMPLES = Cause(
    key="few-samples",
    name="A few samples hold most of the loss: wrong labels, or outliers",
    test="Sort some hundreds of samples by their loss.",
    code="""losses = F.cross_entropy(logits, y, reduction="none")
worst = losses.topk(10)
print(worst.indices.tolist(), (worst.values.sum() / losses.sum()).item())""",
    shows="Ten samples hold a large share of the sum; read one by one, they are mislabeled, broken or "
    "odd. (If they are merely the rare class, it is not this.)",
    cure="Mend the labels. What cannot be mended: a loss that limits the price of one sample.",
    fix="""loss_fn = nn.HuberLoss(delta=1.0)  # for numbers
p = logits.softmax(dim=-1)  # for classes: the Brier score, at most 2 a sample
loss = (p - F.one_hot(y, p.shape[-1])).square().sum(dim=-1).mean()""",
    elsewhere=(("Keras", "loss_fn = keras.losses.Huber(delta=1.0)"),),
    passage="challenges#labels-that-lie",
)
