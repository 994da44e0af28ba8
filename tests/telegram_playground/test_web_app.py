"""Pages inside the playground's Telegram."""

from types import ModuleType
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from playwright.async_api import expect
from starlette.responses import HTMLResponse

from telegram_playground import Chat, Playground
from tests.telegram_playground.browser import chromium, window
from tests.telegram_playground.conftest import Caller

PAGE = HTMLResponse("<p>hello</p>", headers={"Content-Security-Policy": "default-src 'none'"})
THEME = {"bg_color": "#17212b"}


def keyboard(url: str) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": "open", "web_app": {"url": url}}]]}


async def test_whoever_opens_a_page_is_signed_for(
    aiogram: ModuleType, playground: Playground, call: Caller, chat: Chat
) -> None:
    safe_parse_webapp_init_data = aiogram.utils.web_app.safe_parse_webapp_init_data
    url = f"{playground.web_app_url}?lang=en"
    await call.result("sendMessage", chat_id=chat.id, text="a", reply_markup=keyboard(url))
    opened = playground.open_web_app(playground.from_bot(chat)[-1], "open", theme=THEME)
    assert opened.startswith(f"{url}#")
    fragment = parse_qs(urlsplit(opened).fragment)
    init_data = safe_parse_webapp_init_data(playground.token, fragment["tgWebAppData"][0])
    assert init_data.user is not None
    assert (init_data.user.id, init_data.user.first_name) == (chat.owner.id, "Ann")
    assert fragment["tgWebAppThemeParams"] == ['{"bg_color": "#17212b"}']
    assert dict(parse_qsl(fragment["tgWebAppData"][0]))["auth_date"].isdigit()
    with pytest.raises(ValueError, match="Invalid init data signature"):
        safe_parse_webapp_init_data("1:another", fragment["tgWebAppData"][0])


async def test_only_https_and_this_machine_and_only_in_private(
    playground: Playground, call: Caller, chat: Chat
) -> None:
    group = playground.group("Group", [chat.owner])
    for url in ("https://bot.example.org/app/", "http://127.0.0.1:8081/app/"):
        await call.result("sendMessage", chat_id=chat.id, text="a", reply_markup=keyboard(url))
        refused = await call.refused("sendMessage", chat_id=group.id, text="a", reply_markup=keyboard(url))
        assert "BUTTON_TYPE_INVALID" in refused
    for url in ("http://bot.example.org/app/", "ftp://127.0.0.1/", "", "app"):
        refused = await call.refused("sendMessage", chat_id=chat.id, text="a", reply_markup=keyboard(url))
        assert "Only HTTPS links are allowed" in refused


async def test_a_page_can_be_mounted_while_the_server_runs(playground: Playground, client: httpx.AsyncClient) -> None:
    assert (await client.get(playground.web_app_url)).status_code == 404
    chat = (await client.get(f"{playground.url}/chat/state")).json()["chats"][0]["id"]
    answer = await client.post(f"{playground.url}/chat/web-app", json={"chat": chat})
    assert answer.json()["description"].endswith("no page is mounted")
    playground.mount(PAGE)
    page = await client.get(playground.web_app_url)
    assert page.text == "<p>hello</p>"
    assert page.headers["Content-Security-Policy"] == "default-src 'none'"
    assert "X-Frame-Options" not in page.headers
    foreign = await client.get(playground.web_app_url, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403


async def test_the_chat_page_shows_it_in_a_frame(playground: Playground) -> None:
    playground.mount(PAGE)
    async with chromium() as browser, window(browser, f"{playground.url}/#app") as chat:
        await expect(chat.page.frame_locator("#web-app iframe").locator("p")).to_have_text("hello")
        frame = chat.page.locator("#web-app iframe")
        address = urlsplit(await frame.get_attribute("src") or "")
        theme = parse_qs(address.fragment)["tgWebAppThemeParams"][0]
        assert '"bg_color": "#ffffff"' in theme
        await chat.page.locator("#web-app .close").click()
        await expect(frame).to_have_count(0)


async def test_without_a_page_the_address_says_so(playground: Playground) -> None:
    async with chromium() as browser, window(browser, playground.url) as chat:
        chat.expected_problem("400")
        await chat.page.goto(f"{playground.url}/#app")
        await chat.page.reload()
        await expect(chat.page.locator(".toast")).to_have_text("這個頁面打不開")
