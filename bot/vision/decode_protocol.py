"""What :mod:`bot.vision.decoder` and the process in which photos are decoded say to each other."""

import struct
from typing import Final

from bot.vision.photo import PhotoProblem

REQUEST: Final = struct.Struct("<II")
"""The request's number, and the bytes of the file that follows."""

REPLY: Final = struct.Struct("<IBHH")
"""The number of the request, status, height, width; with status :data:`DECODED`, height * width * 3 bytes follow."""

READY: Final = b"ready\n"
"""Sent once, when everything is imported and the limits are set."""

DECODED: Final = 0
PROBLEMS: Final[tuple[PhotoProblem, ...]] = tuple(PhotoProblem)
"""Status ``n`` above :data:`DECODED` stands for ``PROBLEMS[n - 1]``."""
