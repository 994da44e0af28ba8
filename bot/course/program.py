"""The course's program, a few lines for each step of /learn: Python with TensorFlow, as data.

The parts stand in the order of the steps and make one program: each may use the names of those before it. Nothing here
is run by the bot; tests run it from the first line to the last. How long it trains is said in one place, ``EPOCHS``.
"""

from collections.abc import Mapping, Sequence
from string import Template
from typing import Final

EPOCHS: Final = 5
"""How long the course trains; its long trainings are ten times as long."""

TFLITE_FILE: Final = "fashion_mnist.tflite"
"""What the program calls its converted network."""

PHOTO_FILE: Final = "photo.jpg"
"""The photo that the last part looks at, where there is one."""

_PARTS: Final[Mapping[str, str]] = {
    "start": """
import numpy as np
import tensorflow as tf

EPOCHS = $epochs


def by_rules(image):
    rows, columns = np.nonzero(image > 40)
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    if width < 0.6 * height:
        return 1
    if height < 0.75 * width:
        return 7
    return 2
""",
    "data": """
data = tf.keras.datasets.fashion_mnist
(train_images, train_labels), (test_images, test_labels) = data.load_data()
print(train_images.shape, train_labels.shape)
print(test_images.shape, test_labels.shape)

class_names = [
    $class_names,
]
print(test_labels[0], class_names[test_labels[0]])
print(by_rules(test_images[0]))
""",
    "pixels": """
image = test_images[0]
print(image.shape, image.dtype, image.min(), image.max())
print(image[14])
""",
    "normalise": """
train_images = train_images / 255.0
test_images = test_images / 255.0
print(test_images.min(), test_images.max())
""",
    "neuron": """
xs = np.array([-1.0, 0.0, 1.0, 2.0, 3.0, 4.0])
ys = 2 * xs + 1

neuron = tf.keras.Sequential([
    tf.keras.Input((1,)),
    tf.keras.layers.Dense(1),
])
neuron.compile(optimizer="sgd", loss="mean_squared_error")
neuron.fit(xs, ys, epochs=100 * EPOCHS, verbose=0)

x = 10.0
print(x, neuron.predict(np.array([[x]]), verbose=0))
print(neuron.get_weights())
""",
    "flatten": """
flat = tf.keras.layers.Flatten()(test_images[:1])
print(test_images[:1].shape, flat.shape)
""",
    "hidden": """
hidden = tf.keras.layers.Dense(128, activation="relu")
print(hidden(flat).shape)
print(tf.nn.relu([-2.0, -0.5, 0.0, 0.5, 2.0]).numpy())
""",
    "width": """
def build(neurons=128):
    return tf.keras.Sequential([
        tf.keras.Input((28, 28)),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(neurons, activation="relu"),
        tf.keras.layers.Dense(10, activation="softmax"),
    ])


for neurons in (8, 128, 1024):
    print(neurons, build(neurons).count_params())
""",
    "softmax": """
z = np.array([1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0])
softmax = np.exp(z) / np.sum(np.exp(z))
print(softmax)
print(sum(softmax))
""",
    "loss": """
def compiled(model):
    model.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


model = compiled(build())
print(model.loss)
""",
    "training": """
model.fit(train_images, train_labels, epochs=EPOCHS)
""",
    "gap": """
loss, accuracy = model.evaluate(test_images, test_labels)
print([loss, accuracy])
""",
    "result": """
classifications = model.predict(test_images)
print(test_images.shape, classifications.shape, test_labels.shape)
print(classifications[0])
print(np.argmax(classifications[0]), test_labels[0])
""",
    "overfitting": """
longer = compiled(build())
longer.fit(train_images, train_labels, epochs=10 * EPOCHS)
longer.evaluate(test_images, test_labels)
""",
    "callback": """
class StopAt95(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if logs["accuracy"] > 0.95:
            print(f"\\n$stopped")
            self.model.stop_training = True


stopping = compiled(build())
stopping.fit(
    train_images,
    train_labels,
    epochs=10 * EPOCHS,
    callbacks=[StopAt95()],
)
""",
    "tflite": """
from ai_edge_litert.interpreter import Interpreter

converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
with open("$tflite_file", "wb") as file:
    file.write(converter.convert())

interpreter = Interpreter(model_path="$tflite_file")
interpreter.allocate_tensors()
input_details = interpreter.get_input_details()[0]
output_details = interpreter.get_output_details()[0]
for details in (input_details, output_details):
    print(details["index"], details["shape"], details["dtype"])


def predict(image):
    image = image.astype(np.float32)
    image = image.reshape(input_details["shape"])
    interpreter.set_tensor(input_details["index"], image)
    interpreter.invoke()
    return interpreter.get_tensor(output_details["index"])[0]
""",
    "page": """
import matplotlib.pyplot as plt

chosen = np.random.choice(len(test_images), size=25, replace=False)
figure, cells = plt.subplots(5, 5, figsize=(6, 6))
for cell, number in zip(cells.flat, chosen):
    cell.imshow(test_images[number], cmap="gray")
    cell.axis("off")
plt.show()

clicked = chosen[0]
shares = predict(test_images[clicked])
print(class_names[np.argmax(shares)], class_names[test_labels[clicked]])
for name, share in zip(class_names, shares):
    print(f"{share * 100:5.1f}%  {name}")
""",
    "photos": """
import os
from PIL import Image

if os.path.exists("$photo_file"):
    photo = Image.open("$photo_file").convert("L").resize((28, 28))
    shares = predict(np.asarray(photo) / 255.0)
    print(class_names[np.argmax(shares)], shares.max())
""",
}

STEPS: Final = tuple(_PARTS)
"""The steps that have code, in the order in which it runs."""


def code_of(step: str, class_names: Sequence[str], stopped: str) -> str:
    """The lines of a step.

    Args:
        step: its name, one of :data:`STEPS`.
        class_names: the ten names that the program prints.
        stopped: what the callback prints; ``{epoch}`` in it is replaced by the epoch, counted from 1.
    """
    twos = [class_names[start : start + 2] for start in range(0, len(class_names), 2)]
    names = ",\n    ".join(", ".join(f'"{name}"' for name in two) for two in twos)
    return (
        Template(_PARTS[step])
        .substitute(
            epochs=EPOCHS,
            class_names=names,
            stopped=stopped.replace("{epoch}", "{epoch + 1}"),
            tflite_file=TFLITE_FILE,
            photo_file=PHOTO_FILE,
        )
        .strip()
    )
