import torch

scores = torch.tensor([2.0, 0.5, -0.3, -2.0], requires_grad=True)
labels = torch.tensor([1, 1, 0, 0])
signs = 2 * labels - 1  # -1 and 1

# torch has no hinge loss of two classes: HingeEmbeddingLoss is one of distances
each = torch.clamp(1 - signs * scores, min=0)
each.mean().backward()
print("each", each.detach().numpy().round(4))
print("gradient", scores.grad.numpy().round(4))
zeros = torch.clamp(1 - labels * scores, min=0)  # a label 0 costs 1, whatever the score
print("with zeros for labels", zeros.detach().numpy().round(4))
