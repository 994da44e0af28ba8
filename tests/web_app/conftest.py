"""The page's server with the real model and the real test images, asked over ASGI."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.jobs.executors import Executors
from bot.jobs.measuring import Measuring
from bot.jobs.test_set import TestSet
from bot.recognition import open_recognizer
from bot.registry.store import ModelStore
from bot.vision.recognizer import Recognizer
from bot.web_app.cards import SampleCards
from bot.web_app.pictures import Drawings, Pictures
from bot.web_app.routes import make_web_app
from bot.webhook_url import PAGE_PATH
from tests.web_app.signing import NOW, TOKEN, signed


@pytest.fixture(scope="module")
def models(models_dir: Path, published_model: Path) -> ModelStore:
    return ModelStore(models_dir)


@pytest.fixture(scope="module")
def recognizer(models_dir: Path, models: ModelStore) -> Iterator[Recognizer]:
    with open_recognizer(models_dir, store=models) as recognizer:
        yield recognizer


@pytest.fixture
def pictures(
    models: ModelStore, recognizer: Recognizer, fashion_mnist_dir: Path, executors: Executors
) -> Iterator[Pictures]:
    test_set = TestSet(fashion_mnist_dir, executors)
    measuring = Measuring(models, test_set)
    yield Pictures(models, recognizer, test_set, measuring, executors)
    measuring.close()


def client_of(pictures: Pictures, drawings: Drawings, **headers: str) -> httpx.AsyncClient:
    cards = SampleCards(TOKEN, pictures.models, pictures.recognizer, pictures.test_set, pictures.executors)
    app = Starlette(routes=[Mount(PAGE_PATH, make_web_app(TOKEN, pictures, drawings, cards, lambda: NOW))])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot", headers=headers, verify=False)


@pytest.fixture
async def client(pictures: Pictures, recognizer: Recognizer, executors: Executors) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody whom Telegram has sent."""
    drawings = Drawings(recognizer, executors)
    async with client_of(pictures, drawings, Authorization=f"tma {signed()}") as client:
        yield client
