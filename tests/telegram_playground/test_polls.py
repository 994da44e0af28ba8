"""Polls and quizzes: what Telegram would refuse, who is told of a vote, and what the page shows."""

import json
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from telegram_playground import Chat, Playground
from telegram_playground.chats import Message
from tests.telegram_playground.browser import chromium, window
from tests.telegram_playground.conftest import Caller
from tests.telegram_playground.pictures import picture

QUIZ: dict[str, Any] = {
    "question": "What is this?",
    "options": [{"text": "Coat"}, {"text": "Dress"}, {"text": "Bag"}],
    "type": "quiz",
    "correct_option_ids": [1],
    "explanation": "It is a <b>dress</b>.",
    "explanation_parse_mode": "HTML",
    "is_anonymous": False,
    "media": {"type": "photo", "media": "attach://question"},
    "explanation_media": {"type": "photo", "media": "attach://answer"},
}


def files() -> dict[str, Any]:
    return {name: ("a.jpg", picture(80, 60)) for name in ("question", "answer")}


@pytest.fixture
def group(playground: Playground) -> Chat:
    return playground.group("Class", [playground.person("Ann"), playground.person("Ben")])


async def quiz(playground: Playground, call: Caller, group: Chat, **changes: Any) -> Message:
    await call.result("sendPoll", files(), chat_id=group.id, **(QUIZ | changes))
    return playground.from_bot(group)[-1]


async def test_a_quiz_is_shown_with_its_pictures(playground: Playground, call: Caller, group: Chat) -> None:
    poll = (await call.result("sendPoll", files(), chat_id=group.id, **QUIZ))["poll"]
    assert [option["text"] for option in poll["options"]] == ["Coat", "Dress", "Bag"]
    assert (poll["type"], poll["correct_option_ids"], poll["is_anonymous"]) == ("quiz", [1], False)
    assert poll["explanation"] == "It is a dress."
    assert poll["media"]["photo"]
    assert poll["explanation_media"]["photo"]
    assert poll["total_voter_count"] == 0


async def test_the_bot_is_told_of_each_vote_and_a_quiz_is_answered_once(
    playground: Playground, call: Caller, group: Chat
) -> None:
    message = await quiz(playground, call, group)
    await playground.vote(message, "Dress")
    await playground.vote(message, "Bag", sender=group.members[1])
    with pytest.raises(LookupError):
        await playground.vote(message, "Coat")
    with pytest.raises(LookupError):
        await playground.vote(message, "Hat", sender=group.members[1])
    updates = await call.result("getUpdates")
    answers = [update["poll_answer"] for update in updates if "poll_answer" in update]
    assert [(answer["user"]["first_name"], answer["option_ids"]) for answer in answers] == [("Ann", [1]), ("Ben", [2])]
    counts = [option["voter_count"] for option in [u["poll"] for u in updates if "poll" in u][-1]["options"]]
    assert counts == [0, 1, 1]


async def test_an_anonymous_poll_tells_nobody(playground: Playground, call: Caller, group: Chat) -> None:
    message = await quiz(playground, call, group, is_anonymous=True)
    await playground.vote(message, "Dress")
    assert not [update for update in await call.result("getUpdates") if "poll_answer" in update]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"question": " "}, "poll question must be non-empty"),
        ({"question": "x" * 301}, "poll question length must not exceed 300"),
        ({"options": []}, "poll must have from 1 to 12 options"),
        ({"options": [{"text": "x"}] * 13}, "poll must have from 1 to 12 options"),
        ({"options": [{"text": "x" * 101}]}, "poll options length must be from 1 to 100"),
        ({"options": "Coat"}, "can't parse options JSON object"),
        ({"correct_option_ids": [3]}, "wrong correct option identifiers specified"),
        ({"correct_option_ids": []}, "wrong correct option identifiers specified"),
        ({"explanation": "x" * 201}, "poll explanation length must not exceed 200"),
        ({"explanation": "a\nb\nc\nd"}, "poll explanation must contain at most 2 line feeds"),
        ({"type": "guess"}, "unsupported poll type specified"),
        ({"media": {"type": "photo", "media": "attach://nothing"}}, 'can\'t find uploaded file "nothing"'),
    ],
)
async def test_what_telegram_refuses(call: Caller, group: Chat, changes: dict[str, Any], said: str) -> None:
    assert await call.refused("sendPoll", files(), chat_id=group.id, **(QUIZ | changes)) == f"Bad Request: {said}"


async def test_the_page_shows_what_is_right_after_a_choice(playground: Playground) -> None:
    async with chromium() as browser, window(browser, playground.url) as opened:
        page = opened.page
        await expect(page.locator(".empty")).to_be_visible()
        group = next(chat for chat in playground.state.chats.values() if chat.type == "supergroup")
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            data = {"chat_id": str(group.id)} | {
                name: value if isinstance(value, str) else json.dumps(value) for name, value in QUIZ.items()
            }
            url = f"{playground.api_url}/bot{playground.token}/sendPoll"
            assert (await client.post(url, data=data, files=files())).is_success
        await page.get_by_role("button", name=group.title).click()
        poll = page.locator(".poll")
        await expect(poll.locator("img")).to_have_count(1)
        await poll.get_by_role("button", name="Bag").click()
        await expect(poll.locator(".option.right")).to_contain_text("Dress")
        await expect(poll.locator(".option.wrong")).to_contain_text("Bag")
        await expect(poll.locator(".explanation")).to_have_text("It is a dress.")
        await expect(poll.locator("img")).to_have_count(2)
        await expect(poll.get_by_role("button")).to_have_count(0)
        await page.reload()
        await expect(page.locator("#sidebar")).to_be_visible()
        await page.get_by_role("button", name=group.title).click()
        await expect(page.locator(".poll .option.wrong")).to_contain_text("Bag")
