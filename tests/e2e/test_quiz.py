"""A game of ten questions against the model, in one message."""

import asyncio
import re

import pytest

from bot.handlers import group_quiz
from bot.replies.texts import Language, texts
from bot.replies.texts.quiz import quiz_texts
from bot.vision.labels import CLASS_NAMES_EN
from telegram_playground import Chat, Message, Playground

pytestmark = pytest.mark.asyncio(loop_scope="session")

ENGLISH = quiz_texts(Language.EN)


async def tapped(playground: Playground, message: Message, button: str) -> None:
    before = message.text
    await playground.answer_of(await playground.tap(message, button))
    await playground.wait_for(lambda: message.text != before)


async def test_a_whole_game(playground: Playground, bea: Chat):
    game = await playground.next_from_bot(await playground.send_text(bea, "/quiz"))
    person = model = 0
    for number in range(1, 11):
        assert f"question {number} of 10" in game.text
        assert [button["text"] for button in game.buttons] == list(CLASS_NAMES_EN)
        question = playground.picture(game)
        await tapped(playground, game, "Trouser")
        assert playground.picture(game) != question
        actual = re.search(r"Actual: (.+)", game.text)
        said = re.search(r"The model: (.+?) \(confidence [\d.]+%\), (?:✓|✗)\s(right|wrong)", game.text)
        assert actual is not None
        assert said is not None
        assert ("Your guess: Trouser, ✓\N{NO-BREAK SPACE}right" in game.text) == (actual[1] == "Trouser")
        assert (said[2] == "right") == (said[1] == actual[1])
        person, model = person + (actual[1] == "Trouser"), model + (said[2] == "right")
        assert f"you {person}, the model {model}" in game.text
        if number < 10:
            await tapped(playground, game, ENGLISH.buttons.following)
    assert "All 10 are done" in game.text
    assert len(playground.from_bot(bea)) == 1
    await playground.answer_of(await playground.tap(game, ENGLISH.buttons.again.format(total=10)))
    assert "question 1 of 10" in (await playground.next_from_bot(game)).text


async def test_the_first_guess_counts(playground: Playground, bea: Chat):
    game = await playground.next_from_bot(await playground.send_text(bea, "/quiz"))
    coat = game.button("Coat")["callback_data"]
    await tapped(playground, game, "Trouser")
    answered = game.text
    answer = await playground.answer_of(await playground.tap(game, coat, forged=True))
    assert answer["text"] == texts(Language.EN).toasts.outdated
    assert game.text == answered


@pytest.mark.parametrize("data", ["v1:qg:10000:1:1.0.0", "v1:qg:1:10:1.0.0", "v1:qa:3.9.9"])
async def test_forged_buttons_are_outdated(playground: Playground, bea: Chat, data: str):
    game = await playground.next_from_bot(await playground.send_text(bea, "/quiz"))
    answer = await playground.answer_of(await playground.tap(game, data, forged=True))
    assert answer["text"] == texts(Language.EN).toasts.outdated


async def test_a_group_is_asked_by_telegrams_own_quiz(playground: Playground, ann: Chat, bea: Chat):
    group = playground.group("Class", [bea.owner, ann.owner])
    first = await playground.next_from_bot(await playground.send_text(group, "/quiz"))
    button = first.buttons[0]["text"]
    # Before anything else: it is early for five seconds only.
    early = await playground.answer_of(await playground.tap(first, button))
    assert early["text"] in (
        quiz_texts(Language.EN).just_asked,
        quiz_texts(Language.ZH_HANT).just_asked,
    )
    poll = first.body["poll"]
    assert (poll["type"], poll["is_anonymous"]) == ("quiz", False)
    names = [option["text"] for option in poll["options"]]
    assert len(names) == 10
    assert len(poll["explanation"]) <= 200
    assert poll["media"]["photo"]
    assert poll["explanation_media"]["photo"]
    (right,) = poll["correct_option_ids"]
    assert names[right] in poll["explanation"]
    await playground.vote(first, names[right], sender=bea.owner)
    await playground.vote(first, names[(right + 1) % 10], sender=ann.owner)

    await asyncio.sleep(group_quiz.PAUSE.total_seconds())
    await playground.answer_of(await playground.tap(first, button))
    second = await playground.next_from_bot(first)
    assert "1 / 2" in second.body["poll"]["question"]
    assert re.search("[01] / 1", second.body["poll"]["question"])
