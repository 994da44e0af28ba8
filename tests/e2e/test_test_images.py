import asyncio
import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from bot.handlers import model_watch
from bot.replies.texts import Language, texts
from bot.vision.labels import CLASS_NAMES, CLASS_NAMES_EN
from telegram_playground import Chat, Message, Person, Playground
from tests.vision.tiny_models import always

pytestmark = pytest.mark.asyncio(loop_scope="session")

ENGLISH = texts(Language.EN)
PULLOVER = 2
FILES = ("classifier.tflite", "card.json")


def predicted(answer: Message) -> str:
    found = re.search(r"Predicted: (.+?) \(", answer.text)
    assert found is not None
    return found[1]


async def told(playground: Playground, admin: Person, words: str) -> None:
    """Wait until the admin has been told, and make sure that it was once."""
    inbox = playground.private(admin)
    await playground.send_text(inbox, "/help")  # nobody can be written to before they have written

    def found() -> list[Message]:
        return [each for each in playground.from_bot(inbox) if words in each.text]

    earlier = len(found())
    await playground.wait_for(lambda: len(found()) > earlier)
    await asyncio.sleep(2 * model_watch.EVERY_S)
    assert len(found()) == earlier + 1


@pytest.fixture
async def degraded(live_models: Path, tmp_path: Path):
    """Puts a model in place that calls everything a pullover, without a card, and the good one back afterwards."""
    for name in FILES:
        shutil.copy(live_models / name, tmp_path / name)

    def put() -> None:
        (live_models / "card.json").unlink()
        draft = live_models / "draft"
        draft.write_bytes(always(PULLOVER))
        draft.replace(live_models / "classifier.tflite")

    yield put
    for name in FILES:
        shutil.copy(tmp_path / name, live_models / "draft")
        (live_models / "draft").replace(live_models / name)
    await asyncio.sleep(2 * model_watch.EVERY_S)


async def test_a_sample_says_predicted_and_actual(playground: Playground, bea: Chat):
    answer = await playground.next_from_bot(await playground.send_text(bea, "/sample"))
    assert answer.is_photo
    assert predicted(answer) in CLASS_NAMES_EN
    actual = re.search(r"Actual: (.+)", answer.text)
    assert actual is not None
    assert answer.text.startswith("✓ Right" if actual[1] == predicted(answer) else "✗ Wrong")
    assert all(name in answer.text for name in CLASS_NAMES_EN)


async def test_another_sample(playground: Playground, bea: Chat):
    answer = await playground.next_from_bot(await playground.send_text(bea, "/sample"))
    tap = await playground.tap(answer, ENGLISH.buttons.another_sample)
    await playground.answer_of(tap)
    second = await playground.next_from_bot(answer)
    assert second.is_photo


@pytest.mark.parametrize("asked", ["/sample 42", "/sample ４２", "/start sample_42"])
async def test_a_sample_by_its_number(playground: Playground, bea: Chat, asked: str):
    answer = await playground.next_from_bot(await playground.send_text(bea, asked))
    assert answer.is_photo
    assert "number 42 of the 10,000" in answer.text


@pytest.mark.parametrize("asked", ["0", "10001", "cat", "-1", "9" * 5000, "<b>"])
async def test_a_sample_that_there_is_not(playground: Playground, bea: Chat, asked: str):
    answer = await playground.next_from_bot(await playground.send_text(bea, f"/sample {asked}"[:4096]))
    assert answer.text.startswith(f"There is no test image “{asked[:20]}")
    assert "1 to 10,000" in answer.text


@pytest.mark.parametrize("asked", ["/gallery 包包", "/gallery BAG", "/gallery 8", "/start gallery_bag"])
async def test_a_gallery_of_one_class(playground: Playground, bea: Chat, asked: str):
    sheet = await playground.next_from_bot(await playground.send_text(bea, asked))
    assert sheet.text.startswith("Test images of Bag: 25 of 1,000")
    for number in ("1", "25"):
        shown = playground.picture(sheet)
        await playground.answer_of(await playground.tap(sheet, number))
        await playground.wait_for(lambda shown=shown: playground.picture(sheet) != shown)
        assert "Actual: Bag" in sheet.text


async def test_a_gallery_of_no_class(playground: Playground, bea: Chat):
    answer = await playground.next_from_bot(await playground.send_text(bea, "/gallery <hat>"))
    assert answer.text.startswith("There is no class “<hat>”")
    assert all(name in answer.text for name in CLASS_NAMES_EN)


async def test_a_class_is_chosen_below_the_sheet(playground: Playground, bea: Chat):
    sheet = await playground.next_from_bot(await playground.send_text(bea, "/gallery"))
    await playground.answer_of(await playground.tap(sheet, ENGLISH.buttons.by_class))
    await playground.wait_for(lambda: len(sheet.buttons) == 12)
    await playground.answer_of(await playground.tap(sheet, "Dress"))
    await playground.wait_for(lambda: sheet.text.startswith("Test images of Dress"))
    await playground.answer_of(await playground.tap(sheet, ENGLISH.buttons.only_wrong), timeout=240)
    await playground.wait_for(lambda: sheet.text.startswith("Dress, taken for something else"), timeout=240)
    await playground.answer_of(await playground.tap(sheet, "1"))
    await playground.wait_for(lambda: sheet.text.startswith(ENGLISH.test_images.wrong))
    assert "Actual: Dress" in sheet.text


async def test_each_confused_pair_below_the_matrix_opens_its_images(playground: Playground, bea: Chat):
    figures = await playground.next_from_bot(await playground.send_text(bea, "/accuracy"))
    matrix = playground.picture(figures)
    pairs = [button["text"] for button in figures.buttons if "→" in button["text"]]
    assert len(pairs) == 6
    actual, predicted_as = pairs[0].split(" → ")
    await playground.tap(figures, pairs[0])
    sheet = await playground.next_from_bot(figures, timeout=240)
    assert sheet.text.startswith(f"{actual} taken for {predicted_as}")
    assert playground.picture(figures) == matrix, "the matrix stays"
    await playground.answer_of(await playground.tap(sheet, "1"))
    await playground.wait_for(lambda: f"Actual: {actual}" in sheet.text)
    assert predicted(sheet) == predicted_as


async def test_a_degraded_model_changes_the_answers(playground: Playground, bea: Chat, degraded, admin: Person):
    degraded()
    version = hashlib.sha256(always(PULLOVER)).hexdigest()[:12]
    await told(playground, admin, version)
    for _ in range(3):
        answer = await playground.next_from_bot(await playground.send_text(bea, "/sample"))
        assert predicted(answer) == "Pullover"
        assert "90.0%" in answer.text
    figures = await playground.next_from_bot(await playground.send_text(bea, "/accuracy"))
    assert figures.text == ENGLISH.faults.no_card
    await playground.answer_of(await playground.tap(figures, ENGLISH.buttons.measure_again))

    def measured() -> list[Message]:
        return [each for each in playground.from_bot(bea, after=figures) if "Measured just now: 10.00%" in each.text]

    (matrix,) = await playground.wait_for(measured, timeout=240)
    assert matrix.is_photo


@pytest.mark.parametrize(
    ("has_card", "why"),
    [(True, "classifier.tflite is not the file that card.json describes"), (False, "not a TFLite file")],
)
async def test_a_broken_model_file_is_refused_and_told_once(
    playground: Playground, bea: Chat, live_models: Path, degraded, admin: Person, has_card: bool, why: str
):
    if not has_card:
        (live_models / "card.json").unlink()
    (live_models / "draft").write_bytes(b"this is no model")
    (live_models / "draft").replace(live_models / "classifier.tflite")
    await told(playground, admin, why)
    answer = await playground.next_from_bot(await playground.send_text(bea, "/sample"))
    assert answer.is_photo


async def test_accuracy_shows_the_card(playground: Playground, bea: Chat, live_models: Path):
    card = json.loads((live_models / "card.json").read_text(encoding="utf-8"))
    answer = await playground.next_from_bot(await playground.send_text(bea, "/accuracy"))
    assert answer.is_photo
    assert f"{100 * card['test']['accuracy']:.1f}%" in answer.text
    assert card["version"] in answer.text


async def test_the_gallery_shows_25_images_and_each_of_them(playground: Playground, ann: Chat):
    sheet = await playground.next_from_bot(await playground.send_text(ann, "/gallery"))
    numbers = [button for button in sheet.buttons if button["text"].isdigit()]
    assert [button["text"] for button in numbers] == [str(number) for number in range(1, 26)]
    first = playground.picture(sheet)
    await playground.answer_of(await playground.tap(sheet, numbers[6]["callback_data"]))
    await playground.wait_for(lambda: playground.picture(sheet) != first)
    assert all(name in sheet.text for name in CLASS_NAMES)
    shown = [button["text"].removeprefix("▶ ") for button in sheet.buttons]
    assert shown[:25] == [str(number) for number in range(1, 26)], "the sheet stays"
    seventh = playground.picture(sheet)
    await playground.answer_of(await playground.tap(sheet, numbers[11]["callback_data"]))
    await playground.wait_for(lambda: playground.picture(sheet) != seventh)
    item = playground.picture(sheet)
    back = texts(Language.ZH_HANT).buttons.back_to_gallery
    await playground.answer_of(await playground.tap(sheet, back))
    await playground.wait_for(lambda: playground.picture(sheet) != item)
    assert playground.picture(sheet) == first
    assert len(playground.from_bot(ann)) == 1


async def test_the_gallery_of_wrong_images_shows_wrong_ones(playground: Playground, bea: Chat):
    sheet = await playground.next_from_bot(await playground.send_text(bea, "/gallery"))
    first = playground.picture(sheet)
    await playground.answer_of(await playground.tap(sheet, ENGLISH.buttons.only_wrong))
    await playground.wait_for(lambda: playground.picture(sheet) != first, timeout=240)
    for number in ("1", "2"):
        shown = playground.picture(sheet)
        await playground.answer_of(await playground.tap(sheet, number))
        await playground.wait_for(lambda shown=shown: playground.picture(sheet) != shown)
        assert sheet.text.startswith(ENGLISH.test_images.wrong)
