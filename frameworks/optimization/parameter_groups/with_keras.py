import keras

model = keras.Sequential(
    [
        keras.Input((4,)),
        keras.layers.Dense(8),
        keras.layers.LayerNormalization(),
        keras.layers.Dense(1),
    ]
)
others = [v for v in model.trainable_variables if len(v.shape) < 2]
optimizer = keras.optimizers.AdamW(learning_rate=1e-3, weight_decay=0.1)
optimizer.exclude_from_weight_decay(var_list=others)  # before the first step

total = sum(int(v.value.size) for v in model.trainable_variables)
print("decayed", total - sum(int(v.value.size) for v in others))
print("others", sum(int(v.value.size) for v in others))
