"""Whatever a codec does, the caller gets a photo or one clear error, in time, and the next photo works."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot.vision.decode_protocol import DECODED, PROBLEMS, REPLY
from bot.vision.decoder import Decoder, DecoderError, _Watchdog, _Worker
from bot.vision.decoding import decode
from bot.vision.photo import MAX_BYTES, Photo, PhotoError, PhotoProblem
from tests.conftest import ROOT
from tests.pictures import saved

BAD_DECODER = (sys.executable, str(Path(__file__).with_name("bad_decoder.py")))
TIMEOUT_S = 1.5
PATIENCE_S = 8.0
"""Added where a test machine is busy with other things as well."""

MEMORY_BYTES = 400 * 1024**2


def jpeg(width: int = 320, height: int = 240) -> bytes:
    gradient = np.linspace(0, 255, width * height * 3).reshape(height, width, 3).astype(np.uint8)
    return saved(Image.fromarray(gradient))


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder(timeout_s=30.0) as decoder:
        yield decoder


@pytest.fixture(scope="module")
def bad_decoder() -> Iterator[Decoder]:
    with Decoder(command=(*BAD_DECODER, "misbehave"), timeout_s=30.0, memory_bytes=MEMORY_BYTES) as decoder:
        yield decoder


def problem(decoder: Decoder, data: bytes) -> PhotoProblem:
    with pytest.raises(PhotoError) as caught:
        decoder.decode(data)
    return caught.value.problem


def text(decoder: Decoder, data: bytes) -> str:
    return decoder.decode(data).pixels.tobytes().decode().strip()


def only_worker(decoder: Decoder) -> _Worker:
    (slot,) = decoder._slots
    assert slot.worker is not None
    return slot.worker


def is_alive(worker: _Worker) -> bool:
    return worker._process.poll() is None


def test_decodes_as_in_this_process(decoder: Decoder) -> None:
    for size in ((320, 240), (1, 1), (2000, 1500), (640, 1)):
        np.testing.assert_array_equal(decoder.decode(jpeg(*size)).pixels, decode(jpeg(*size)).pixels)


def test_what_takes_numpy_is_decoded_as_in_this_process(decoder: Decoder) -> None:
    wide = saved(Image.fromarray(np.arange(48 * 64, dtype=np.uint16).reshape(48, 64) * 20), "PNG")
    for data in (wide, jpeg()[:-400]):
        np.testing.assert_array_equal(decoder.decode(data).pixels, decode(data).pixels)


def test_a_worker_loads_no_numpy_before_it_takes_it() -> None:
    loaded = "import bot.vision.decode_worker, sys; print('numpy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


def test_photos_can_be_written_to(decoder: Decoder) -> None:
    assert decoder.decode(jpeg()).pixels.flags.writeable


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", PhotoProblem.NOT_AN_IMAGE),
        (jpeg()[:100], PhotoProblem.DAMAGED),
        (b"P6 99999 99999 255\n", PhotoProblem.TOO_MANY_PIXELS),
        (bytes(MAX_BYTES + 1), PhotoProblem.TOO_MANY_BYTES),
    ],
)
def test_passes_problems_on(decoder: Decoder, data: bytes, expected: PhotoProblem) -> None:
    assert problem(decoder, data) is expected


def test_takes_the_largest_file(decoder: Decoder) -> None:
    assert decoder.decode(jpeg() + bytes(MAX_BYTES - len(jpeg()))).width == 320


def test_serves_many_threads() -> None:
    with Decoder(workers=2, timeout_s=30.0) as decoder, ThreadPoolExecutor(8) as threads:
        sizes = [(10 + n, 300 - n) for n in range(40)]
        photos = list(threads.map(lambda size: decoder.decode(jpeg(*size)), sizes))
    assert [(photo.width, photo.height) for photo in photos] == sizes


@pytest.mark.parametrize("how", [b"hang", b"spin"])
def test_a_hanging_codec_is_ended_in_time(how: bytes) -> None:
    with Decoder(command=(*BAD_DECODER, "misbehave"), timeout_s=TIMEOUT_S) as decoder:
        decoder.decode(jpeg())
        started = time.monotonic()
        assert problem(decoder, how) is PhotoProblem.TOO_SLOW
        assert time.monotonic() - started < TIMEOUT_S + PATIENCE_S
        assert decoder.decode(jpeg()).width == 320


def test_a_codec_that_eats_memory_is_ended(bad_decoder: Decoder) -> None:
    assert problem(bad_decoder, b"eat") is PhotoProblem.TOO_MUCH_MEMORY
    assert bad_decoder.decode(jpeg()).width == 320


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (b"crash", PhotoProblem.DAMAGED),
        (b"abort", PhotoProblem.DAMAGED),
        (b"leave", PhotoProblem.DAMAGED),
        (b"killed", PhotoProblem.TOO_MUCH_MEMORY),  # as Linux does to whoever took the last memory
    ],
)
def test_a_crash_ends_only_the_worker(bad_decoder: Decoder, how: bytes, expected: PhotoProblem) -> None:
    assert problem(bad_decoder, how) is expected
    assert bad_decoder.decode(jpeg()).width == 320


def test_a_photo_whose_worker_was_killed_by_others_is_decoded_by_the_next(bad_decoder: Decoder, tmp_path: Path) -> None:
    photo = bad_decoder.decode(b"killed once: " + str(tmp_path / "killed").encode())
    assert (photo.height, photo.width) == (2, 3)
    assert (tmp_path / "killed").exists()


def test_crashes_beside_good_photos_lose_nothing() -> None:
    command = (*BAD_DECODER, "misbehave")
    with Decoder(workers=2, command=command, timeout_s=30.0) as decoder, ThreadPoolExecutor(4) as threads:
        crashes = [threads.submit(problem, decoder, b"crash") for _ in range(4)]
        photos = list(threads.map(decoder.decode, [jpeg()] * 30))
        assert [crash.result() for crash in crashes] == [PhotoProblem.DAMAGED] * 4
    assert len(photos) == 30


class OutOfNowhereError(BaseException):
    """Like KeyboardInterrupt: no Exception, raised anywhere."""


@pytest.mark.parametrize("error", [MemoryError, OutOfNowhereError, RuntimeError])
def test_nobody_is_answered_with_the_pixels_of_the_photo_before(
    error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    with Decoder() as decoder:
        decoder.decode(jpeg(40, 30))
        with monkeypatch.context() as patched:
            patched.setattr("bot.vision.decoder.np.empty", fail)  # between the size and the pixels
            with pytest.raises(error):
                decoder.decode(jpeg(320, 240))
        for size in ((200, 100), (30, 60)):
            np.testing.assert_array_equal(decoder.decode(jpeg(*size)).pixels, decode(jpeg(*size)).pixels)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_an_answer_that_nobody_waited_for_goes_to_nobody() -> None:
    def interrupt(*_: object) -> None:
        raise OutOfNowhereError

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with Decoder(command=(*BAD_DECODER, "misbehave")) as decoder:
            decoder.decode(jpeg())
            later = threading.Timer(0.3, signal.pthread_kill, (threading.get_ident(), signal.SIGUSR1))
            later.start()
            with pytest.raises(OutOfNowhereError):
                decoder.decode(b"dawdle")
            later.join()
            np.testing.assert_array_equal(decoder.decode(jpeg()).pixels, decode(jpeg()).pixels)
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_a_worker_whose_time_ran_out_as_it_answered_spoils_no_other_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    receive = _Worker._receive

    def receive_late(worker: _Worker) -> Photo | PhotoProblem:
        answer = receive(worker)
        until = time.monotonic() + 60
        while not worker._watchdog.has_killed and time.monotonic() < until:
            time.sleep(0.01)
        return answer

    with Decoder(timeout_s=3.0) as decoder:
        with monkeypatch.context() as patched:
            patched.setattr(_Worker, "_receive", receive_late)
            assert decoder.decode(jpeg()).width == 320
        assert decoder.decode(jpeg()).width == 320


def test_a_task_that_has_ended_kills_nothing_later() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        watchdog = _Watchdog(process)
        watchdog.start()
        for _ in range(20):
            with watchdog.limit(0.1):
                pass
        time.sleep(0.3)
        assert process.poll() is None
        with watchdog.limit(0.1):
            assert process.wait(30) != 0
        watchdog.end()


LIMITS = {
    "processes": ("bot.vision.decoder.subprocess.Popen", BlockingIOError("Resource temporarily unavailable")),
    "files": ("bot.vision.decoder.subprocess.Popen", OSError("Too many open files")),
    "threads": ("bot.vision.decoder.threading.Thread.start", RuntimeError("can't start new thread")),
    "memory": ("bot.vision.decoder.subprocess.Popen", MemoryError()),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_of_the_machine_costs_no_later_photo(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, error = LIMITS[limit]

    def refuse(*_: object, **__: object) -> None:
        raise error

    before = threading.active_count()
    with Decoder(command=(*BAD_DECODER, "misbehave"), start_pauses_s=(0.01,)) as decoder:
        decoder.decode(jpeg())
        with monkeypatch.context() as patched:
            patched.setattr(place, refuse)
            assert problem(decoder, b"crash") is PhotoProblem.DAMAGED
            for _ in range(3):
                with pytest.raises(DecoderError, match="does not start"):
                    decoder.decode(jpeg())
        with ThreadPoolExecutor(1) as threads:
            assert threads.submit(decoder.decode, jpeg()).result(60).width == 320
    assert threading.active_count() == before


def test_a_passing_limit_costs_no_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = []
    start = subprocess.Popen

    def refuse_twice(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        if len(refused) < 2:
            refused.append(arguments)
            raise BlockingIOError("Resource temporarily unavailable")
        return start(*arguments, **options)

    monkeypatch.setattr("bot.vision.decoder.subprocess.Popen", refuse_twice)
    with Decoder() as decoder:
        assert decoder.decode(jpeg()).width == 320
    assert len(refused) == 2


def test_no_process_stays_behind_a_thread_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    start = subprocess.Popen

    def note(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(start(*arguments, **options))
        return started[-1]

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr("bot.vision.decoder.subprocess.Popen", note)
        patched.setattr("bot.vision.decoder.threading.Thread.start", refuse)
        with Decoder(workers=2, start_pauses_s=()) as decoder:
            with pytest.raises(DecoderError, match="does not start"):
                decoder.decode(jpeg())
            assert started
            assert all(process.poll() is not None for process in started)
            assert [slot.worker for slot in decoder._slots] == [None, None]


def test_a_worker_starts_with_the_first_photo_and_serves_those_that_come_side_by_side() -> None:
    with Decoder(workers=2, timeout_s=30.0, patience_s=30.0) as decoder:
        assert [slot.worker for slot in decoder._slots] == [None, None]
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(decoder.decode, [jpeg()] * 8))
        assert sum(slot.worker is not None for slot in decoder._slots) == 1


def test_another_worker_starts_for_a_photo_that_waits_long_and_no_more_than_were_asked_for() -> None:
    with Decoder(workers=2, timeout_s=30.0, patience_s=0.01) as decoder:
        decoder.decode(jpeg())
        first = decoder._idle.get()
        decoder.decode(jpeg())
        assert all(slot.worker is not None for slot in decoder._slots)
        second = decoder._idle.get()
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(decoder.decode, jpeg())
            with pytest.raises(TimeoutError):
                waiting.result(0.1)
            decoder._idle.put(first)
            assert waiting.result(30).width
        decoder._idle.put(second)


def test_a_photo_has_its_time_however_slowly_its_worker_starts() -> None:
    """A busy machine starts slowly and decodes slowly; neither is the photo's fault."""
    slow_start = (
        sys.executable,
        "-c",
        "import runpy, sys, time; time.sleep(2); runpy.run_path(sys.argv.pop(1), run_name='__main__')",
    )
    with Decoder(command=(*slow_start, BAD_DECODER[1], "misbehave"), timeout_s=3.5) as decoder:
        assert (decoder.decode(b"dawdle").pixels == 99).all()


@pytest.mark.parametrize(
    "reply",
    [
        REPLY.pack(1, DECODED, 0, 5),
        REPLY.pack(1, DECODED, 60000, 60000),
        REPLY.pack(1, 1 + len(PROBLEMS), 0, 0),
        REPLY.pack(1, DECODED, 20, 20) + b"too short",
        REPLY.pack(2, DECODED, 1, 1) + b"rgb",
        b"\0",
    ],
)
def test_does_not_believe_what_cannot_be(reply: bytes) -> None:
    with Decoder(command=(*BAD_DECODER, reply.hex()), timeout_s=0.4) as decoder:
        assert problem(decoder, jpeg()) in (PhotoProblem.DAMAGED, PhotoProblem.TOO_SLOW)


def test_what_codecs_print_is_logged_at_debug_only(
    bad_decoder: Decoder, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, "bot.vision.decoder")
    assert (bad_decoder.decode(b"noise").pixels == 99).all()
    assert bad_decoder.decode(jpeg()).width == 320
    assert capfd.readouterr() == ("", "")
    deadline = time.monotonic() + 30
    while "complaint" not in caplog.text and time.monotonic() < deadline:
        time.sleep(0.01)
    assert "complaint" in caplog.text
    assert {record.levelno for record in caplog.records} == {logging.DEBUG}
    assert len(caplog.text) < 1_000_000


def test_secrets_stay_out_of_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BOT_TOKEN", "DATABASE_URL", "DATA_KEY", "WEBHOOK_SECRET", "METRICS_TOKEN"):
        monkeypatch.setenv(name, "a-secret-of-the-bot")
    with Decoder(command=(*BAD_DECODER, "misbehave"), timeout_s=30.0) as decoder:
        environment = json.loads(text(decoder, b"environment"))
    assert "a-secret-of-the-bot" not in environment.values()
    assert "PATH" in environment


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_the_worker_cannot_write_files(bad_decoder: Decoder) -> None:
    leftover = Path(__file__).with_name("written.tmp")
    try:
        assert text(bad_decoder, b"files") == "OSError"
        assert not leftover.exists() or leftover.stat().st_size == 0
    finally:
        leftover.unlink(missing_ok=True)


def test_workers_are_replaced_after_some_photos() -> None:
    with Decoder(photos_per_worker=2, timeout_s=30.0, command=(*BAD_DECODER, "misbehave")) as decoder:
        assert [decoder.decode(jpeg()).width for _ in range(7)] == [320] * 7
        assert only_worker(decoder).photos == 1


def test_a_worker_that_died_idle_costs_no_photo() -> None:
    with Decoder(timeout_s=30.0) as decoder:
        decoder.decode(jpeg())
        worker = only_worker(decoder)
        worker._process.kill()
        worker._process.wait()
        assert decoder.decode(jpeg()).width == 320


def test_says_when_no_worker_starts() -> None:
    with Decoder(command=(*BAD_DECODER, "never starts")) as decoder:
        for _ in range(2):
            with pytest.raises(DecoderError, match="does not start"):
                decoder.decode(jpeg())


def test_closing_finishes_the_photo_under_way_and_ends_the_workers() -> None:
    decoder = Decoder(command=(*BAD_DECODER, "misbehave"), timeout_s=TIMEOUT_S)
    decoder.decode(jpeg())
    worker = only_worker(decoder)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(problem, decoder, b"hang")
        time.sleep(0.1)
        decoder.close()
        assert slow.result() is PhotoProblem.TOO_SLOW
    assert not is_alive(worker)
    decoder.close()
    for _ in range(2):
        with pytest.raises(ValueError, match="closed"):
            decoder.decode(jpeg())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_closing_does_not_wait_for_ever_for_a_worker_that_was_lost() -> None:
    decoder = Decoder(workers=2, timeout_s=0.2, start_timeout_s=0.2)
    lost = decoder._idle.get()  # and then Ctrl-C, before it could be put back
    closing = threading.Thread(target=decoder.close, daemon=True)
    closing.start()
    closing.join(10)
    assert not closing.is_alive()
    assert lost is not None
    lost.end()


def test_the_worker_leaves_ctrl_c_and_sigterm_to_the_bot(bad_decoder: Decoder) -> None:
    bad_decoder.decode(jpeg())
    worker = only_worker(bad_decoder)
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(worker._process.pid, number)
    assert bad_decoder.decode(jpeg()).width == 320
    assert is_alive(worker)


ORPHAN = """
import sys
from bot.vision.decoder import Decoder
decoder = Decoder(command=sys.argv[2:], timeout_s=3.0)
decoder.decode(open(sys.argv[1], "rb").read())
print(decoder._slots[0].worker._process.pid, flush=True)
decoder.decode(b"hang") if sys.stdin.readline() == "hang\\n" else sys.stdin.readline()
"""


def is_running(pid: int) -> bool:
    """Whether the process lives; one that ended but that nobody waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads Linux's /proc")
@pytest.mark.parametrize("when", ["hang", "idle"])
def test_a_worker_does_not_outlive_a_killed_bot(when: str, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(jpeg())
    command = [sys.executable, "-c", ORPHAN, str(photo), *BAD_DECODER, "misbehave"]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as bot:
        assert bot.stdin is not None
        assert bot.stdout is not None
        worker = int(bot.stdout.readline())
        bot.stdin.write(f"{when}\n")
        bot.stdin.flush()
        time.sleep(0.3)
        assert is_running(worker)
        bot.kill()
    deadline = time.monotonic() + 30
    while is_running(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(worker)


def test_leaves_no_threads_or_processes_behind() -> None:
    before = threading.active_count()
    decoder = Decoder(workers=3, timeout_s=30.0)
    decoder.decode(jpeg())
    decoder.close()
    assert threading.active_count() == before
