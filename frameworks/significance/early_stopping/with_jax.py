import jax.numpy as jnp

parameters = {"w": jnp.zeros(1)}  # neither JAX nor Optax has early stopping
val_losses = [1.0, 0.8, 0.7, 0.72, 0.69, 0.71, 0.73, 0.75, 0.6]  # of the epochs, as an example

best_loss, best_epoch, waited, patience, min_delta = float("inf"), 0, 0, 3, 0.0
best = parameters  # for the case that each loss is NaN
for epoch, val_loss in enumerate(val_losses):  # here an epoch of training; no key: no dropout
    waited += 1
    if val_loss < best_loss - min_delta:
        best_loss, best_epoch, waited = val_loss, epoch, 0
        best = parameters  # arrays are immutable: no copy needed
    if waited == patience:
        break
parameters = best
print("best epoch", best_epoch, "loss", best_loss)
print("stopped after epoch", epoch)
