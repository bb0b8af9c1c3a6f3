import torch

y_true = torch.tensor([[1.0, 100.0], [2.0, 120.0], [3.0, 90.0]])
y_pred = torch.tensor([[1.5, 110.0], [2.0, 115.0], [1.0, 92.0]])
row = torch.tensor([1.0, 1.0, 0.0])  # one weight a sample
scale = torch.tensor([1.0, 20.0])  # the spread of each output

squares = (y_pred - y_true) ** 2
print("mean over all", round(squares.mean().item(), 4))  # the output in large units decides
print("of each output", squares.mean(0).numpy().round(4))
rows = squares.mean(1)
print("weighted rows", round(((row * rows).sum() / row.sum()).item(), 4))
# row * squares would be an error here, and with as many outputs as samples a silent fault
print("in units of spread", round((squares / scale**2).mean().item(), 4))
