"""Spikes, saws, and jumps."""

from ..cause import Cause

BAD_BATCH = Cause(
    key="bad-batch",
    name="A strange batch: a broken sample, an extreme target, an empty mask",
    test="Go once through the data in a fixed order, without a step, and write down whose loss stands out.",
    code="""usual = None
for i, (x, y) in enumerate(loader):
    with torch.no_grad():
        loss = loss_fn(model(x), y).item()
    if not loss <= 3 * (loss if usual is None else usual):  # NaN too
        print("batch", i, loss)
    else:
        usual = loss if usual is None else 0.9 * usual + 0.1 * loss""",
    shows="One batch, or a few, although no weight has moved.",
    cure="Look at its samples, and mend or drop them. Clip the gradient, so that one batch "
    "cannot throw the weights away.",
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
    passage="training#a-saw",
)

NOT_SHUFFLED = Cause(
    key="not-shuffled",
    name="The samples come in the same order in every pass",
    test="Ask the loader.",
    code="""print(type(loader.sampler).__name__)""",
    shows="SequentialSampler, which is the default of PyTorch's DataLoader. Sorted data then "
    "teach one class after the other. (A `DistributedSampler` repeats one order without "
    "`set_epoch(epoch)`.)",
    cure="Shuffle in training.",
    fix="""loader = torch.utils.data.DataLoader(data, batch_size=64, shuffle=True)""",
    elsewhere=(("Keras", "model.fit(x, y, shuffle=True)  # the default; ignored for generators"),),
    passage="training#a-saw",
)

RUNNING_MEAN = Cause(
    key="running-mean",
    name="No fault of training: what is plotted is a running mean that begins anew with each pass",
    test="Plot the loss of each batch as it is.",
    shows="The teeth are gone, and noise is in their place.",
    cure="Plot the batches with one exponential mean over all passes. The progress bar of "
    "Keras's `fit` shows the mean "
    "of the pass so far.",
    passage="training#a-saw",
)

SEEN_AGAIN = Cause(
    key="seen-again",
    name="Samples seen again soon after the last time: the loss drops as each pass begins, and "
    "climbs within it",
    test="Look where the teeth stand, and compare the validation loss.",
    shows="The drops stand exactly at the beginnings of the passes, most with Adam; the order is "
    "shuffled, the last batch is full, and the validation loss has no teeth.",
    cure="Often nothing: the model remembers samples that it has just seen. A larger β₂ of Adam, "
    "or less capacity, makes the teeth smaller.",
    fix="""optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.9, 0.999))  # if smaller""",
    passage="training#stairs",
)

NOISY_BATCHES = Cause(
    key="noisy-batches",
    name="Small batches: each loss is the mean of a few samples",
    test="Compare the jumps with the spread of the losses of the samples.",
    code="""losses = F.cross_entropy(logits, y, reduction="none")
print(losses.std().item() / len(losses) ** 0.5)""",
    shows="The teeth are about as high as this number, the standard error of the batch's mean.",
    cure="Judge by a smoothed curve or by the validation loss. If the smoothed curve stands "
    "still: four times the batch, or a "
    "lower rate.",
    passage="training#a-saw",
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
            "schedule = optax.warmup_cosine_decay_schedule(0.0, 1e-3, warmup_steps=500, "
            "decay_steps=steps)",
        ),
    ),
    passage="optimization#optimization-schedules",
)

RESUMED = Cause(
    key="resumed",
    name="Training was resumed without the optimizer's memory, or with the rate of the start",
    test="Look what the checkpoint holds.",
    code="""print(sorted(torch.load(path)))""",
    shows="The model alone, or the names of its layers: no state of optimizer and schedule.",
    cure="Save and load all of it.",
    fix="""torch.save({"model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": scheduler.state_dict()}, path)
saved = torch.load(path)
for name, part in (("model", model), ("optimizer", optimizer), ("scheduler", scheduler)):
    part.load_state_dict(saved[name])""",
    elsewhere=(("Keras", 'model.save("model.keras")  # holds the optimizer too, if compiled'),),
    passage="training#resuming",
)
