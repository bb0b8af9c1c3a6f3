"""The catalog's entries on losses of probabilities and logits."""

from .entry import Entry, Peer

ENTRIES = {
    "BinaryCrossEntropy": Entry(
        use="Two classes, and you want to know the chance. Several labels at once: $K$ logits, one for each, and a "
        "mean over all $N K$ of them; a sum over the labels pulls $K$ times as hard.",
        avoid="Labels are wrong now and then and the model is large: one confident mistake costs without limit.",
        claim="The pull is the forecast less the truth, which smoothing moves toward one half; it never exceeds 1.",
        peers=(
            Peer(
                "PyTorch",
                "BCEWithLogitsLoss",
                {"reduction": "mean"},
                "Ours with `from_logits=True`. `pos_weight` multiplies the loss of the label 1 and is not divided "
                "out: the odds come out as many times too high. `BCELoss`, of probabilities, clamps at $-100$.",
            ),
            Peer(
                "Keras",
                "BinaryCrossentropy",
                {"from_logits": False, "label_smoothing": 0.0},
                "Clips probabilities at $10^{-7}$: no loss above 16.118; in float32, 15.942 where the truth is 0.",
            ),
            Peer("optax", "sigmoid_binary_cross_entropy", {}, "From logits, elementwise."),
            Peer(
                "scikit-learn",
                "sklearn.metrics.log_loss",
                {"normalize": True},
                "Clips at the precision of its input: no loss above 36.04, in float32 15.94.",
            ),
        ),
    ),
    "CrossEntropy": Entry(
        use="Several classes, of which one is true, and you want their probabilities.",
        avoid="Several labels can be true at once: then it is a binary cross-entropy for each.",
        claim="The pull on the true class is its missing probability: one less what it was given.",
        peers=(
            Peer(
                "PyTorch",
                "CrossEntropyLoss",
                {"label_smoothing": 0.0, "reduction": "mean"},
                "From logits; a softmax before it keeps the loss above 1.46 with ten classes. The target is class "
                "indices, as integers, or probabilities; with class weights the mean divides by their sum for the "
                "former, and by $N$ for the latter.",
            ),
            Peer(
                "Keras",
                "CategoricalCrossentropy",
                {"from_logits": False, "label_smoothing": 0.0},
                "One-hot targets; `SparseCategoricalCrossentropy`: indices. Clips probabilities at $10^{-7}$.",
            ),
            Peer(
                "optax",
                "softmax_cross_entropy_with_integer_labels",
                {},
                "From logits, one loss a sample.",
            ),
            Peer(
                "scikit-learn",
                "sklearn.metrics.log_loss",
                {"normalize": True},
                "Clips, as for two classes.",
            ),
        ),
    ),
    "KLDivergence": Entry(
        use="The target is a distribution, from a teacher {cite}`hinton2015` or from several annotators.",
        avoid="The target is one class: then it equals the cross-entropy.",
        claim="Zero where the forecast equals the truth, infinite where it excludes what can happen.",
        peers=(
            Peer(
                "PyTorch",
                "KLDivLoss",
                {"reduction": "mean", "log_target": False},
                "Takes log-probabilities, in the order (model, data); given probabilities, it is negative. "
                '`"mean"` divides by $K$ too: use `"batchmean"`.',
            ),
            Peer(
                "Keras",
                "KLDivergence",
                {},
                "Clips both distributions at $10^{-7}$: never infinite.",
            ),
            Peer(
                "optax",
                "kl_divergence",
                {},
                "Takes log-probabilities, in the order (model, data).",
            ),
        ),
    ),
    "Focal": Entry(
        use="Detection: very many easy negatives would drown the few that matter.",
        avoid="You need the probability: it is not proper, and its answers are drawn toward one half.",
        claim="The higher $\\gamma$, the less a sample that is already right is heard.",
        peers=(
            Peer(
                "Keras",
                "BinaryFocalCrossentropy",
                {"gamma": 2.0, "alpha": 0.25, "from_logits": False},
                "`alpha` is ignored unless `apply_class_balancing=True`.",
            ),
            Peer(
                "optax",
                "sigmoid_focal_loss",
                {"alpha": None, "gamma": 2.0},
                "From logits, elementwise.",
            ),
        ),
    ),
    "Brier": Entry(
        use="A proper score with a limit: no single forecast can cost more than 1.",
        avoid="You train through a sigmoid from a bad start: the gradient dies where the forecast is surely wrong.",
        claim="A parabola in the forecast probability, between 0 and 1.",
        peers=(
            Peer(
                "scikit-learn",
                "sklearn.metrics.brier_score_loss",
                {},
                "For two classes the same; for several it sums over all classes.",
            ),
        ),
    ),
    "MulticlassHinge": Entry(
        use="Several classes, and a decision is all that is wanted.",
        avoid="No class has a majority: it is content with equal scores, and names nobody.",
        claim="Only the best rival is heard, and only while the lead is less than 1.",
        peers=(
            Peer(
                "Keras",
                "CategoricalHinge",
                {},
                "One-hot targets. Another loss where all rivals have scores below 0: among them it counts a 0. "
                "The scores $(-3, -5, -6)$, the first true, have the lead 2 and cost 4 there, 0 here.",
            ),
            Peer(
                "optax",
                "multiclass_hinge_loss",
                {},
                "One loss a sample; a class index out of range is not checked.",
            ),
            Peer(
                "scikit-learn",
                "sklearn.metrics.hinge_loss",
                {},
                "For several classes this loss, from decision values.",
            ),
        ),
    ),
    "WestonWatkins": Entry(
        use="Several classes, and every rival within the margin should be pushed away.",
        avoid="You need the best decision: two leaders of unequal probability can be tied.",
        claim="Each rival within the margin adds a pull of its own.",
        peers=(
            Peer(
                "PyTorch",
                "MultiMarginLoss",
                {"p": 1, "margin": 1.0},
                "This loss divided by the number of classes.",
            ),
        ),
    ),
}
