"""Time of one 28x28 picture in another interpreter: ``python inference.py KIND MODEL``; prints microseconds.

KIND: ``closure`` (the course's way, tf.lite), ``tflite-runtime``, or ``predict`` (keras.Model.predict).
"""

import sys
import time

import numpy as np

ROUNDS = {"closure": 300, "tflite-runtime": 300, "predict": 30}


def asking(kind, model):
    if kind == "predict":
        import keras

        network = keras.models.load_model(model, compile=False)
        return lambda picture: network.predict(picture, verbose=0)
    if kind == "closure":
        import tensorflow as tf

        interpreter = tf.lite.Interpreter(model_path=model)
    else:
        from tflite_runtime.interpreter import Interpreter

        interpreter = Interpreter(model_path=model, num_threads=1)
    interpreter.allocate_tensors()
    into, out = interpreter.get_input_details()[0], interpreter.get_output_details()[0]

    def ask(picture):
        interpreter.set_tensor(into["index"], picture.astype(np.float32).reshape(into["shape"]))
        interpreter.invoke()
        return interpreter.get_tensor(out["index"])

    return ask


kind, model = sys.argv[1:]
ask = asking(kind, model)
picture = np.random.default_rng(0).random((1, 28, 28), np.float32)
for _ in range(5):
    ask(picture)
began = time.process_time()
for _ in range(ROUNDS[kind]):
    ask(picture)
print(1e6 * (time.process_time() - began) / ROUNDS[kind])
