"""What is said of the losses of lists."""

from __future__ import annotations

import math
from functools import partial

from .entry import Entry, Peer
from .facts import Noise

__all__ = ["ENTRIES"]

_entry = partial(
    Entry,
    task="ranking",
    best_constant=None,
    noise=None,
    convex=True,
    strictly_convex=False,
    smooth=True,
    gradient_lipschitz=None,
    lipschitz=None,
    bounded=False,
    symmetric=None,
    strictly_proper=None,
    proper=None,
    classification_calibrated=None,
    link=None,
)

#: by the name of the class
ENTRIES = {
    "ListNet": _entry(
        name="ListNet loss",
        formula=r"\sum_k y_k \left(\log \sum_j e^{\hat y_j} - \hat y_k\right)",
        gradient=r"\left(\sum_j y_j\right) \frac{e^{\hat y_k}}{\sum_j e^{\hat y_j}} - y_k",
        reference="cao2007",
        use="The top of the list is what counts, and relevances are shares or counts, of clicks say: the "
        "best scores are their logarithms.",
        avoid="Lists differ in their sum of relevances, and each should count alike: divide by it first.",
        claim="The softmax of the list: a relevant item is pulled up until all chance is shared as the relevances are.",
        peers=(
            Peer(
                "optax",
                "ranking_softmax_loss",
                {},
                "Its `where` is our mask of items; a list without a relevant item costs 0 there, and is an "
                "error here.",
            ),
        ),
    ),
    "PlackettLuce": _entry(
        name="Plackett-Luce loss",
        formula=r"\sum_k [y_k > m] \log \sum_j [y_j \le y_k] e^{\hat y_j - \hat y_k}, \quad m = \min_j y_j",
        gradient=r"\sum_i \frac{[y_i > m] [y_k \le y_i] e^{\hat y_k}}{\sum_j [y_j \le y_i] e^{\hat y_j}}"
        r" - [y_k > m], \quad m = \min_j y_j",
        where="for items in the order of $y$, where $m$ is the least relevance: that of items without a place",
        noise=Noise(name="Plackett-Luce"),
        reference="xia2008",
        use="You know the order of the items, or of the best few: results of races, answers ranked by a person.",
        avoid="Grades tie all over the list: then compare pairs.",
        claim="Whoever comes first is chosen from all, whoever comes next from those that are left.",
    ),
    "PairwiseLogistic": _entry(
        name="Pairwise logistic loss",
        formula=r"\sum_i \sum_j [y_i > y_j] \log(1 + e^{\hat y_j - \hat y_i})",
        gradient=r"\sum_j \left(\frac{[y_j > y_k]}{1 + e^{\hat y_j - \hat y_k}}"
        r" - \frac{[y_k > y_j]}{1 + e^{\hat y_k - \hat y_j}}\right)",
        reference="burges2005",
        use="Every pair in the wrong order hurts alike, as the AUC counts them; grades may tie.",
        avoid="Only the first places will be read: most pairs are far below them.",
        claim="A logistic loss of each difference of scores: a pair that is in order by far is heard no more.",
    ),
    "LambdaRank": _entry(
        name="LambdaRank loss",
        formula=r"\sum_i \sum_j [y_i > y_j] \frac{g_i - g_j}{Z} |d_i - d_j|"
        r" \log(1 + e^{\hat y_j - \hat y_i}), \quad g_k = 2^{y_k},"
        r" \quad d_k = \frac{\log 2}{\log(1 + r_k)}",
        gradient=r"\frac{1}{Z} \sum_j (2^{\max(y_j, y_k)} - 2^{\min(y_j, y_k)}) |d_j - d_k|"
        r" \left(\frac{[y_j > y_k]}{1 + e^{\hat y_j - \hat y_k}}"
        r" - \frac{[y_k > y_j]}{1 + e^{\hat y_k - \hat y_j}}\right),"
        r" \quad d_k = \frac{\log 2}{\log(1 + r_k)}",
        convex=False,
        smooth=False,
        lipschitz=math.inf,
        gradient_lipschitz=math.inf,
        reference="burges2010",
        where="where $r_k$ is the rank of item $k$ by the present scores, and $Z$ the DCG of the best order",
        use="NDCG is what you are judged by: a pair weighs what its exchange would change.",
        avoid="You watch the training loss: it jumps whenever two items change ranks, upwards too where "
        "the order gets better.",
        claim="Each pair pulls with the weight of what its exchange would change in NDCG: so the pull jumps where "
        "the score passes another.",
    ),
}
