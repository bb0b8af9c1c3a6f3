import torch

model = torch.nn.Linear(64, 1)  # its weights stay float32
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
X, y = torch.ones(8, 64), torch.ones(8, 1)

# bfloat16 has the range of float32: no scale needed
with torch.autocast("cpu", dtype=torch.bfloat16):  # "cuda" on a GPU
    y_pred = model(X)
    loss = torch.nn.functional.mse_loss(y_pred.float(), y)  # the loss in float32
print("prediction", y_pred.dtype, "loss", loss.dtype)

# float16 ends at 6e-8: multiply the loss, divide the gradients
tiny = torch.tensor(1e-8)
print("gradient kept", float(tiny.half() > 0), "with a scale", float((tiny * 65536).half() > 0))

scaler = torch.amp.GradScaler("cpu", init_scale=65536.0)  # with autocast to float16
scaler.scale(loss).backward()
model.weight.grad[0, 0] = torch.inf  # one overflow
scaler.step(optimizer)  # divides; skips the step where a gradient is inf or nan
scaler.update()  # and halves the scale: now and then a skipped step is normal
print("scale after an overflow", scaler.get_scale())
