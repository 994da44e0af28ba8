"""How a models folder is laid out: names of files, and what a version may be called.

A version is a set: three networks and the card that describes them. The shipped one lies at the top, refreshed ones in
``live/<version>/``; the pointer file names the one that serves.
"""

import re
from pathlib import Path
from types import MappingProxyType
from typing import Final

MODEL_FILE: Final = "classifier.tflite"
SEGMENTER_FILE: Final = "segmenter.tflite"
COLOR_CLASSIFIER_FILE: Final = "color_classifier.tflite"
CARD_FILE: Final = "card.json"
KERAS_FILE: Final = "classifier.keras"

SHIPPED_MODELS: Final = Path(__file__).resolve().parents[2] / "models"
"""Where the networks are when another models folder holds only classifiers."""

NETWORK_FILES: Final = (SEGMENTER_FILE, COLOR_CLASSIFIER_FILE, MODEL_FILE)
"""The networks of a set, in the order in which they are written."""

START_FILES: Final = MappingProxyType({KERAS_FILE: MODEL_FILE})
"""What a refresh starts from, and the network that each is of; nothing that serves needs them."""

LIVE_FOLDER: Final = "live"
POINTER_FILE: Final = Path(LIVE_FOLDER) / "current"
HISTORY_FILE: Final = Path(LIVE_FOLDER) / "history.jsonl"
MEASURED_FILE: Final = Path(LIVE_FOLDER) / "measured.npz"
LOCK_FILE: Final = Path(LIVE_FOLDER) / "publishing.lock"

VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
"""A version is the name of its folder."""
