"""A decode worker whose codec does what the first bytes of the file say; started by test_decoder.py."""

import ctypes
import json
import os
import re
import signal
import sys
import time

from PIL import Image

from bot.vision import child, decode_worker
from bot.vision.decode_protocol import READY, REQUEST
from bot.vision.decoding import decode_image
from bot.vision.photo import MAX_SIDE


def misbehave(data: bytes) -> Image.Image:
    if data == b"hang":
        time.sleep(60)
    if data == b"dawdle":
        time.sleep(2)
        return decode_grey()
    if data == b"spin":  # inside C, holding the interpreter lock
        re.match(rb"(a+)+b", b"a" * 60)
    if data == b"eat":
        hoard = []
        while True:
            hoard.append(bytearray(16 * 1024**2))
    if data == b"crash":
        ctypes.string_at(0)
    if data == b"abort":
        os.abort()
    if data == b"killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if data.startswith(b"killed once: "):
        try:
            os.close(os.open(data.removeprefix(b"killed once: "), os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return decode_grey()
        os.kill(os.getpid(), signal.SIGKILL)
    if data == b"leave":
        os._exit(0)
    if data == b"noise":
        os.write(1, b"a codec's remark\n" * 1000)
        os.write(2, b"a codec's complaint\n" * 100_000)
        return decode_grey()
    if data == b"environment":
        return text_photo(json.dumps(dict(os.environ)))
    if data == b"files":
        try:
            with open(os.path.join(os.path.dirname(__file__), "written.tmp"), "wb") as file:
                file.write(b"x")
        except OSError as error:
            return text_photo(type(error).__name__)
    return decode_image(data)


def decode_grey() -> Image.Image:
    return Image.new("RGB", (3, 2), (99, 99, 99))


def text_photo(text: str) -> Image.Image:
    raw = text.encode().ljust(MAX_SIDE * 3 * 20)
    return Image.frombytes("RGB", (MAX_SIDE, 20), raw[: MAX_SIDE * 3 * 20])


def lie(reply: bytes) -> None:
    """Answer each request with a reply that no honest worker gives."""
    requests, replies = sys.stdin.buffer, sys.stdout.buffer
    replies.write(READY)
    replies.flush()
    _, length = REQUEST.unpack(requests.read(REQUEST.size))
    requests.read(length)
    replies.write(reply)
    replies.flush()
    time.sleep(60)


if __name__ == "__main__":
    how, memory_bytes, timeout_s = sys.argv[1:]
    if how == "misbehave":
        child.ignore_signals()
        decode_worker.serve(misbehave, int(memory_bytes), float(timeout_s))
    elif how == "never starts":
        sys.exit("no such codec")
    else:
        lie(bytes.fromhex(how))
