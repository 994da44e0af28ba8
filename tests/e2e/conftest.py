"""A playground with the real bot in a process of its own, shared by the tests; each test is a new person."""

import csv
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from telegram_playground import Chat, Person, Playground
from tests.conftest import needs
from tests.e2e import strict
from tests.e2e.photos_by_kind import photos_by_kind
from tests.e2e.running import BRISK_BOT, BotProcess, running


@pytest.fixture(scope="session")
def garment_photos(photos_dir: Path) -> dict[str, bytes]:
    """Photos of the validation senders by label, one each."""
    folder = photos_dir / "clothing-photos"
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "validation"]
    return {row["label"]: (folder / "images" / f"{row['image']}.jpg").read_bytes() for row in reversed(rows)}


@pytest.fixture(scope="session")
def kinds_of_photos(photos_dir: Path, models_dir: Path) -> dict[str, bytes]:
    """A photo for each kind of answer that the shipped networks give."""
    return photos_by_kind(photos_dir, models_dir)


@pytest.fixture(scope="session")
def photo(kinds_of_photos: dict[str, bytes]) -> bytes:
    """A photo of one garment, which the shipped networks name."""
    return kinds_of_photos["one"]


@pytest.fixture(scope="session")
def dressed(kinds_of_photos: dict[str, bytes]) -> bytes:
    """A photo of somebody who wears several garments."""
    return kinds_of_photos["several"]


@pytest.fixture(scope="session")
def nothing(kinds_of_photos: dict[str, bytes]) -> bytes:
    """A photo of no clothing."""
    return kinds_of_photos["nothing"]


@pytest.fixture(scope="session")
def live_models(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped models folder that tests may change."""
    needs((models_dir / "classifier.tflite").is_file(), "make a model: python -m training --preset lesson")
    folder = tmp_path_factory.mktemp("models")
    for name in ("classifier.tflite", "card.json", "segmenter.tflite", "color_classifier.tflite"):
        shutil.copy(models_dir / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def few_test_images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ``DATA_DIR`` of nothing, in which nothing can be put: the bot has the test images that come with it.

    At every start, a bot measures its model on what is at hand. The 10,000 take half a minute of a core.
    """
    path = tmp_path_factory.mktemp("data") / "no-folder"
    path.write_text("in the way of the folder", encoding="utf-8")
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playground() -> AsyncIterator[Playground]:
    """A local Bot API server."""
    async with Playground(port=0) as playground:
        yield playground


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bot(
    playground: Playground, live_models: Path, fashion_mnist_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """The bot, polling; some tests leave it with answers that wait for hours, which would hold up its end."""
    var = tmp_path_factory.mktemp("var")
    settings = {"MODELS_DIR": str(live_models), "DATA_DIR": str(fashion_mnist_dir), "ADMIN_IDS": str(ADMIN_ID)}
    async with running(playground, var, module=BRISK_BOT, **settings) as bot:
        yield bot
        for request in playground.requests:
            strict.check(request)


ADMIN_ID = 5_000_000_001
"""The playground numbers people from here."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def admin(playground: Playground) -> Person:
    """The first person of the playground: the bot's admin."""
    admin = playground.person("Ada")
    assert admin.id == ADMIN_ID
    return admin


@pytest.fixture
def ann(playground: Playground, admin: Person, bot: BotProcess) -> Chat:
    """The private chat of somebody new, whose Telegram says no language."""
    return playground.private(playground.person("Ann"))


@pytest.fixture
def bea(playground: Playground, admin: Person, bot: BotProcess) -> Chat:
    """The private chat of somebody new, whose Telegram is in English."""
    return playground.private(playground.person("Bea", language_code="en-GB"))


@pytest.fixture
async def server() -> AsyncIterator[Playground]:
    """A Bot API server for one test, which starts its own bots."""
    async with Playground(port=0) as server:
        yield server
        for request in server.requests:
            strict.check(request)


@pytest.fixture
def inbox(server: Playground) -> Chat:
    """The chat of that server's admin, who has written before."""
    ada = server.person("Ada")
    assert ada.id == ADMIN_ID
    return server.private(ada)


@pytest.fixture
def places(live_models: Path, few_test_images: Path) -> dict[str, str]:
    """Settings of a bot with few test images and an admin."""
    return {"MODELS_DIR": str(live_models), "DATA_DIR": str(few_test_images), "ADMIN_IDS": str(ADMIN_ID)}


@pytest.fixture(autouse=True)
def every_request_is_strict(playground: Playground) -> Iterator[None]:
    """After each test, what the bot asked for is checked and forgotten."""
    yield
    for request in playground.requests:
        strict.check(request)
    playground.requests.clear()
