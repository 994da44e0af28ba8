import asyncio
import time

import pytest
from telegram import Animation, Chat, Document, Message, PhotoSize
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.handlers.images import ImageGone, SentImage, download, download_in_time, image_of, smallest_that_serves
from bot.serving.patience import PATIENCE_S
from bot.serving.photo_queue import TryLater
from bot.vision.photo import MAX_BYTES, PhotoError, PhotoProblem


class File:
    def __init__(self, data: bytes, file_size: int | None) -> None:
        self.data, self.file_size = data, file_size

    async def download_as_bytearray(self) -> bytearray:
        return bytearray(self.data)


class Bot:
    """Gives out a file after a number of failures."""

    def __init__(self, *failures: Exception | File, data: bytes = b"photo") -> None:
        self.failures = list(failures)
        self.file = File(data, len(data))
        self.calls = 0

    async def get_file(self, file_id: str) -> File:
        self.calls += 1
        if self.failures:
            failure = self.failures.pop(0)
            if isinstance(failure, File):
                return failure
            raise failure
        return self.file


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.handlers.images._QUICK_WAIT_S", 0.0)


def sizes(*sides: tuple[int, int]) -> tuple[PhotoSize, ...]:
    return tuple(PhotoSize(f"{w}x{h}", f"u{w}x{h}", w, h) for w, h in sides)


@pytest.mark.parametrize(
    ("sent", "chosen"),
    [
        ([(90, 60), (320, 240), (800, 600), (1280, 960)], "800x600"),
        ([(90, 60), (320, 240)], "320x240"),
        ([(1280, 960), (640, 200), (90, 60)], "640x200"),
        ([(60, 90), (480, 640), (960, 1280)], "480x640"),
    ],
)
def test_the_smallest_size_that_serves(sent: list[tuple[int, int]], chosen: str):
    assert smallest_that_serves(sizes(*sent)).file_id == chosen


def message(**content: object) -> Message:
    return Message(1, None, Chat(1, "private"), **content)  # type: ignore[arg-type]


def test_which_file_of_a_message_is_looked_at():
    assert image_of(message(text="hello")) is None
    assert image_of(message(photo=sizes((90, 60)))) == SentImage("90x60", None)
    assert image_of(message(document=Document("d", "ud", mime_type="text/plain"))) == SentImage("d", None)
    film = Animation("a", "ua", 1, 1, 1, mime_type="video/mp4")
    assert image_of(message(animation=film, document=Document("a", "ua"))) is None
    gif = Animation("g", "ug", 1, 1, 1, mime_type="image/gif")
    assert image_of(message(animation=gif, document=Document("g", "ug"))) == SentImage("g", None)


async def test_a_file_that_is_too_large_is_not_asked_for():
    bot = Bot()
    with pytest.raises(PhotoError) as caught:
        await download(bot, SentImage("f", MAX_BYTES + 1))
    assert caught.value.problem is PhotoProblem.TOO_MANY_BYTES
    assert bot.calls == 0


async def test_half_a_file_is_fetched_again():
    assert await download(Bot(File(b"pho", 5), NetworkError("cut")), SentImage("f", 5)) == b"photo"


async def test_too_big_and_gone_are_told_apart():
    with pytest.raises(PhotoError):
        await download(Bot(BadRequest("File is too big")), SentImage("f", None))
    with pytest.raises(ImageGone):
        await download(Bot(BadRequest("Wrong file_id or the file is temporarily unavailable")), SentImage("f", None))


async def test_what_cannot_be_had_now_takes_its_turn_again_and_in_the_end_fails():
    image = SentImage("f", 5)
    with pytest.raises(TryLater):
        await download_in_time(Bot(*[NetworkError("down")] * 3), image, time.monotonic())
    with pytest.raises(TryLater) as later:
        await download_in_time(Bot(RetryAfter(7)), image, time.monotonic())
    assert later.value.seconds >= 7
    with pytest.raises(NetworkError):
        await download_in_time(Bot(*[NetworkError("down")] * 3), image, time.monotonic() - PATIENCE_S - 1)
    assert await asyncio.wait_for(download_in_time(Bot(), image, time.monotonic()), 1) == b"photo"
