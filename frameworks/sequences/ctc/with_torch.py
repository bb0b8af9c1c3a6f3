import torch
from torch.nn.functional import ctc_loss, log_softmax

# two sequences of four steps, the second of which has three; three symbols, 0 is the blank
logits = torch.tensor(
    [
        [[0.0, 2, 0], [1, 0, 0], [0, 0, 2], [2, 0, 0]],
        [[0.0, 2, 0], [2, 0, 0], [0, 2, 0], [9, 9, 9]],
    ]
)
targets = torch.tensor([[1, 2], [1, 1]])
steps, lengths = torch.tensor([4, 3]), torch.tensor([2, 2])


def ctc(logits, steps, **options):
    # log-probabilities, with time first
    log_p = log_softmax(logits.float(), -1).transpose(0, 1)
    return ctc_loss(log_p, targets, steps, lengths, blank=0, **options)


each = ctc(logits, steps, reduction="none")
print("each", each.numpy().round(4))
print("mean over sequences", round(each.mean().item(), 4))
print('reduction="mean"', round(ctc(logits, steps).item(), 4))  # by target length first
short = torch.tensor([4, 2])  # "1 1" wants three steps
print("too short", ctc(logits, short, reduction="none").numpy().round(4))
quiet = {"zero_infinity": True}
print("zero_infinity", ctc(logits, short, reduction="none", **quiet).numpy().round(4))
print("its mean", round(ctc(logits, short, **quiet).item(), 4))  # of two, by target length first

z = logits.clone().requires_grad_()
(gradient,) = torch.autograd.grad(ctc(z, short), z)
print("gradient of too short", gradient[1, 0].numpy())
raw = ctc_loss(logits.transpose(0, 1), targets, steps, lengths, reduction="none")
print("of logits as they are", raw.numpy().round(4))  # a loss below 0: no probability
