from typing import Any

from telegram.error import BadRequest

from bot.handlers.menus import OF_ADMINS, AdminMenus


class Bot:
    """Takes menus for the chats that have begun."""

    def __init__(self) -> None:
        self.begun: set[int] = set()
        self.menus: list[tuple[int, str | None]] = []

    async def set_my_commands(self, menu: Any, scope: Any, code: str | None) -> bool:
        if scope.chat_id not in self.begun:
            raise BadRequest("Bad Request: chat not found")
        assert [command.command for command in menu] == list(OF_ADMINS)
        self.menus.append((scope.chat_id, code))
        return True


async def test_an_admins_menu_comes_once_their_chat_has_begun() -> None:
    bot: Any = Bot()
    menus = AdminMenus([1, 2])
    bot.begun.add(1)
    await menus.set_all(bot)
    assert bot.menus == [(1, None), (1, "en")]
    assert not await menus.set_if_missing(bot, 1), "it is there"
    assert not await menus.set_if_missing(bot, 2), "still refused"
    bot.begun |= {2, 3}
    assert await menus.set_if_missing(bot, 2)
    assert not await menus.set_if_missing(bot, 2)
    assert not await menus.set_if_missing(bot, 3), "no admin"
    assert bot.menus == [(1, None), (1, "en"), (2, None), (2, "en")]
