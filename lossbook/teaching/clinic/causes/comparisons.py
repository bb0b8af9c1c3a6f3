"""Losses of differences of scores: triplets, contrasts, preferences."""

from ..cause import Cause

COLLAPSE = Cause(
    key="collapse",
    name="All embeddings are one point: then every triplet costs exactly the margin",
    test="Print the mean distance in a batch.",
    code="""z = model(x)
print(torch.pdist(z).mean().item(), z.std(dim=0).mean().item())""",
    shows="Both near 0, next to the margin.",
    cure="A lower rate is the first thing to try. Then: normalized embeddings, larger batches, a "
    "start from a network trained to classify.",
    fix="""z = F.normalize(model(x), dim=-1)
for group in optimizer.param_groups:
    group["lr"] /= 10""",
    elsewhere=(
        ("JAX", "z = z / jnp.linalg.norm(z, axis=-1, keepdims=True)"),
        ("Keras", "z = keras.layers.UnitNormalization()(z)"),
    ),
    passage="comparisons#comparisons-triplet",
)

REVERSED = Cause(
    key="reversed",
    name="A sign is reversed: the loss draws the negative near, and pushes the positive away",
    test="Take a triplet that is in order, and exchange its positive and its negative.",
    code="""a, near, far = torch.tensor([[[0.0, 0.0]], [[1.0, 0.0]], [[3.0, 0.0]]])
print(loss_fn(a, near, far).item(), loss_fn(a, far, near).item())""",
    shows="The second number is smaller. It must be larger.",
    cure="Mend the distance: it has to grow when two points part. In sentence-transformers 5.0 to 5.3 the "
    "default of `TripletLoss` is reversed: update it.",
    fix="""loss_fn = nn.TripletMarginWithDistanceLoss(
    distance_function=nn.PairwiseDistance(),
    margin=5.0)""",
    passage="comparisons#comparisons-triplet",
)

HARDEST = Cause(
    key="hardest",
    name="The hardest negatives from the first step on: often wrong labels or look-alikes",
    test="Train a few hundred steps with random or semi-hard negatives.",
    code="""d = torch.cdist(z, z)
same = y[:, None] == y[None, :]
far = d.masked_fill(same, float("inf"))
ap = d[anchor, positive]
gap = far[anchor] - ap[:, None]
semi = far[anchor].masked_fill((gap <= 0) | (gap >= 0.2), float("inf"))  # the margin is 0.2
print(semi.min(dim=1).values.isfinite().float().mean().item())  # with a semi-hard negative""",
    shows="With them the loss leaves the margin; with the hardest it went back to it.",
    cure="Negatives that are farther than the positive, but within the margin; the hardest "
    "later, if at all.",
    fix="""some = semi.isfinite().any(dim=1)  # an anchor may have none
negative = semi.argmin(dim=1)[some]
loss = F.triplet_margin_loss(z[anchor[some]], z[positive[some]], z[negative], margin=0.2)""",
    passage="comparisons#comparisons-triplet",
)

ACTIVE_ONLY = Cause(
    key="active-only",
    name="No fault: the mean is over the triplets that still cost something, and they are chosen "
    "anew in each batch",
    test="Count the active ones.",
    code="""cost = (d_ap - d_an + margin).clamp(min=0)
print((cost > 0).float().mean().item(), cost.mean().item(), cost[cost > 0].mean().item())""",
    shows="The share of active triplets falls, while their mean stays near the margin.",
    cure="Watch the share, and retrieval on held-out data.",
    passage="comparisons#comparisons-triplet",
)

LOG_BATCH = Cause(
    key="log-batch",
    name="InfoNCE at log N: all N similarities are alike, or each is divided by too large a "
    "temperature",
    test="Print the similarities: the pair's, and the others'.",
    code="""import math
s = F.normalize(a, dim=-1) @ F.normalize(b, dim=-1).T
others = s[~torch.eye(len(s), dtype=torch.bool)]
print(s.diag().mean().item(), others.mean().item(), math.log(len(s)))""",
    shows="The two are alike: that is where training starts, and it should not stay. (Alike and near 1: "
    "collapse.) Or they differ, and the loss is near log N all the same: the temperature is too large.",
    cure="Normalize, and divide by a temperature of about 0.1, or learn it. Larger batches raise "
    "log N: losses of different batch sizes cannot "
    "be compared.",
    fix="""logits = s / 0.1
loss = F.cross_entropy(logits, torch.arange(len(s)))""",
    elsewhere=(
        (
            "JAX",
            "loss = optax.softmax_cross_entropy_with_integer_labels(s / 0.1, "
            "jnp.arange(len(s))).mean()",
        ),
    ),
    passage="comparisons#comparisons-infonce",
)

DPO_GAP = Cause(
    key="dpo-gap",
    name="No fault: DPO's loss knows only the difference of the two rewards",
    test="Print the gap and how often it is positive.",
    code="""margin = chosen_rewards - rejected_rewards
print(margin.mean().item(), (margin > 0).float().mean().item())""",
    shows="The gap grows and its sign is right more and more often, while both rewards fall, the "
    "rejected one faster.",
    cure="Watch the gap and read answers. If the chosen answers become worse, add a little of "
    "their own likelihood to the loss.",
    fix="""loss = -F.logsigmoid(margin).mean() - 0.1 * chosen_logps.mean()  # per token""",
    passage="comparisons#comparisons-dpo",
)

DPO_STRONG = Cause(
    key="dpo-strong",
    name="DPO, and the answers get worse: rate too high, β too low, too many passes",
    test="Read ten answers at each checkpoint, and watch their length and the log-probability of "
    "the chosen ones.",
    shows="The log-probabilities of the chosen answers fall far, and answers repeat themselves "
    "or grow long.",
    cure="Try a larger β, a smaller rate, fewer passes; or add the likelihood of the chosen "
    "answers to the loss. Are the chosen answers longer than the rejected ones throughout? Then "
    "the model may learn length.",
    passage="comparisons#comparisons-dpo",
)

DPO_START = Cause(
    key="dpo-start",
    name="DPO, loss stays at log 2 = 0.693 and both rewards at 0: the policy is still the reference",
    test="Compare the log-probabilities of the two models.",
    code="""print((policy_logps - reference_logps).abs().max().item())""",
    shows="0 after many steps: nothing is trained, or one model is used for both. At "
    "the first step it is right. (Not 0, while both rewards are: β is 0.)",
    cure="Check that the weights move, that adapters are on for the policy, and that the "
    "reference is a frozen copy.",
    fix="""import copy
reference = copy.deepcopy(model).eval().requires_grad_(False)""",
    passage="comparisons#comparisons-dpo",
)
