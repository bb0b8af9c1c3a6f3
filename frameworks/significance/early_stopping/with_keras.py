import keras

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
val_losses = [1.0, 0.8, 0.7, 0.72, 0.69, 0.71, 0.73, 0.75, 0.6]  # of the epochs, as an example

stop = keras.callbacks.EarlyStopping(
    monitor="val_loss",  # fit needs validation_data
    patience=3,
    restore_best_weights=True,  # by default the last are kept
)
stop.set_model(model)  # fit(callbacks=[stop]) makes these calls
stop.on_train_begin()
for epoch, val_loss in enumerate(val_losses):
    stop.on_epoch_end(epoch, {"val_loss": val_loss})
    if getattr(model, "stop_training", False):
        break
print("best epoch", stop.best_epoch, "loss", float(stop.best))
print("stopped after epoch", stop.stopped_epoch)
