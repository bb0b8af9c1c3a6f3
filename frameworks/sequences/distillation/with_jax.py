import jax
import jax.numpy as jnp
import optax

student = jnp.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]])
teacher = jnp.array([[0.0, 1.0, 3.0], [1.0, -1.0, 4.0]])  # or stop_gradient(...)
labels = jnp.array([0, 2])


def soft(student, teacher, T):
    log_p, log_q = jax.nn.log_softmax(teacher / T), jax.nn.log_softmax(student / T)
    return optax.losses.kl_divergence_with_log_targets(log_q, log_p).mean()


def distillation(student, teacher, labels, T=4.0, alpha=0.5):
    nats = optax.softmax_cross_entropy_with_integer_labels(student, labels).mean()
    return alpha * T**2 * soft(student, teacher, T) + (1 - alpha) * nats


print("loss", round(float(distillation(student, teacher, labels)), 4))
for T in (4.0, 8.0, 16.0):
    pull = float(jnp.linalg.norm(jax.grad(soft)(student, teacher, T)))
    print(f"T = {T:.0f}: without {pull:.4f} with {T**2 * pull:.4f}")
