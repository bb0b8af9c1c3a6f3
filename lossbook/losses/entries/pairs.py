"""What is said of the losses of pairs and triplets."""

from __future__ import annotations

import math
from functools import partial

from .entry import Entry, Peer

__all__ = ["ENTRIES"]

_entry = partial(
    Entry,
    task="embeddings",
    best_constant=None,
    noise=None,
    strictly_convex=False,
    smooth=False,
    gradient_lipschitz=math.inf,
    bounded=False,
    symmetric=None,
    strictly_proper=None,
    proper=None,
    classification_calibrated=None,
    link=None,
)

#: by the name of the class
ENTRIES = {
    "HingeEmbedding": _entry(
        name="Hinge embedding loss",
        formula=r"\begin{cases} \hat y & y = 1 \\ \max(0, \gamma - \hat y) & y = -1 \end{cases}",
        gradient=r"\begin{cases} 1 & y = 1 \\ -[\hat y < \gamma] & y = -1 \end{cases}",
        convex=True,
        lipschitz=1.0,
        kinks=lambda loss: (loss.margin,),
        reference="mobahi2009",
        use="You have distances of pairs already, of whatever kind, and a word for each: alike or different.",
        avoid="The prediction may fall below 0: it is no distance then, and alike pairs pay less and less.",
        claim="A hinge mirrored: what is different is pushed with one force up to the margin, then left alone.",
        peers=(
            Peer("PyTorch", "HingeEmbeddingLoss", {"margin": 1.0}),
            Peer(
                "Keras",
                "Hinge",
                {},
                "Not this loss, in spite of the name: there the prediction is a score, and 1 says yes.",
            ),
        ),
    ),
    "Contrastive": _entry(
        name="Contrastive loss",
        formula=r"\begin{cases} \frac{1}{2} D^2 & y = 1 \\ \frac{1}{2} \max(0, \gamma - D)^2 & y = -1"
        r" \end{cases}",
        gradient=r"\begin{cases} D u & y = 1 \\ -\max(0, \gamma - D) u & y = -1 \end{cases}",
        where="for a pair at the distance $D$, where $u$ is the direction from the second to the first; the "
        "gradient is with respect to the first",
        convex=False,
        lipschitz=math.inf,
        reference="hadsell2006",
        use="Pairs are all you know of likeness, and distances are to mean something.",
        avoid="Only the order of distances matters: the triplet loss asks for no more.",
        beyond=(
            (
                "sentence-transformers",
                "ContrastiveLoss(distance_metric=SiameseDistanceMetric.EUCLIDEAN, margin=1.0)",
            ),
        ),
        claim="Different ones push each other off, the harder the closer they are, up to the margin and no "
        "further.",
    ),
    "CosineEmbedding": _entry(
        name="Cosine embedding loss",
        formula=r"\begin{cases} 1 - c & y = 1 \\ \max(0, c - \gamma) & y = -1 \end{cases}",
        gradient=r"\begin{cases} -\frac{u_2 - c u_1}{\rho_1} & y = 1 \\"
        r" [c > \gamma] \frac{u_2 - c u_1}{\rho_1} & y = -1 \end{cases}",
        where="for a pair with the cosine $c$, where $u_1$ and $u_2$ are their directions and $\\rho_1$ is "
        "the length of the first; the gradient is with respect to the first",
        convex=False,
        smooth=lambda loss: loss.margin == -1.0,
        lipschitz=math.inf,
        bounded=True,
        reference="bromley1993",
        use="Directions carry the meaning and lengths do not, as with embeddings of words.",
        avoid="Angles are close to 0 or to a half turn: there the pull fades, right or wrong.",
        claim="The pull is the sine of the angle: nothing at 0, where a different pair is most wrong, and "
        "nothing beyond the margin.",
        peers=(
            Peer(
                "PyTorch",
                "CosineEmbeddingLoss",
                {"margin": 0.0},
                "Adds $10^{-12}$ to squared lengths, so a vector of length 0 has the cosine 0.",
            ),
            Peer(
                "Keras",
                "CosineSimilarity",
                {},
                "Minus the cosine, for alike pairs only: ours less 1.",
            ),
            Peer(
                "optax",
                "cosine_distance",
                {"epsilon": 0.0},
                "For alike pairs only, one minus the cosine.",
            ),
        ),
    ),
    "MarginRanking": _entry(
        name="Margin ranking loss",
        task="ranking",
        formula=r"\max(0, \gamma - y (x_1 - x_2))",
        gradient=r"-y [y (x_1 - x_2) < \gamma]",
        where="the gradient is with respect to the first score",
        convex=True,
        lipschitz=math.sqrt(2.0),
        reference="herbrich2000",
        use="Of two things you know which is the better one, and want a score that says so.",
        avoid="You need the chance that one beats the other: take the logistic loss of the difference.",
        claim="The hinge loss again, over the difference of two scores: beyond the margin silence.",
        peers=(
            Peer(
                "PyTorch",
                "MarginRankingLoss",
                {"margin": 0.0},
                "The label comes last. With the margin 0, scores that are all equal cost nothing.",
            ),
        ),
    ),
    "Triplet": _entry(
        name="Triplet loss",
        formula=lambda loss: (
            r"\max(0, d_p - \min(d_n, d_s) + \gamma)"
            if loss.swap
            else r"\max(0, d_p - d_n + \gamma)"
        ),
        gradient=lambda loss: (
            r"[\ell > 0] (u - [d_n < d_s] v)" if loss.swap else r"[\ell > 0] (u - v)"
        ),
        where="with the distances $d_p$ from the anchor to the positive, $d_n$ to the negative and, with "
        "`swap`, $d_s$ between these two; $u$ and $v$ are the gradients of the first two, and the gradient "
        "is with respect to the anchor",
        convex=False,
        # u - v, -u and v together; in norms below the Euclidean one u grows with the dimension
        lipschitz=lambda loss: math.sqrt(6.0) if loss.p >= 2.0 else None,
        reference="schroff2015",
        use="You can say about two things which is closer to a third, and only the order of distances matters.",
        avoid="Triplets are drawn at random: most soon cost nothing, and hard ones too early may make all collapse.",
        claim="The negative is pushed with one force until it is further off than the positive by the margin.",
        peers=(
            Peer(
                "PyTorch",
                "TripletMarginLoss",
                {"margin": 1.0, "p": 2.0, "eps": 1e-06, "swap": False},
                "Adds `eps` to each entry of a difference before the norm.",
            ),
            Peer(
                "optax",
                "triplet_margin_loss",
                {"norm_degree": 2, "margin": 1.0, "eps": 1e-06},
                "Adds `eps` to the sum of powers. Differences keep their sign, so an odd degree is no norm.",
            ),
        ),
    ),
}
