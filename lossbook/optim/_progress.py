"""A progress bar for long work, on stderr, and none where nobody looks on."""

import os


def steps(n, label, progress):
    """range(n), with a progress bar once it has taken two seconds."""
    # While the book is built a bar would end up on the page.
    if not progress or "LIVE_FIGURES" in os.environ:
        return range(n)
    from tqdm import trange

    return trange(n, desc=label, delay=2.0, leave=False)
