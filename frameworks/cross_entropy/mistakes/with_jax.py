import jax
import jax.numpy as jnp
import optax

logits = jnp.zeros((1, 10)).at[0, 3].set(10.0)  # certain of class 3, and right
label = jnp.array([3])
cross_entropy = optax.softmax_cross_entropy_with_integer_labels

print("logits given", round(float(cross_entropy(logits, label)[0]), 4))
# softmax in the model and again in the loss, which cannot fall below its floor
print("softmax twice", round(float(cross_entropy(jax.nn.softmax(logits), label)[0]), 4))
print("floor", round(float(jnp.log(jnp.e + 9)) - 1, 4))
# float32 rounds the probability of the others to 0, and log 0 is infinite
print("log of a softmax", jnp.log(jax.nn.softmax(logits * 20))[0, 0])
print("log_softmax", jax.nn.log_softmax(logits * 20)[0, 0].round(4))
