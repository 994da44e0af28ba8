import io
import re
from pathlib import Path

import pytest
from PIL import Image

from bot.datasets import load_test
from bot.replies.texts import Language, texts
from bot.vision.labels import CLASS_NAMES, CLASS_NAMES_EN
from telegram_playground import Chat, Playground
from tests.e2e.running import running
from tests.pictures import saved

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHINESE = texts(Language.ZH_HANT)


def image(width: int, height: int, kind: str = "JPEG") -> bytes:
    return saved(Image.effect_noise((width, height), 60).convert("RGB"), kind)


async def test_a_photo_gets_one_card_with_all_ten_classes(playground: Playground, ann: Chat, photo: bytes):
    answer = await playground.answer_to(await playground.send_photo(ann, photo))
    assert answer.is_photo
    for name in CLASS_NAMES:
        assert name in answer.text
    assert answer.text.count("%") >= 10
    buttons = [button["text"] for button in answer.buttons]
    words = CHINESE.buttons
    assert buttons == [words.right, words.correct, words.why, words.share]
    card = Image.open(io.BytesIO(playground.picture(answer)))
    assert min(card.size) > 600
    assert len(playground.from_bot(ann)) == 1


async def test_the_reaction_changes_when_it_is_answered(
    playground: Playground, ann: Chat, photo: bytes, kinds_of_photos: dict[str, bytes]
):
    sent = await playground.send_photo(ann, photo)
    album = await playground.send_album(ann, [photo] * 2)
    for first in (sent, album[0]):
        await playground.answer_to(first)
        await playground.wait_for(lambda first=first: list(first.reactions.values()) == [["👌"]])
    unsure = await playground.send_photo(ann, kinds_of_photos["unsure"])
    await playground.answer_to(unsure)
    await playground.wait_for(lambda: list(unsure.reactions.values()) == [["🤔"]])
    calls = playground.requests.of("setMessageReaction")
    given = [str(call.params["reaction"]) for call in calls if int(call.params["chat_id"]) == ann.id]
    assert [sum(emoji in each for each in given) for emoji in "👌🤔"] == [2, 1]


async def test_percentages_fall_from_line_to_line(playground: Playground, bea: Chat, photo: bytes):
    answer = await playground.answer_to(await playground.send_photo(bea, photo))
    lines = [line for line in answer.text.splitlines() if re.match(r"[\u2007\d]", line)]
    shares = [float(line.split("%")[0].strip()) for line in lines]
    assert len(shares) == 11
    assert {line.split("  ")[1] for line in lines} == {*CLASS_NAMES_EN, texts(Language.EN).outside_name}
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(100, abs=0.01)


@pytest.mark.parametrize(("width", "height"), [(90, 70), (640, 480), (1600, 1200), (300, 2000)])
async def test_photos_of_any_size(playground: Playground, ann: Chat, width: int, height: int):
    answer = await playground.answer_to(await playground.send_photo(ann, image(width, height)))
    assert answer.is_photo


async def test_the_smallest_size_that_serves_is_fetched(playground: Playground, ann: Chat):
    sent = await playground.send_photo(ann, image(2400, 1800))
    await playground.answer_to(sent)
    (fetched,) = playground.requests.of("getFile")
    sizes = {size["file_id"]: max(size["width"], size["height"]) for size in sent.body["photo"]}
    serving = [side for side in sizes.values() if side >= 640]
    assert sizes[fetched.params["file_id"]] == min(serving)


@pytest.mark.parametrize("mime", ["image/png", "application/octet-stream", "video/mp4", ""])
async def test_image_files_are_judged_by_their_content(playground: Playground, ann: Chat, photo: bytes, mime: str):
    answer = await playground.answer_to(await playground.send_document(ann, photo, name="what.bin", mime=mime))
    assert answer.is_photo


@pytest.mark.parametrize("data", [b"no image at all", b"\xff\xd8\xff\xe0 broken", image(64, 64, "PNG")[:200]])
async def test_broken_files_are_explained(playground: Playground, ann: Chat, data: bytes):
    answer = await playground.answer_to(await playground.send_document(ann, data, name="photo.jpg", mime="image/jpeg"))
    assert answer.text in (CHINESE.problems.not_an_image, CHINESE.problems.damaged)


async def test_a_file_beyond_20_mb_is_not_fetched(playground: Playground, ann: Chat):
    answer = await playground.answer_to(await playground.send_document(ann, b"x", size=21 * 1024 * 1024))
    assert answer.text == CHINESE.problems.too_many_bytes
    assert not playground.requests.of("getFile")


async def test_a_photo_whose_caption_is_a_command_is_a_photo(playground: Playground, ann: Chat, photo: bytes):
    answer = await playground.answer_to(await playground.send_photo(ann, photo, caption="/help <what>"))
    assert answer.is_photo


async def test_a_photo_deleted_meanwhile_is_answered_all_the_same(playground: Playground, ann: Chat, photo: bytes):
    sent = await playground.send_photo(ann, photo)
    await playground.delete(sent)
    answer = await playground.next_from_bot(sent)
    assert answer.is_photo


async def test_help_is_answered_while_fifty_photos_wait(playground: Playground, ann: Chat, bea: Chat, photo: bytes):
    held = playground.faults.hold("getFile")
    sent = [await playground.send_photo(ann, photo, as_it_is=True) for _ in range(50)]
    held.release()
    await playground.answer_to(sent[0])
    asked = await playground.send_text(bea, "/help")
    own = await playground.send_text(ann, "/help")
    beas_photo = await playground.send_photo(bea, photo, as_it_is=True)
    before = len(playground.requests)
    await playground.wait_for(lambda: all(playground.answers_to(message) for message in sent), timeout=240)
    since = list(playground.requests)[before:]

    def anns_photos_before(method: str) -> int:
        """How many of her photos are answered before the bot first calls this method for Bea."""
        answers = [(each.method, int(each.params["chat_id"])) for each in since if "chat_id" in each.params]
        return answers[: answers.index((method, bea.id))].count(("sendPhoto", ann.id))

    assert playground.from_bot(bea, after=asked)[0].is_photo is False
    assert anns_photos_before("sendMessage") < 10
    assert anns_photos_before("sendPhoto") < 20
    assert len(playground.answers_to(beas_photo)) == 1
    helps = [message for message in playground.from_bot(ann) if message.id > own.id and "/sample" in message.text]
    assert len(helps) == 1
    assert all(len(playground.answers_to(message)) == 1 for message in sent)


async def test_every_garment_of_a_dressed_person_has_a_line_and_a_button(
    playground: Playground, ann: Chat, dressed: bytes
):
    answer = await playground.answer_to(await playground.send_photo(ann, dressed))
    lines = [line for line in answer.text.splitlines() if re.match(r"(▶ )?\d\. ", line)]
    others = [button["text"] for button in answer.buttons if button["text"][0].isdigit()]
    assert len(lines) == len(others) + 1 >= 2
    assert [line.startswith("▶") for line in lines] == [True, *[False] * len(others)]
    card = playground.picture(answer)
    await playground.answer_of(await playground.tap(answer, others[0]))
    await playground.wait_for(lambda: "▶ 2. " in answer.text)
    assert playground.picture(answer) != card
    assert answer.buttons[-1]["text"][0] != "2"
    assert "▶ 第 2 件" in answer.text
    assert len(playground.from_bot(ann)) == 1


async def test_between_two_candidates_both_are_buttons(
    playground: Playground, ann: Chat, kinds_of_photos: dict[str, bytes]
):
    answer = await playground.answer_to(await playground.send_photo(ann, kinds_of_photos["unsure"]))
    assert answer.text.startswith("不確定")
    buttons = [button["text"] for button in answer.buttons]
    assert [text[:2] for text in buttons[:2]] == ["✅ ", "✅ "]
    assert buttons[2:4] == [CHINESE.buttons.correct, CHINESE.buttons.why]


async def test_where_nothing_is_found_there_are_no_figures(
    playground: Playground, ann: Chat, kinds_of_photos: dict[str, bytes]
):
    answer = await playground.answer_to(await playground.send_photo(ann, kinds_of_photos["nothing"]))
    assert answer.text == CHINESE.photo.nothing
    assert [button["text"] for button in answer.buttons] == [CHINESE.buttons.correct]
    card = Image.open(io.BytesIO(playground.picture(answer)))
    assert card.size[0] == 1080


async def test_a_picture_of_the_data_set_is_told(playground: Playground, ann: Chat, fashion_mnist_dir: Path):
    shoe = Image.fromarray(load_test(fashion_mnist_dir).images[0])
    picture = saved(shoe.resize((280, 280), Image.Resampling.NEAREST), "PNG")
    answer = await playground.answer_to(await playground.send_document(ann, picture, name="shoe.png"))
    assert CHINESE.photo.data_set in answer.text


async def test_a_button_for_a_garment_that_is_not_there_is_answered(playground: Playground, ann: Chat, photo: bytes):
    answer = await playground.answer_to(await playground.send_photo(ann, photo))
    tap = await playground.tap(answer, "v1:item:8", forged=True)
    await playground.answer_of(tap)
    await playground.wait_for(lambda: answer.edit_date or playground.requests.of("editMessageMedia"))
    assert len(playground.from_bot(ann)) == 1


async def test_the_limit_of_photos_is_a_setting_and_binds_no_admin(
    live_models: Path, few_test_images: Path, tmp_path: Path, photo: bytes
):
    said = texts(Language.EN)
    async with Playground(port=0) as other:
        boss, cat = (other.private(other.person(name, language_code="en")) for name in ("Boss", "Cat"))
        settings = {"PHOTO_LIMIT": "2", "ADMIN_IDS": str(boss.owner.id)}
        async with running(other, tmp_path, MODELS_DIR=str(live_models), DATA_DIR=str(few_test_images), **settings):
            sheet = await other.answer_to((await other.send_album(cat, [photo] * 3))[0])
            assert said.album.left_out.format(photos="1 photo", limit="2 photos") in sheet.text
            refused = await other.answer_to(await other.send_photo(cat, photo))
            assert refused.text.startswith("I look at up to 2 photos in ten minutes. I left out 1 photo;")
            whole = await other.answer_to((await other.send_album(boss, [photo] * 3))[0])
            assert len(whole.buttons) >= 3
            assert "Left out" not in whole.text
