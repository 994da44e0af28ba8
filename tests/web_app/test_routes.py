import asyncio
import base64
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pytest

from bot.datasets import DataError, Split, TestImages, shipped_test_images
from bot.jobs.executors import DRAWING_THREADS, Executors
from bot.jobs.measuring import Measuring
from bot.jobs.test_set import TestSet
from bot.recognition import open_recognizer
from bot.registry.store import ModelStore
from bot.replies.numerals import permille
from bot.vision.recognizer import Recognizer
from bot.web_app.pictures import DRAWING_BYTES, MOST_DRAWINGS, Drawings, Pictures
from bot.web_app.routes import DRAWINGS_AT_ONCE, PAGE, PICTURES_AT_ONCE
from tests.web_app.conftest import client_of
from tests.web_app.signing import NOW, signed

PICTURES, DRAWING = "/app/api/pictures", "/app/api/drawing"


async def test_25_different_pictures_with_what_the_live_model_says(
    client: httpx.AsyncClient, pictures: Pictures, recognizer: Recognizer
) -> None:
    answer = (await client.get(PICTURES)).json()
    test = await pictures.test_set.images()
    assert answer["found"] == answer["total"] == len(test) == 10_000
    assert answer["model"] == recognizer.live.version
    assert len({picture["number"] for picture in answer["pictures"]}) == 25
    for picture in answer["pictures"]:
        image = test.images[picture["number"] - 1]
        assert base64.b64decode(picture["pixels"]) == image.tobytes()
        assert picture["actual"] == test.labels[picture["number"] - 1]
        probabilities = recognizer.classify_pixels(np.asarray(image, np.float32) / np.float32(255)).probabilities
        assert picture["permille"] == list(permille(probabilities))
    again = (await client.get(PICTURES)).json()
    assert again["pictures"] != answer["pictures"]


async def test_of_one_class(client: httpx.AsyncClient) -> None:
    bags = (await client.get(PICTURES, params={"label": "8"})).json()
    assert bags["found"] == 1000
    assert {picture["actual"] for picture in bags["pictures"]} == {8}


async def test_of_one_class_only_wrong_ones(few_pictures: Pictures) -> None:
    await few_pictures.measuring.known()
    async with client_of_somebody(few_pictures) as client:
        wrong = (await client.get(PICTURES, params={"label": "6", "only": "wrong"})).json()
    assert 0 < wrong["found"] < len(shipped_test_images()) // 10
    for picture in wrong["pictures"]:
        assert picture["actual"] == 6
        assert np.argmax(picture["permille"]) != 6


async def test_the_page_asks_again_while_wrong_ones_are_looked_for(few_pictures: Pictures) -> None:
    async with client_of_somebody(replace(few_pictures, wait_s=0.01)) as client:
        answer = await client.get(PICTURES, params={"only": "wrong"})
        assert (answer.status_code, answer.json()) == (202, {"error": "not_ready"})
        assert answer.headers["Retry-After"] == "1"
        assert few_pictures.measuring.busy
        await few_pictures.measuring.known()
    async with client_of_somebody(few_pictures) as client:
        assert (await client.get(PICTURES, params={"only": "wrong"})).is_success


async def test_one_picture_by_its_number(client: httpx.AsyncClient, pictures: Pictures) -> None:
    test = await pictures.test_set.images()
    first = (await client.get(f"{PICTURES}/1")).json()["pictures"][0]
    assert (first["number"], first["actual"]) == (1, int(test.labels[0]))
    assert (await client.get(f"{PICTURES}/10000")).is_success


@pytest.mark.parametrize("number", ["0", "10001", "999999999"])
async def test_a_number_out_of_range_is_told_the_range(client: httpx.AsyncClient, number: str) -> None:
    answer = await client.get(f"{PICTURES}/{number}")
    assert (answer.status_code, answer.json()) == (404, {"error": "no_such_picture", "total": 10_000})


@pytest.mark.parametrize(
    "address", ["/-1", "/x", "/1e3", "/9999999999", "/%C2%B2", "?label=10", "?label=-1", "?label=", "?only=right"]
)
async def test_nonsense_is_refused(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(PICTURES + address)
    assert (answer.status_code, answer.json()) == (400, {"error": "bad_request"})


async def test_a_drawing_is_answered_by_the_live_model(
    client: httpx.AsyncClient, pictures: Pictures, recognizer: Recognizer
) -> None:
    image = (await pictures.test_set.images()).images[0]
    answer = await client.post(DRAWING, content=image.tobytes())
    expected = recognizer.classify_pixels(np.asarray(image, np.float32) / np.float32(255)).probabilities
    assert answer.json() == {"permille": list(permille(expected))}
    blank = await client.post(DRAWING, content=bytes(DRAWING_BYTES))
    assert sum(blank.json()["permille"]) == 1000


@pytest.mark.parametrize("size", [0, 1, DRAWING_BYTES - 1, DRAWING_BYTES + 1, 10_000_000])
async def test_a_drawing_of_another_size_is_refused(client: httpx.AsyncClient, size: int) -> None:
    answer = await client.post(DRAWING, content=bytes(size))
    assert (answer.status_code, answer.json()) == (400, {"error": "bad_request"})


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "missing"),
        ("", "missing"),
        ("tma ", "missing"),
        (f"Bearer {signed()}", "missing"),
        (f"tma {signed().replace('5000000123', '5000000124')}", "forged"),
        (f"tma {signed('987654321:AAE-another_token_for_tests_only_01234')}", "forged"),
        (f"tma {signed(at=NOW - 3601)}", "old"),
        ("tma \u00e9", "forged"),
    ],
)
async def test_nobody_is_answered_whom_telegram_has_not_just_sent(
    client: httpx.AsyncClient, authorization: str | None, code: str
) -> None:
    del client.headers["Authorization"]
    headers = {} if authorization is None else {"Authorization": authorization.encode("latin-1")}
    for request in (
        client.build_request("GET", PICTURES, headers=headers),
        client.build_request("GET", f"{PICTURES}/1", headers=headers),
        client.build_request("POST", DRAWING, content=bytes(DRAWING_BYTES), headers=headers),
    ):
        answer = await client.send(request)
        assert (answer.status_code, answer.json()) == (401, {"error": code})


async def test_everybody_has_a_limit_of_their_own(client: httpx.AsyncClient) -> None:
    answers = [await client.get(f"{PICTURES}/0") for _ in range(2 * PICTURES_AT_ONCE + 20)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert all(answer.status_code == 404 for answer in answers[:PICTURES_AT_ONCE])
    assert refused[0].json() == {"error": "too_often"}
    assert int(refused[0].headers["Retry-After"]) >= 1
    assert (await client.post(DRAWING, content=bytes(DRAWING_BYTES))).is_success
    somebody_else = {"Authorization": f"tma {signed(user={'id': 7})}"}
    assert (await client.get(PICTURES, headers=somebody_else)).is_success
    assert DRAWINGS_AT_ONCE > PICTURES_AT_ONCE


async def test_a_crowd_that_draws_is_told_to_wait(
    pictures: Pictures, recognizer: Recognizer, executors: Executors
) -> None:
    gate = threading.Event()
    held = [asyncio.create_task(executors.draw(gate.wait)) for _ in range(DRAWING_THREADS)]
    drawings = Drawings(recognizer, executors)
    async with client_of(pictures, drawings) as client:

        async def draw(person: int) -> httpx.Response:
            headers = {"Authorization": f"tma {signed(user={'id': person})}"}
            return await client.post(DRAWING, content=bytes(DRAWING_BYTES), headers=headers)

        waiting = [asyncio.create_task(draw(person)) for person in range(MOST_DRAWINGS)]
        await asyncio.sleep(0.2)
        late = await draw(MOST_DRAWINGS)
        assert (late.status_code, late.json()) == (503, {"error": "busy"})
        assert await executors.look(lambda: "a photo") == "a photo"  # photos have threads of their own
        gate.set()
        assert all([answer.is_success for answer in await asyncio.gather(*waiting)])
        assert all(await asyncio.gather(*held))
        assert (await draw(MOST_DRAWINGS)).is_success


@pytest.fixture
def few_pictures(
    models: ModelStore, recognizer: Recognizer, executors: Executors, tmp_path: Path
) -> Iterator[Pictures]:
    """Of a bot with only the test images that it brings: the model is measured on them in a second."""

    def refuse(_: Path) -> Split:
        raise DataError("no network")

    test_set = TestSet(tmp_path, executors, load=refuse)
    measuring = Measuring(models, test_set)
    yield Pictures(models, recognizer, test_set, measuring, executors)
    measuring.close()


def client_of_somebody(pictures: Pictures) -> httpx.AsyncClient:
    drawings = Drawings(pictures.recognizer, pictures.executors)
    return client_of(pictures, drawings, Authorization=f"tma {signed()}")


@pytest.fixture
def offline(few_pictures: Pictures) -> httpx.AsyncClient:
    return client_of_somebody(few_pictures)


async def test_offline_the_few_that_come_with_the_bot_are_shown(
    offline: httpx.AsyncClient, few_pictures: Pictures
) -> None:
    shipped = shipped_test_images()
    async with offline as client:
        answer = (await client.get(PICTURES, params={"label": "3"})).json()
        assert (answer["found"], answer["total"]) == (len(shipped) // 10, len(shipped))
        for picture in answer["pictures"]:
            image = shipped.images[shipped.place(picture["number"] - 1)]
            assert base64.b64decode(picture["pixels"]) == image.tobytes()
        number = int(shipped.numbers[7]) + 1
        assert (await client.get(f"{PICTURES}/{number}")).json()["pictures"][0]["number"] == number
        missing = next(number for number in range(1, 10_001) if not shipped.has(number - 1))
        answer = await client.get(f"{PICTURES}/{missing}")
        assert (answer.status_code, answer.json()) == (404, {"error": "not_at_hand"})
        await few_pictures.measuring.known()
        wrong = (await client.get(PICTURES, params={"only": "wrong"})).json()
        assert 0 < wrong["found"] < 100
        assert all(np.argmax(picture["permille"]) != picture["actual"] for picture in wrong["pictures"])


async def test_without_images_one_can_still_draw(offline: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> TestImages:
        raise DataError("damaged")

    monkeypatch.setattr("bot.jobs.test_set.shipped_test_images", damaged)
    async with offline as client:
        answer = await client.get(PICTURES)
        assert (answer.status_code, answer.json()) == (503, {"error": "no_test_images"})
        assert (await client.post(DRAWING, content=bytes(DRAWING_BYTES))).is_success


async def test_without_a_model_the_page_says_so(
    models_dir: Path, fashion_mnist_dir: Path, executors: Executors, tmp_path: Path
) -> None:
    models = ModelStore(tmp_path)
    test_set = TestSet(fashion_mnist_dir, executors)
    measuring = Measuring(models, test_set)
    with open_recognizer(models_dir, store=models) as recognizer:
        pictures = Pictures(models, recognizer, test_set, measuring, executors)
        headers = {"Authorization": f"tma {signed()}"}
        async with client_of(pictures, Drawings(recognizer, executors), **headers) as client:
            for answer in (
                await client.get(PICTURES),
                await client.get(PICTURES, params={"only": "wrong"}),
                await client.post(DRAWING, content=bytes(DRAWING_BYTES)),
            ):
                assert (answer.status_code, answer.json()) == (503, {"error": "no_model"})
    measuring.close()


async def test_the_page_loads_nothing_foreign_and_sets_no_cookie(client: httpx.AsyncClient) -> None:
    page = await client.get("/app/")
    assert page.headers["Content-Type"].startswith("text/html")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert not re.search(r"(src|href)=[\"'](https?:)?//", page.text)
    addresses = set(re.findall(r"(?:src|href)=\"([^\"]+)\"", page.text)) | {"texts.js"}
    addresses |= {f"page/{path.name}" for path in PAGE.iterdir()}
    for address in addresses:
        answer = await client.get(f"/app/{address}")
        assert answer.is_success or address == "page/index.html", address
        assert "set-cookie" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if address.endswith(".js"):
            assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    for path in PAGE.iterdir():
        assert not re.search(r"(import|fetch|url)\W+https?:", path.read_text(encoding="utf-8")), path.name


async def test_the_words_of_the_page_are_those_of_the_bot(client: httpx.AsyncClient) -> None:
    module = (await client.get("/app/texts.js")).text
    words = json.loads(module.removeprefix("export const TEXTS = ").rstrip().removesuffix(";"))
    assert set(words) == {"zh-hant", "en"}
    assert words["zh-hant"]["classes"][0] == "T恤/上衣"
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    scripts = "".join(path.read_text(encoding="utf-8") for path in PAGE.glob("*.js"))
    used = set(re.findall(r"data-(?:t|label)=\"(\w+)\"", page)) | set(re.findall(r"\bt\(\"(\w+)\"", scripts))
    assert used <= set(words["en"])
    known = set(words["en"]) - {"refusals", "classes", "language_name", "open_page"}
    assert not {word for word in known if word not in page and word not in scripts}


async def test_what_there_is_not_is_no_page(client: httpx.AsyncClient) -> None:
    for address in ("/app/nothing", "/app/page/../routes.py", "/app/page/%2e%2e/routes.py", "/app/api/"):
        assert (await client.get(address)).status_code == 404
    assert (await client.get(DRAWING)).status_code == 405
