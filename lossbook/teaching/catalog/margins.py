"""The catalog's entries on losses of margins, and on likelihoods."""

from .entry import Entry, Peer

ENTRIES = {
    "Hinge": Entry(
        use="The decision is all you want, and few samples should carry it.",
        avoid="Somebody will read the score as a probability.",
        claim="Beyond the margin 1 silence; below it, one force for all.",
        peers=(
            Peer("Keras", "Hinge", {}, "Guesses whether labels are $\\pm 1$ or 0 and 1."),
            Peer("optax", "hinge_loss", {}, "Labels must be $\\pm 1$ and are not checked."),
            Peer("scikit-learn", "sklearn.metrics.hinge_loss"),
            Peer(
                "PyTorch",
                "HingeEmbeddingLoss",
                {"margin": 1.0},
                "Not this loss, in spite of its name: for $y = 1$ it is the input itself, a distance.",
            ),
        ),
    ),
    "SquaredHinge": Entry(
        use="A smooth support vector machine, or a score that keeps the share: its best constant is the mean.",
        avoid="Labels may be wrong: its pull grows with the depth of the mistake.",
        claim="The pull falls in a straight line and is silent beyond the margin 1.",
        peers=(
            Peer("Keras", "SquaredHinge", {}, "Guesses whether labels are $\\pm 1$ or 0 and 1."),
            Peer(
                "scikit-learn",
                "sklearn.svm.LinearSVC",
                {"loss": "squared_hinge"},
                "An estimator that minimizes this loss unless told otherwise.",
            ),
        ),
    ),
    "SmoothedHinge": Entry(
        use="A hinge for methods that need a gradient everywhere.",
        avoid="Samples at the margin should carry the fit, as in a support vector machine: here they are not heard.",
        claim="The corner of the hinge rounded off between the margins 0 and 1.",
    ),
    "ModifiedHuber": Entry(
        use="A smooth margin loss with a bounded pull, from whose score a probability can be read.",
        avoid="Many labels are wrong: the bound of its pull is 4, four times the hinge's.",
        claim="A squared hinge whose arm is straightened below the margin $-1$.",
        peers=(
            Peer(
                "scikit-learn",
                "sklearn.linear_model.SGDClassifier",
                {"loss": "hinge"},
                'This loss is its option `loss="modified_huber"`.',
            ),
        ),
    ),
    "Logistic": Entry(
        use="Two classes with labels $\\pm 1$, and you want the chance: it is the cross-entropy of logits.",
        avoid="The classes can be separated and nothing holds the weights: they grow forever.",
        claim="Everybody is heard, who is right by much only faintly, and nobody louder than 1.",
        peers=(
            Peer(
                "PyTorch",
                "SoftMarginLoss",
                {"reduction": "mean"},
                "Infinite, with a gradient of NaN, for margins below $-709.8$; in float32 below $-88.7$.",
            ),
            Peer(
                "scikit-learn",
                "sklearn.linear_model.LogisticRegression",
                {"C": 1.0},
                "An estimator, penalized unless told otherwise.",
            ),
        ),
    ),
    "Perceptron": Entry(
        use="History, and a learning rule that fits in a line.",
        avoid="Nearly always: scores of zero cost nothing, so that with a penalty it says nothing to everybody.",
        claim="Only mistakes are heard, all with the same force.",
        peers=(
            Peer("optax", "perceptron_loss", {}, "Labels must be $\\pm 1$ and are not checked."),
            Peer(
                "scikit-learn",
                "sklearn.linear_model.Perceptron",
                {"penalty": None},
                "An estimator.",
            ),
        ),
    ),
    "Exponential": Entry(
        use="Boosting: it is what AdaBoost minimizes, step by step.",
        avoid="Labels may be wrong: a margin of $-10$ costs as much as 59,874 margins of 1.",
        claim="The pull equals the loss: it grows by the factor $e$ with each unit of margin that is missing.",
        peers=(
            Peer(
                "scikit-learn",
                "sklearn.ensemble.GradientBoostingClassifier",
                {"loss": "log_loss"},
                'This loss is its option `loss="exponential"`.',
            ),
        ),
    ),
    "ZeroOne": Entry(
        use="To judge: its mean is the share of mistakes.",
        avoid="To train: its gradient is zero wherever it exists.",
        claim="A stair: nothing on it tells which way is down.",
        peers=(
            Peer(
                "scikit-learn",
                "sklearn.metrics.zero_one_loss",
                {"normalize": True},
                "Takes decisions, not scores.",
            ),
        ),
    ),
    "PoissonNLL": Entry(
        use="Counts, whose variance grows with their mean.",
        avoid="The counts vary more than Poisson's, and you need the spread, not only the mean.",
        claim="Convex in the log-rate, and lowest where the rate equals the count; for the count 0 nowhere.",
        peers=(
            Peer(
                "PyTorch",
                "PoissonNLLLoss",
                {"log_input": True, "full": False, "eps": 1e-08},
                "The same by default; with `log_input=False` it adds `eps` to the rate.",
            ),
            Peer("Keras", "Poisson", {}, "Takes the rate, not its logarithm."),
            Peer(
                "scikit-learn",
                "sklearn.linear_model.PoissonRegressor",
                {"alpha": 1.0},
                "An estimator, penalized unless told otherwise.",
            ),
        ),
    ),
    "GaussianNLL": Entry(
        use="The spread differs from sample to sample, and the model should say so {cite}`kendallgal2017`.",
        avoid="Mean and variance start far off: a large variance excuses a bad mean.",
        claim="Lowest where the variance equals the square of the residual; for the residual 0 it has no lowest point.",
        peers=(
            Peer(
                "PyTorch",
                "GaussianNLLLoss",
                {"full": False, "eps": 1e-06},
                "Clamps the variance at `eps`: variance $10^{-8}$ and residual 1 give 499,993 in place of 50,000,000.",
            ),
        ),
    ),
}
