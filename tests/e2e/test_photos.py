import asyncio
import io
import re

import pytest
from PIL import Image

from bot.playground import Chat, Playground
from bot.replies.texts import Language, texts
from bot.vision.labels import CLASS_NAMES, CLASS_NAMES_EN
from tests.playground.pictures import dressed_person

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHINESE = texts(Language.ZH_HANT)


def image(width: int, height: int, kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(file, kind)
    return file.getvalue()


async def test_a_photo_gets_one_card_with_all_ten_classes(playground: Playground, ann: Chat, photo: bytes):
    sent = await playground.send_photo(ann, photo)
    answer = await playground.answer_to(sent)
    assert answer.is_photo
    for name in CLASS_NAMES:
        assert name in answer.text
    assert answer.text.count("%") >= 10
    assert [button["text"] for button in answer.buttons][:2] == [CHINESE.buttons.right, CHINESE.buttons.correct]
    card = Image.open(io.BytesIO(playground.picture(answer)))
    assert min(card.size) > 600
    assert len(playground.from_bot(ann)) == 1


async def test_percentages_fall_from_line_to_line(playground: Playground, bea: Chat, photo: bytes):
    answer = await playground.answer_to(await playground.send_photo(bea, photo))
    lines = [line for line in answer.text.splitlines() if line.strip().endswith(CLASS_NAMES_EN)]
    shares = [float(line.split("%")[0].strip()) for line in lines]
    assert len(shares) == 10
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
    sent = await playground.send_document(ann, photo, name="what.bin", mime=mime)
    answer = await playground.answer_to(sent)
    assert answer.is_photo


@pytest.mark.parametrize("data", [b"no image at all", b"\xff\xd8\xff\xe0 broken", image(64, 64, "PNG")[:200]])
async def test_broken_files_are_explained(playground: Playground, ann: Chat, data: bytes):
    sent = await playground.send_document(ann, data, name="photo.jpg", mime="image/jpeg")
    answer = await playground.answer_to(sent)
    assert answer.text in (CHINESE.problems.not_an_image, CHINESE.problems.damaged)


async def test_a_file_beyond_20_mb_is_not_fetched(playground: Playground, ann: Chat):
    sent = await playground.send_document(ann, b"x", size=21 * 1024 * 1024)
    answer = await playground.answer_to(sent)
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
    sent = [await playground.send_photo(ann, photo, as_it_is=True) for _ in range(50)]
    asked = await playground.send_text(bea, "/help")
    own = await playground.send_text(ann, "/help")
    beas_photo = await playground.send_photo(bea, photo, as_it_is=True)
    answered_before = sum(bool(playground.answers_to(message)) for message in sent)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await playground.next_from_bot(asked)
    helped_s = loop.time() - began
    await playground.answer_to(beas_photo, timeout=60)
    answered_then = sum(bool(playground.answers_to(message)) for message in sent)
    await playground.wait_for(lambda: all(playground.answers_to(message) for message in sent), timeout=240)
    assert helped_s < 3
    assert answered_then - answered_before < 20
    helps = [message for message in playground.from_bot(ann) if message.id > own.id and "/sample" in message.text]
    assert len(helps) == 1
    assert all(len(playground.answers_to(message)) == 1 for message in sent)


async def test_another_garment_of_a_dressed_person_can_be_judged(playground: Playground, ann: Chat):
    answer = await playground.answer_to(await playground.send_photo(ann, dressed_person()))
    first, card = answer.text, playground.picture(answer)
    garments = re.search(r"（2/(\d)）", answer.buttons[-1]["text"])
    assert garments is not None, answer.buttons
    await playground.answer_of(await playground.tap(answer, answer.buttons[-1]["text"]))
    following = CHINESE.buttons.other_garment.format(number=3, count=garments[1])
    await playground.wait_for(lambda: answer.buttons[-1]["text"] == following)
    assert answer.text != first
    assert playground.picture(answer) != card
    assert len(playground.from_bot(ann)) == 1


async def test_a_button_for_a_garment_that_is_not_there_is_answered(playground: Playground, ann: Chat, photo: bytes):
    answer = await playground.answer_to(await playground.send_photo(ann, photo))
    tap = await playground.tap(answer, "v1:item:8", forged=True)
    await playground.answer_of(tap)
    await playground.wait_for(lambda: answer.edit_date or playground.requests.of("editMessageMedia"))
    assert len(playground.from_bot(ann)) == 1
