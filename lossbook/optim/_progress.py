"""A progress bar for long work, on stderr."""


def steps(n, label, progress):
    """range(n), with a progress bar once it has taken two seconds."""
    if not progress:
        return range(n)
    from tqdm import trange

    return trange(n, desc=label, delay=2.0, leave=False)
