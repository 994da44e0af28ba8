"""A training process that does what the seed of its settings says; started by test_training_jobs.py."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from bot.course.numpy_training import initial_network
from bot.course.own_network import packed

FINE, SILENT, NONSENSE, KILLED, NO_DATA, CRASH, ENDLESS, SHORT, NO_MEMORY = range(9)


def tell(kind: str, **values: object) -> None:
    print(json.dumps({"kind": kind} | values), flush=True)


def epoch(number: int) -> None:
    tell("epoch", number=number, loss=0.5, accuracy=0.8, test_loss=0.6, test_accuracy=0.75)


def main() -> None:
    settings, folder, _ = sys.argv[1:]
    chosen = json.loads(settings)
    (Path(folder) / f"{os.getpid()}.pid").touch()
    print("libraries print what they like", file=sys.stderr)
    tell("begun")
    match chosen["seed"]:
        case 1:
            time.sleep(60)
        case 2:
            print("[1, 2", flush=True)
            time.sleep(60)
        case 3:
            os.kill(os.getpid(), signal.SIGKILL)
        case 4:
            tell("problem", problem="no_data", detail="cannot fetch it", missing=["train-images-idx3-ubyte.gz"])
            return
        case 5:
            sys.exit(3)
        case 6:
            tell("fetching", name="train-images-idx3-ubyte.gz", done=13, total=26)
            while True:
                time.sleep(0.05)
                tell("training", share=0.5)
        case 7:
            epoch(1)
            tell("network", bytes=4)
            sys.stdout.buffer.write(b"abcd")
            return
        case 8:
            tell("problem", problem="memory", detail="", missing=[])
            return
    for number in range(1, chosen["epochs"] + 1):
        tell("training", share=(number - 0.5) / chosen["epochs"])
        epoch(number)
    weights = packed(initial_network(chosen["neurons"], np.random.default_rng(0)))
    tell("network", bytes=len(weights))
    sys.stdout.buffer.write(weights)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
