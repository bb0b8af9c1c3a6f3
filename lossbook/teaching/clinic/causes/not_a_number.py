"""NaN and infinity."""

from ..cause import Cause

RATE = Cause(
    key="rate",
    name="The learning rate is too high",
    test="Print the loss and the norm of the gradient at each step. Then train the same steps at a tenth "
    "of the rate, set before a schedule is made.",
    code="""norm = torch.nn.utils.clip_grad_norm_(model.parameters(), float("inf"))  # clips nothing
print(loss.item(), norm.item())
for group in optimizer.param_groups:  # once, before the second run
    group["lr"] /= 10""",
    shows="Before the trouble, loss and norm grow from step to step; at a tenth of the rate they do not. "
    "(Where NaN comes out of a small or a falling loss, a lower rate only puts it off: look for a "
    "logarithm or a root.)",
    cure="Keep the lower rate, or warm up to the old one over the first steps. Against rare long "
    "steps, clip the gradient between `backward()` and `step()`.",
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
    cure="Drop or fill these samples. Targets that are missing: put a number in their place, and "
    "leave them out "
    "of the mean. (A NaN times a mask of zero is still NaN.)",
    fix="""known = torch.isfinite(y)
error = model(x) - torch.where(known, y, 0.0)
loss = (error.square() * known).sum() / known.sum().clamp(min=1)""",
    elsewhere=(
        ("JAX", "print(jnp.isfinite(x).all(), jnp.isfinite(y).all())"),
        ("Keras", "print(keras.ops.all(keras.ops.isfinite(x)))"),
    ),
    passage="custom_losses#masks-a-target-that-is-missing",
)

LOG_OF_ZERO = Cause(
    key="log-of-zero",
    name="A logarithm of 0, or an exp that overflows, in a loss written by hand",
    test="Run one bad batch with anomaly detection, which names the operation. It is slow: for "
    "this run only.",
    code="""z = model(x)
print(z.isfinite().all().item(), z.abs().max().item())
with torch.autograd.detect_anomaly():
    loss_fn(z, y).backward()""",
    shows="The scores are finite, and it raises a RuntimeError that names LogBackward0, ExpBackward0, or "
    "what stands in front of the logarithm: SigmoidBackward0, SoftmaxBackward0. (LogSoftmaxBackward0 is "
    "safe, and only hands on a NaN; scores that are not finite come from the data or the weights.)",
    cure="Give logits to a loss that takes logits: it has the sigmoid or softmax inside, where "
    "nothing overflows.",
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
    name="The loss is finite and its gradient is not: a root or a norm at 0, a `where` whose "
    "other branch overflows",
    test="At the last step with a finite loss, look at the gradients before you step.",
    code="""loss = loss_fn(model(x), y)
loss.backward()
bad = [name for name, p in model.named_parameters()
       if p.grad is not None and not torch.isfinite(p.grad).all()]
print(loss.item(), bad)""",
    shows="An ordinary loss (not one of 1e30), and a list of parameters that is not empty.",
    cure="Keep the argument away from the bad place before the operation, not after it: the "
    "branch that is "
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
        (
            "JAX",
            """some = jnp.where(kept, y, 0)  # -100 is no class: its loss would be NaN
losses = optax.softmax_cross_entropy_with_integer_labels(logits, some)
loss = (losses * kept).sum() / jnp.maximum(kept.sum(), 1)""",
        ),
        (
            "Keras",
            "loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-100)",
        ),
    ),
    passage="training#one-loss-per-sample-and-padding-left-out",
)

HALF_OVERFLOW = Cause(
    key="half-overflow",
    name="A number above 65,504, the largest that float16 holds",
    test="Look at the scores of the bad batch, under autocast and in float32.",
    code="""with torch.no_grad():
    with torch.autocast(x.device.type, dtype=torch.float16):
        half = model(x)
    print(half.isfinite().all().item(), model(x).isfinite().all().item())""",
    shows="False and True: a layer overflows. (Twice True: what fails is the loss. Twice False: "
    "float32 fails too, so look at the data and the rate.)",
    cure="Use bfloat16, which has the range of float32 and needs no loss scaling, if your device "
    "has it. Otherwise keep "
    "the layer that overflows in float32.",
    fix="""with torch.autocast(x.device.type, dtype=torch.bfloat16):
    loss = loss_fn(model(x), y)""",
    elsewhere=(
        ("JAX", "logits = logits.astype(jnp.float32)"),
        ("Keras", 'keras.mixed_precision.set_global_policy("mixed_bfloat16")'),
    ),
    passage="training#nan-only-with-mixed-precision",
)

HALF_LOSS = Cause(
    key="half-loss",
    name="The loss itself is computed in half precision, where a guard such as 1e-8 is 0",
    test="Compute the loss of the same scores twice: as you do, and in float32.",
    code="""print(logits.dtype, loss_fn(logits, y).item(), loss_fn(logits.float(), y).item())""",
    shows="torch.float16, and only the second loss is finite: a guard of 1e-8 is 0 there, since the "
    "smallest number above 0 that float16 holds is 6e-8.",
    cure="Compute the loss in float32. Within autocast PyTorch casts the inputs of its own "
    "losses, such as `F.cross_entropy`, to float32; a loss written by hand, or computed outside "
    "of autocast on half-precision outputs, needs the cast.",
    fix="""loss = loss_fn(logits.float(), y)""",
    elsewhere=(
        (
            "JAX",
            "loss = optax.softmax_cross_entropy_with_integer_labels(logits.astype(jnp.float32), "
            "y).mean()",
        ),
        ("Keras", 'outputs = keras.layers.Dense(10, dtype="float32")(features)'),
    ),
    passage="training#nan-only-with-mixed-precision",
)

SCALER_ORDER = Cause(
    key="scaler-order",
    name="The scaler is bypassed: the gradient clipped before it is unscaled, or the optimizer "
    "stepped twice",
    test="Read the loop: one `scaler.step(optimizer)` and one `scaler.update()` for each step (not for "
    "each micro-batch), no `optimizer.step()` beside them, and "
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
    shows="A few skipped steps at the start, later one now and then: the scaler of PyTorch "
    "starts at 65,536, halves its "
    "scale at an overflow, and doubles it after 2,000 steps without one.",
    cure="Nothing. Only do not step a schedule of the rate on a skipped step.",
    fix="""if not skipped:
    scheduler.step()""",
    passage="training#loss-scaling-and-gradient-overflow-reducing-loss-scale",
)

SCALE_FALLS = Cause(
    key="scale-falls",
    name="The gradients are really NaN or infinite: then no scale is small enough",
    test="Watch the scale over a hundred steps.",
    code="""print(scaler.get_scale())""",
    shows="It keeps falling, far below 1, and the weights stand still: every step is skipped.",
    cure="Switch the scaler and autocast off, and look for the NaN in float32. Start with the "
    "data, then the rate.",
    fix="""scaler = torch.amp.GradScaler(x.device.type, enabled=False)""",
    passage="training#loss-scaling-and-gradient-overflow-reducing-loss-scale",
)

CTC_SHORT = Cause(
    key="ctc-short",
    name="CTC: the target does not fit into the output, and its probability is 0",
    test="Compare the lengths. Each repeated letter needs a blank in between.",
    code="""repeats = sum(int(a == b) for a, b in zip(target[:-1], target[1:]))
print(len(target) + repeats, input_length)""",
    shows="The first number is above the second: the loss is infinite, and its gradient is NaN.",
    cure="Less pooling along the time, or longer inputs; leave such samples out. `zero_infinity` "
    "makes a 0 of each in silence, and the mean still counts it: count how many.",
    fix="""loss_fn = nn.CTCLoss(blank=0, zero_infinity=True)""",
    elsewhere=(
        (
            "JAX",
            "losses = optax.ctc_loss(z, z_padding, labels, padding)  # about 100,000, not infinity",
        ),
    ),
    passage="sequences#ctc",
)

FILTERED = Cause(
    key="filtered",
    name="The log says 0.0, and the validation loss NaN: NaN was left out of the mean",
    test="Log the norm of the gradient; in Hugging Face's Trainer set `logging_nan_inf_filter=False`.",
    shows="The norm is NaN at the steps whose loss is logged as 0.0.",
    cure="Go back to a checkpoint from before the first NaN, and take one batch in float32: if the loss is finite "
    "there, train in bfloat16, or in float32: loss scaling does not help the forward pass.",
    passage="training#zero-and-nan",
)

POWER = Cause(
    key="power",
    name="A power below 1, as in a focal loss with gamma below 1, or the logarithm of a rate that is not positive",
    test="Print the largest probability of the true class, or the smallest rate.",
    shows="A probability of exactly 1, or a rate of 0 or less.",
    cure="A gamma of at least 1, or 1 − p computed as the sigmoid of minus the logit; for counts let the network say "
    "the logarithm of the rate.",
    passage="training#nan-powers",
)
