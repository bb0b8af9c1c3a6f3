import torch

w = torch.nn.Parameter(torch.tensor([3.0, 4.0]))
optimizer = torch.optim.SGD([w], lr=0.1)

loss = (w**2).sum()  # its gradient is 2 w = (6, 8), of norm 10
loss.backward()
norm = torch.nn.utils.clip_grad_norm_([w], max_norm=5.0)  # after backward, before step
optimizer.step()
print("norm before", round(norm.item(), 4))
print("w", w.detach().numpy().round(4))
