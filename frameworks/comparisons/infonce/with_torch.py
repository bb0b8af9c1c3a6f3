import torch
from torch.nn.functional import cross_entropy, normalize

image = normalize(torch.tensor([[1.0, 0.1], [0.7, 0.8], [0.0, 1.0], [-1.0, 0.4]]))
text = normalize(torch.tensor([[0.9, 0.3], [0.4, 0.9], [-0.2, 1.0], [-0.8, 0.1]]))
scale = torch.tensor(10.0)  # one over the temperature; CLIP learns its logarithm


def info_nce(image, text, scale):
    logits = scale * image @ text.T
    partner = torch.arange(len(logits), device=logits.device)  # the class is the row's number
    return (cross_entropy(logits, partner) + cross_entropy(logits.T, partner)) / 2


print("loss", round(info_nce(image, text, scale).item(), 4))
halves = (info_nce(image[:2], text[:2], scale) + info_nce(image[2:], text[2:], scale)) / 2
print("two halves", round(halves.item(), 4))  # fewer negatives: accumulation is no larger batch
print("scale one", round(info_nce(image, text, 1.0).item(), 4))
point = image[:1].expand(4, 2)  # every input at one place: log 4, as for knowing nothing
print("collapsed", round(info_nce(point, point, scale).item(), 4))
