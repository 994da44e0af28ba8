"""Train a network in the chat, ask it, and meet the class: over the playground, with the smallest settings."""

import re
from pathlib import Path

import pytest

from bot.course.choice import TrainingChoice
from bot.replies.callback_data import encode
from bot.replies.callback_data.actions import TrainCancel, TrainStart
from bot.replies.texts import Language, texts
from bot.replies.texts.train import train_texts
from bot.vision.labels import CLASS_NAMES_EN
from telegram_playground import Chat, Message, Playground
from tests.e2e.forgetting import forget
from tests.e2e.running import BotProcess, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

# A training stands back behind everything else, so on a busy machine it may take minutes.
ENGLISH, CHINESE = train_texts(Language.EN), train_texts(Language.ZH_HANT)
NOTICE_ENDS = ENGLISH.result.notice.rpartition("}</b>")[2]
SMALL = TrainingChoice(neurons=8)
LONG = TrainingChoice(neurons=32, epochs=50)


def labels(message: Message) -> list[str]:
    return [button["text"] for button in message.buttons]


async def opened(playground: Playground, chat: Chat) -> Message:
    return await playground.next_from_bot(await playground.send_text(chat, "/train"))


async def started(playground: Playground, chat: Chat, choice: TrainingChoice = SMALL) -> Message:
    """Open /train, choose by buttons, and start."""
    panel = await opened(playground, chat)
    words = ENGLISH if "Train" in panel.text else CHINESE
    if choice.neurons != 128:
        await tapped(playground, panel, words.buttons.neurons.format(count=choice.neurons))
    if choice.epochs != 5:
        await tapped(playground, panel, words.buttons.epochs.format(count=choice.epochs))
    await tapped(playground, panel, words.buttons.start)
    return panel


async def tapped(playground: Playground, message: Message, button: str) -> None:
    """Tap a button and wait until the message has changed."""
    before = message.text, labels(message)
    await playground.answer_of(await playground.tap(message, button))
    await playground.wait_for(lambda: (message.text, labels(message)) != before)


async def trained(playground: Playground, chat: Chat) -> Message:
    message = await started(playground, chat)
    await playground.wait_for(lambda: len(message.buttons) > 1, timeout=600)
    return message


async def told(playground: Playground, after: Message) -> Message:
    """The bot's next message; not the note that a training is done, which comes where it took more than a minute."""
    message = await playground.next_from_bot(after)
    return await told(playground, message) if message.text.endswith(NOTICE_ENDS) else message


async def test_the_panel_shows_what_is_chosen(playground: Playground, bea: Chat):
    panel = await opened(playground, bea)
    assert panel.is_photo
    assert panel.text.startswith(ENGLISH.title)
    assert "128 neurons" in panel.text
    assert "5 epochs" in panel.text
    assert "✓ 128" in labels(panel)
    for button, said in (
        ("512", "512 neurons"),
        ("20 epochs", "20 epochs"),
        ("Learning rate 0.001", "(Adam): 0.01"),
        ("Normalise: yes", "no, pixels are 0–255"),
        ("Stop at 95%: no", "stop above 95%"),
    ):
        await tapped(playground, panel, button)
        assert said in panel.text
    assert "50 epochs" not in labels(panel), "512 neurons train for 20 epochs at most"
    assert "512 neurons" in panel.text
    assert len(playground.from_bot(bea)) == 1


async def test_a_network_is_trained_in_the_message_and_kept(playground: Playground, bea: Chat):
    panel = await opened(playground, bea)
    await tapped(playground, panel, "8")
    before = playground.picture(panel)
    await tapped(playground, panel, ENGLISH.buttons.start)
    assert labels(panel) == [ENGLISH.buttons.cancel]
    await playground.wait_for(lambda: len(panel.buttons) > 1, timeout=600)
    assert playground.picture(panel) != before
    assert "Trained: 8 neurons, 5 epochs" in panel.text
    assert "5 epochs 89% / 87%, 50 epochs 96% / 88%" in panel.text
    test = re.search(r"test images ([\d.]+)%", panel.text)
    assert test is not None
    assert 75 < float(test[1]) < 90
    assert "underfitting" in panel.text or "A good fit" in panel.text
    assert "for 7 days" in panel.text
    assert len(playground.from_bot(bea)) == 1


async def test_ones_own_network_is_asked_beside_the_bot(playground: Playground, bea: Chat, photo: bytes):
    result = await trained(playground, bea)
    curve = playground.picture(result)
    await playground.answer_of(await playground.tap(result, ENGLISH.buttons.sample))
    sample = await told(playground, result)
    assert re.search(r"Your network: .+ \([\d.]+%\), (✓\sright|✗\swrong)", sample.text)
    assert re.search(r"The bot: .+ \([\d.]+%\), (✓\sright|✗\swrong)", sample.text)
    assert all(name in sample.text for name in CLASS_NAMES_EN)
    first = sample.text
    await playground.answer_of(await playground.tap(sample, ENGLISH.buttons.another))
    await playground.wait_for(lambda: sample.text != first)

    await playground.answer_of(await playground.tap(result, ENGLISH.buttons.gallery))
    sheet = await told(playground, sample)
    await tapped(playground, sheet, ENGLISH.buttons.only_wrong)
    wrong_in_all = re.search(r"([\d,]+) in all", sheet.text)
    assert wrong_in_all is not None
    assert 1000 < int(wrong_in_all[1].replace(",", "")) < 2500
    await tapped(playground, sheet, "3")
    assert re.search(r"Your network: .+, ✗\swrong", sheet.text)
    await tapped(playground, sheet, "4 →")
    await tapped(playground, sheet, ENGLISH.buttons.back)
    assert wrong_in_all[0] in sheet.text

    mine = await playground.send_photo(bea, photo, reply_to=result)
    answer = await playground.answer_to(mine)
    assert "The same photo" in answer.text
    assert "Why does it say bag to nearly every photo?" in answer.text
    await playground.answer_of(await playground.tap(result, ENGLISH.buttons.photo))
    asked = await told(playground, answer)
    assert asked.reply_markup == {"force_reply": True, "selective": True}
    again = await playground.answer_to(await playground.send_photo(bea, photo, reply_to=asked))
    assert again.text == answer.text
    await playground.answer_of(await playground.tap(again, ENGLISH.buttons.another_photo))
    asked = await told(playground, again)
    assert asked.reply_markup == {"force_reply": True, "selective": True}, "another photo, not the same one again"
    third = await playground.answer_to(await playground.send_photo(bea, photo, reply_to=again))
    assert third.text == answer.text
    for sent in (mine, again.reply_to):
        await playground.wait_for(lambda sent=sent: list(sent.reactions.values()) == [["👌"]])
    assert playground.picture(result) == curve, "the curve stays"


async def test_the_bots_own_answers_offer_it_to_those_who_have_one(playground: Playground, bea: Chat, photo: bytes):
    offered = ENGLISH.buttons.ask_own
    before = await playground.next_from_bot(await playground.send_text(bea, "/sample"))
    assert offered not in labels(before)
    await trained(playground, bea)
    sample = await told(playground, await playground.send_text(bea, "/sample"))
    await tapped(playground, sample, offered)
    assert "Your network" in sample.text
    sheet = await told(playground, await playground.send_text(bea, "/gallery"))
    await tapped(playground, sheet, offered)
    assert "for your network" in sheet.text
    await tapped(playground, sheet, "7")
    assert "Your network" in sheet.text
    mine = await playground.send_photo(bea, photo)
    answer = await playground.answer_to(mine)
    await playground.answer_of(await playground.tap(answer, offered))
    await playground.wait_for(lambda: len(playground.answers_to(mine)) == 2)
    assert any("The same photo" in each.text for each in playground.answers_to(mine))


async def test_forget_deletes_it(playground: Playground, bea: Chat):
    result = await trained(playground, bea)
    await forget(playground, bea)
    answer = await playground.answer_of(await playground.tap(result, ENGLISH.buttons.sample))
    assert answer["text"] == ENGLISH.toasts.none
    privacy = await told(playground, await playground.send_text(bea, "/privacy"))
    assert "/train" in privacy.text
    assert "7 days" in privacy.text


async def test_a_training_is_cancelled_and_only_by_its_owner(playground: Playground, ann: Chat):
    message = await started(playground, ann, LONG)
    await playground.wait_for(lambda: "訓練中" in message.text, timeout=200)
    second = await opened(playground, ann)
    answer = await playground.answer_of(await playground.tap(second, CHINESE.buttons.start))
    assert answer["text"] == CHINESE.toasts.already
    await playground.answer_of(await playground.tap(message, CHINESE.buttons.cancel))
    await playground.wait_for(lambda: "已取消" in message.text)
    assert labels(message) == [CHINESE.buttons.again]
    await playground.answer_of(await playground.tap(message, CHINESE.buttons.again))
    assert (await playground.next_from_bot(second)).text.startswith(CHINESE.title)


async def test_who_comes_second_is_told_the_place(playground: Playground, ann: Chat, bea: Chat):
    first = await started(playground, ann, LONG)
    second = await started(playground, bea)
    await playground.wait_for(lambda: "In the queue" in second.text)
    assert "1 person first" in second.text
    await playground.answer_of(await playground.tap(first, CHINESE.buttons.cancel))
    await playground.wait_for(lambda: "Trained" in second.text, timeout=600)


@pytest.mark.parametrize("data", ["v1:tr:32110", "v1:tr:9", "v1:tx:", "v1:os:10000"])
async def test_a_forged_button_is_outdated(playground: Playground, bea: Chat, data: str):
    panel = await opened(playground, bea)
    answer = await playground.answer_of(await playground.tap(panel, data, forged=True))
    assert answer["text"] == texts(Language.EN).toasts.outdated


async def test_a_training_that_is_gone_can_be_started_again(playground: Playground, bea: Chat):
    panel = await opened(playground, bea)
    answer = await playground.answer_of(await playground.tap(panel, encode(TrainCancel(SMALL)), forged=True))
    assert answer["text"] == ENGLISH.toasts.gone
    await playground.wait_for(lambda: "8 neurons" in panel.text)
    assert ENGLISH.buttons.start in labels(panel)


async def test_without_a_network_nothing_is_asked_of_it(playground: Playground, bea: Chat, photo: bytes):
    panel = await opened(playground, bea)
    for data in ("v1:os:5", "v1:on:a", "v1:op"):
        answer = await playground.answer_of(await playground.tap(panel, data, forged=True))
        assert answer["text"] == ENGLISH.toasts.none
    answer = await playground.answer_to(await playground.send_photo(bea, photo, reply_to=panel))
    assert answer.text == ENGLISH.toasts.none


async def test_a_class_has_one_table(playground: Playground, ann: Chat, bea: Chat, bot: BotProcess):
    group = playground.group("Class", [ann.owner, bea.owner])
    table = await playground.next_from_bot(await playground.send_text(group, "/train", sender=bea.owner))
    assert "Our networks" in table.text or "我們的網路" in table.text
    for chat in (ann, bea):
        answer = await playground.answer_of(await playground.tap(table, table.buttons[0]["text"], sender=chat.owner))
        assert answer["url"].endswith("?start=train")
    await playground.wait_for(lambda: "Ann" in table.text and "Bea" in table.text)
    panel = await playground.next_from_bot(await playground.send_text(bea, "/start train"))
    assert panel.text.startswith(ENGLISH.title)
    await playground.answer_of(await playground.tap(panel, encode(TrainStart(SMALL)), forged=True))
    await playground.wait_for(lambda: re.search(r"1\. Bea.*%", table.text), timeout=600)
    assert len(playground.from_bot(group)) == 1

    newer = await playground.next_from_bot(await playground.send_text(group, "/train", sender=ann.owner))
    assert re.search(r"1\. Bea.*%", newer.text)
    await playground.wait_for(lambda: table.deleted)
    await forget(playground, bea)
    await playground.wait_for(lambda: "Bea" not in newer.text)
    assert "Ann" in newer.text


async def test_a_bot_that_ends_says_so(
    live_models: Path, fashion_mnist_dir: Path, tmp_path: Path, playground: Playground
):
    async with Playground(port=0) as other:
        chat = other.private(other.person("Cat", language_code="en"))
        async with running(other, tmp_path, MODELS_DIR=str(live_models), DATA_DIR=str(fashion_mnist_dir)):
            message = await started(other, chat, LONG)
            await other.wait_for(lambda: re.search(r"Epoch \d+:", message.text), timeout=600)
        assert "restarting" in message.text
        assert labels(message) == [ENGLISH.buttons.again]


async def test_offline_it_says_what_is_missing(live_models: Path, tmp_path: Path):
    data = tmp_path / "data"
    async with Playground(port=0) as other:
        chat = other.private(other.person("Cat", language_code="en"))
        nowhere = "http://127.0.0.1:9"
        async with running(other, tmp_path, MODELS_DIR=str(live_models), DATA_DIR=str(data), PROXY_URL=nowhere):
            message = await started(other, chat)
            await other.wait_for(lambda: "No training yet" in message.text, timeout=200)
            assert "train-images-idx3-ubyte.gz" in message.text
            sample = await other.next_from_bot(await other.send_text(chat, "/sample"))
            assert sample.is_photo
