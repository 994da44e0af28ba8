"""Whoever has the chat page open: their accounts, and the group that they are in with a friend."""

from typing import TYPE_CHECKING, Final

from telegram_playground.chats import Chat, Person
from telegram_playground.state import ADMIN_ID

if TYPE_CHECKING:
    from telegram_playground.playground import Playground

_NAMES: Final = {
    True: ("訪客", "小美", "管理員", "衣櫃研究社"),
    False: ("Visitor", "Mei", "Admin", "Wardrobe club"),
}
"""The visitor, a friend, the visitor as an admin, and the group; in Chinese and in English."""


class Visitor:
    """The person in front of the page, who has two accounts: a plain one, and one that the bot may know as an admin.

    Attributes:
        is_admin: Whether they use the second.
    """

    def __init__(self, playground: "Playground") -> None:
        self._playground = playground
        self._private: dict[bool, Chat] = {}
        self._group: Chat | None = None
        self.is_admin = False

    def arrive(self, accepted_languages: str = "zh") -> None:
        """Makes people and chats when the page is opened first; then a browser in another language counts."""
        if self._group is not None:
            return
        chinese = accepted_languages.lower().startswith("zh")
        visitor, friend, admin, group = _NAMES[chinese]
        code = "zh-hant" if chinese else "en"
        state, playground = self._playground.state, self._playground
        people = [
            playground.person(visitor, username="visitor", language_code=code),
            playground.person(friend, username="visitors_friend", language_code=code),
            state.add_person(admin, username="visitor_admin", language_code=code, person_id=ADMIN_ID),
        ]
        self._private = {False: playground.private(people[0]), True: playground.private(people[2])}
        self._group = playground.supergroup(group, people)

    @property
    def chats(self) -> list[Chat]:
        """The chats of the account that they use: that with the bot, then the group; none before they arrive."""
        return [] if self._group is None else [self._private[self.is_admin], self._group]

    @property
    def me(self) -> Person:
        """The account that they use."""
        return self.chats[0].owner

    @property
    def people(self) -> list[Person]:
        """Both accounts and the friend."""
        return [] if self._group is None else self._group.members
