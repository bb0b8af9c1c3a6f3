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
print("zero_infinity", ctc(logits, short, reduction="none", zero_infinity=True).numpy().round(4))
