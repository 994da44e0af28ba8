import asyncio
import time

import pytest
from telegram import Animation, Chat, Document, Message, PhotoSize
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter

from bot.handlers.images import (
    FileUnavailable,
    ImageGone,
    SentImage,
    ServerFilesUnreadable,
    download,
    download_in_time,
    download_while_somebody_waits,
    image_of,
    smallest_that_serves,
)
from bot.jobs.photo_queue import TryLater
from bot.jobs.retrying_rate_limiter import PATIENCE_S
from bot.vision.photo import MAX_BYTES, PhotoError, PhotoProblem


class File:
    def __init__(
        self, data: bytes, file_size: int | None, path: str | None = "photos/1.jpg", error: Exception | None = None
    ) -> None:
        self.data, self.file_size, self.file_path, self.error = data, file_size, path, error

    async def download_as_bytearray(self) -> bytearray:
        if self.error is not None:
            raise self.error
        return bytearray(self.data)


class Bot:
    """Gives out a file after a number of failures."""

    token = "123456:AAsecret"
    base_file_url = f"http://here/file/bot{token}"

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


async def test_too_big_and_gone_and_away_for_now_are_told_apart():
    with pytest.raises(PhotoError):
        await download(Bot(BadRequest("File is too big")), SentImage("f", None))
    with pytest.raises(ImageGone):
        await download(Bot(BadRequest("Invalid file_id")), SentImage("f", None))
    away = BadRequest("Wrong file_id or the file is temporarily unavailable")
    assert await download(Bot(away, away), SentImage("f", None)) == b"photo"
    with pytest.raises(FileUnavailable):
        await download(Bot(*[away] * 3), SentImage("f", None))


@pytest.mark.parametrize(
    "passing",
    [
        InvalidToken("Not Found"),
        BadRequest("Something that Telegram has never said before"),
        File(b"photo", 5, path=None),
        File(b"photo", 5, error=InvalidToken("Not Found")),
        File(b"", None),
        File(b"photographs", 5),
    ],
    ids=["not found", "unknown", "no path", "moved", "empty", "too long"],
)
async def test_a_passing_fault_is_tried_again_and_never_called_a_deletion(passing: Exception | File):
    assert await download(Bot(passing, passing), SentImage("f", None)) == b"photo"
    with pytest.raises(TryLater):
        await download_in_time(Bot(*[passing] * 3), SentImage("f", None), time.monotonic())
    with pytest.raises(FileUnavailable):
        await download_in_time(Bot(*[passing] * 3), SentImage("f", None), time.monotonic() - PATIENCE_S - 1)


@pytest.mark.parametrize(
    ("path", "error", "folder"),
    [
        ("/var/lib/telegram-bot-api/{token}/photos/1.jpg", PermissionError(13), "/var/lib/telegram-bot-api/"),
        ("{base}//srv/{token}/photos/1.jpg", InvalidToken("Not Found"), "/srv/"),
        ("{base}/D:\\api\\123456~AAsecret\\1.jpg", InvalidToken("Not Found"), "D:\\api\\"),
    ],
)
async def test_a_local_path_that_cannot_be_read_is_named_without_the_token(path: str, error: Exception, folder: str):
    file = File(b"", 5, path.format(token=Bot.token, base=Bot.base_file_url), error)
    with pytest.raises(ServerFilesUnreadable) as caught:
        await download_in_time(Bot(*[file] * 3), SentImage("f", None), time.monotonic())
    assert caught.value.folder == folder
    assert "AAsecret" not in str(caught.value)


async def test_whoever_looks_at_a_button_waits_for_a_while_and_not_for_minutes():
    away = NetworkError("down")
    assert await download_while_somebody_waits(Bot(*[away] * 4), SentImage("f", None)) == b"photo"
    began = time.monotonic()
    with pytest.raises(NetworkError):
        await download_while_somebody_waits(Bot(*[away] * 40), SentImage("f", None), patience_s=0.6)
    with pytest.raises(RetryAfter):
        await download_while_somebody_waits(Bot(RetryAfter(700)), SentImage("f", None))
    assert time.monotonic() - began < 60, "of the 700 seconds that were asked for"


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
