"""The cards that Telegram fetches by an address which the bot has signed."""

import io

import httpx
import pytest
from PIL import Image

from bot.card_links import card_link, card_signature
from bot.datasets import shipped_test_images
from bot.replies.cards.sample import SAMPLE_HEIGHT, SAMPLE_WIDTH
from bot.web_app.pictures import Pictures
from tests.web_app.signing import TOKEN

NUMBER = int(shipped_test_images().numbers[0]) + 1


def address(pictures: Pictures, language: str = "en") -> str:
    return card_link("/app/", TOKEN, NUMBER, language, pictures.models.live().version)


async def test_a_signed_address_is_a_card_for_whoever_asks(client: httpx.AsyncClient, pictures: Pictures) -> None:
    answer = await client.get(address(pictures), headers={"Authorization": ""})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    with Image.open(io.BytesIO(answer.content)) as card:
        assert (card.format, card.size) == ("JPEG", (SAMPLE_WIDTH, SAMPLE_HEIGHT))
    assert len(answer.content) < 5_000_000
    assert (await client.get(address(pictures))).content == answer.content
    assert (await client.get(address(pictures, "zh-hant"))).content != answer.content


@pytest.mark.parametrize(
    ("number", "language", "version"),
    [(NUMBER + 1, "en", None), (NUMBER, "zh-hant", None), (NUMBER, "en", "another"), (NUMBER, "fr", None)],
)
async def test_what_the_bot_did_not_sign_is_not_drawn(
    client: httpx.AsyncClient, pictures: Pictures, number: int, language: str, version: str | None
) -> None:
    live = pictures.models.live().version
    signature = card_signature(TOKEN, NUMBER, "fr" if language == "fr" else "en", version or live)
    answer = await client.get(f"/app/cards/{language}/{number}/{signature}.jpg")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "path", ["en/0/a.jpg", "en/-1/a.jpg", "en/1/é.jpg", "en/99999999999999999999/a.jpg", "en/1/a.png"]
)
async def test_what_is_no_address_is_404(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/app/cards/{path}")).status_code == 404


async def test_an_image_that_is_not_there_is_404(client: httpx.AsyncClient, pictures: Pictures) -> None:
    link = card_link("/app/", TOKEN, 10_001, "en", pictures.models.live().version)
    assert (await client.get(link)).status_code == 404
