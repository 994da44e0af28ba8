"""Processor time of drawing one picture as the course's page does, with matplotlib; prints milliseconds."""

import io
import time

import matplotlib.pyplot as plt
import numpy as np

ROUNDS = 20


def draw(picture):
    plt.figure(figsize=(3, 3))
    plt.imshow(picture, cmap="gray")
    plt.axis("off")
    file = io.BytesIO()
    plt.savefig(file, format="png", bbox_inches="tight", pad_inches=0)
    plt.close()


plt.switch_backend("agg")
picture = np.random.default_rng(0).integers(0, 255, (28, 28), np.uint8)
draw(picture)
began = time.process_time()
for _ in range(ROUNDS):
    draw(picture)
print(1000 * (time.process_time() - began) / ROUNDS)
