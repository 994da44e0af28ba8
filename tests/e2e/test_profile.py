"""What a bot that has just started shows of itself, and what an admin's first message changes."""

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.handlers.menus import OF_ADMINS
from telegram_playground import Playground
from tests.e2e import strict
from tests.e2e.running import running
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_picture_is_set_where_there_is_none_and_an_admins_menu_at_their_first_message(tmp_path: Path):
    async with Playground(port=0) as playground:
        admin = playground.person("Ada", language_code="en")
        inbox = playground.private(admin)
        profile = playground.state.profile

        def menu() -> list[str]:
            return [command["command"] for command in profile.commands_for(inbox, admin)]

        for start in ("first", "second"):
            async with running(playground, tmp_path, ADMIN_IDS=str(admin.id)):
                await until(lambda: profile.photo is not None, 30)
                if start == "first":
                    await until(lambda: menu() != [], 30)
                    assert menu() != list(OF_ADMINS), "Telegram takes none for a chat that has not begun"
                    await playground.next_from_bot(await playground.send_text(inbox, "hello"))
                await until(lambda: menu() == list(OF_ADMINS), 30)
        assert len(playground.requests.of("setMyProfilePhoto")) == 1
        assert profile.photo is not None
        picture = Image.open(io.BytesIO(playground.state.files.get(profile.photo[-1]["file_id"]).data))
        assert picture.size == (640, 640)
        for request in playground.requests:
            strict.check(request)


async def test_a_picture_that_is_refused_is_one_line(tmp_path: Path):
    async with Playground(port=0) as playground:
        playground.faults.error(400, "setMyProfilePhoto", description="Bad Request: PHOTO_INVALID")
        ann = playground.private(playground.person("Ann"))
        async with running(playground, tmp_path) as bot:
            await until(lambda: b"The profile picture could not be set" in bot.output, 30)
            await playground.next_from_bot(await playground.send_text(ann, "hello"))
        assert bot.text.count("The profile picture could not be set") == 1
