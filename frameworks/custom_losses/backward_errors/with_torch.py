import torch

w = torch.ones(1, requires_grad=True)


def tell(name, run):
    try:
        run()
        print(f"{name}: fine")
    except RuntimeError as error:
        print(f"{name}: {str(error).split(' (')[0].split(':')[0].split('. ')[0]}")


def two_terms_of_one_graph():
    shared = (2 * w).exp()
    (shared**2).sum().backward()
    shared.sin().sum().backward()  # add the two terms instead, and call it once


def state(detached):
    h = torch.zeros(1)
    for _ in range(3):  # one step of training each
        if detached:
            h = h.detach()
        h = torch.tanh(h + w)
        (h**2).sum().backward()


def changed_in_place():
    y = w.exp()  # its slope is y itself
    y -= 1  # y = y - 1 makes a new tensor and is fine
    y.sum().backward()


def several_numbers():
    (w * torch.ones(3)).backward()  # take the mean first, or the sum


tell("two terms", two_terms_of_one_graph)
tell("state kept", lambda: state(False))
tell("state detached", lambda: state(True))
tell("in place", changed_in_place)
tell("three losses", several_numbers)
