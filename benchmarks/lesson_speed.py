"""The course's own program and ``--preset lesson``, epoch by epoch side by side: ``python -m benchmarks.lesson_speed``.

Same network, optimizer, batch size, pictures and number of epochs. The two take turns within one process, so that
whatever else the machine does meanwhile slows both.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

from bot.settings import settings_or_exit

EPOCHS = 5
BATCH = 32
LEAST_RATIO = 2.0


def main() -> int:
    """Measure, print the table, and fail below :data:`LEAST_RATIO`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--rounds", type=int, default=2, help="whole trainings of each, with other seeds")
    args = parser.parse_args()

    from training.runs.progress import native_output_to, quiet_libraries

    quiet_libraries()
    with native_output_to(Path(os.devnull)):
        return compare(args.epochs, args.rounds)


def compare(epochs: int, rounds: int) -> int:
    """Let the two take turns."""
    import keras

    from training.data.fashion_mnist import load_fashion_mnist
    from training.engine import lesson

    fashion_mnist = load_fashion_mnist(settings_or_exit("lesson_speed").data_dir)
    train, test = fashion_mnist.train, fashion_mnist.test
    theirs: list[float] = []
    ours: list[float] = []
    accuracies: list[tuple[float, float]] = []
    for seed in range(1, rounds + 1):
        keras.utils.set_random_seed(seed)
        course = keras.Sequential(
            [
                keras.Input((28, 28)),
                keras.layers.Flatten(),
                keras.layers.Dense(128, activation="relu"),
                keras.layers.Dense(10, activation="softmax"),
            ]
        )
        state = lesson.first_state(course.get_weights())  # both start from the same weights
        course.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        images = train.images / 255.0
        trainer = lesson.Trainer(train, test)
        for epoch in range(1, epochs + 1):
            started = time.perf_counter()
            course.fit(images, train.labels, batch_size=BATCH, epochs=epoch, initial_epoch=epoch - 1, verbose=0)
            between = time.perf_counter()
            state, _, _ = trainer.epoch(state, lesson.epoch_order(len(train), seed, epoch), BATCH)
            theirs.append(between - started)
            ours.append(time.perf_counter() - between)
            print(f"seed {seed} epoch {epoch}: fit {theirs[-1]:6.2f} s   lesson {ours[-1]:6.2f} s", flush=True)
        _, theirs_test = course.evaluate(test.images / 255.0, test.labels, verbose=0)
        accuracies.append((float(theirs_test), trainer.evaluate(state)[1]))

    ratio = sum(theirs) / sum(ours)
    print(f"all epochs, compiling included: fit {sum(theirs):.1f} s, lesson {sum(ours):.1f} s")
    print(f"lesson is {ratio:.1f} times as fast")
    median = statistics.median(a / b for a, b in zip(theirs, ours, strict=True))
    print(f"median over pairs of epochs: {median:.1f} times as fast")
    for seed, (a, b) in enumerate(accuracies, start=1):
        print(f"test accuracy, seed {seed}: fit {a:.4f}, lesson {b:.4f}")
    return 0 if ratio >= LEAST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
