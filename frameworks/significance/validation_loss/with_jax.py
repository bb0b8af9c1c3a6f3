import jax.numpy as jnp
import optax

y_true = jnp.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 4.0])
y_pred = jnp.ones(9)

total, count, means = 0.0, 0, []
for i in range(0, 9, 4):  # batches of 4, 4 and 1
    each = optax.squared_error(y_pred[i : i + 4], y_true[i : i + 4])
    total, count = total + float(each.sum()), count + each.size
    means.append(float(each.mean()))
print("validation loss", total / count)
print("mean of batch means", sum(means) / len(means))  # the last batch weighs four times as much
