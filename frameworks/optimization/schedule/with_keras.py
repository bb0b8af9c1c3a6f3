import keras

schedule = keras.optimizers.schedules.CosineDecay(
    initial_learning_rate=0.0,  # the first step moves nothing
    warmup_target=0.1,
    warmup_steps=10,
    decay_steps=90,  # without the warm-up
)
optimizer = keras.optimizers.AdamW(schedule)  # counts its own steps, not epochs
print("rates", [round(float(schedule(t)), 4) for t in (0, 5, 10, 55, 100)])
