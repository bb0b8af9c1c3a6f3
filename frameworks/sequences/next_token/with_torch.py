import torch
from torch.nn.functional import cross_entropy

# a prompt of two tokens, an answer of two, and the end, token 3, which is the padding too
tokens = torch.tensor([[0, 2, 1, 2, 3, 3]])
logits = torch.tensor(
    [[[0.0, 0, 2, 0], [0, 3, 0, 0], [0, 0, 1, 0], [1, 0, 0, 2], [0, 0, 0, 4], [5, 5, 5, 5]]]
)
length, prompt = 5, 2
labels = tokens.clone()
labels[:, length:] = -100  # by the length: by its number, the end would go as well


def next_token(logits, labels):
    # what was computed from the tokens up to t forecasts the token t + 1
    return cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())


print("all tokens", round(next_token(logits, labels).item(), 4))
answers = labels.clone()
answers[:, :prompt] = -100
print("answer only", round(next_token(logits, answers).item(), 4))
print("shifted twice", round(next_token(logits[:, :-1], labels[:, 1:]).item(), 4))
unshifted = cross_entropy(logits.flatten(0, 1), labels.flatten())
print("not shifted", round(unshifted.item(), 4))
