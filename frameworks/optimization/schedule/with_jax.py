import optax

schedule = optax.warmup_cosine_decay_schedule(
    init_value=0.0,  # the first step moves nothing
    peak_value=0.1,
    warmup_steps=10,
    decay_steps=100,  # with the warm-up
    end_value=0.0,
)
optimizer = optax.adamw(schedule)  # counts its own steps, not epochs
print("rates", [round(float(schedule(t)), 4) for t in (0, 5, 10, 55, 100)])
