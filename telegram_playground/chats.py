"""People, chats and messages as the server keeps them, and as the Bot API shows them."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final

KEPT_MESSAGES: Final = 400
"""Messages a chat keeps; older ones are forgotten, as if scrolled away."""


@dataclass(slots=True, eq=False)
class Person:
    """Somebody who talks to the bot.

    Attributes:
        language_code: An IETF tag as Telegram sends it, or None when the app sends none.
    """

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def api(self) -> dict[str, Any]:
        """The User object."""
        user: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user


@dataclass(slots=True, eq=False)
class Message:
    """One message.

    Attributes:
        body: The Bot API fields of its content: text, entities, photo, document, caption and so on.
        sender_chat: The chat in whose name it was sent; the sender is then one of Telegram's stand-ins.
        nonce: What the page called it while it was being sent.
        deleted: Whether it is gone from its chat.
    """

    id: int
    chat: "Chat"
    sender: Person
    date: int
    body: dict[str, Any]
    reply_to: "Message | None" = None
    thread_id: int | None = None
    media_group_id: str | None = None
    reply_markup: dict[str, Any] | None = None
    edit_date: int | None = None
    reactions: dict[int, list[str]] = field(default_factory=dict)
    nonce: str = ""
    deleted: bool = False
    sender_chat: "Chat | None" = None

    @property
    def text(self) -> str:
        """Its text or caption, without formatting."""
        return str(self.body.get("text", self.body.get("caption", "")))

    @property
    def is_photo(self) -> bool:
        """Whether it shows a photo."""
        return "photo" in self.body

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Its inline buttons, row after row."""
        if not self.reply_markup:
            return []
        return [button for row in self.reply_markup.get("inline_keyboard", []) for button in row]

    def button(self, wanted: str) -> dict[str, Any]:
        """The button with this text or this callback data (or whose text contains it).

        Raises:
            LookupError: There is none.
        """
        for button in self.buttons:
            if wanted in (button["text"], button.get("callback_data")):
                return button
        for button in self.buttons:
            if wanted in button["text"]:
                return button
        raise LookupError(f"no button {wanted!r} among {[button['text'] for button in self.buttons]}")

    def api(self, *, with_reply: bool = True) -> dict[str, Any]:
        """The Message object; the message it replies to is in it, but not that one's own."""
        result: dict[str, Any] = {
            "message_id": self.id,
            "from": self.sender.api(),
            "chat": self.chat.api(),
            "date": self.date,
            **self.body,
        }
        if self.sender_chat is not None:
            result["sender_chat"] = self.sender_chat.api()
        if self.thread_id is not None:
            result |= {"message_thread_id": self.thread_id, "is_topic_message": True}
        if self.media_group_id:
            result["media_group_id"] = self.media_group_id
        if self.edit_date:
            result["edit_date"] = self.edit_date
        if self.reply_markup and "inline_keyboard" in self.reply_markup:
            result["reply_markup"] = self.reply_markup
        if with_reply and self.reply_to is not None:
            result["reply_to_message"] = self.reply_to.api(with_reply=False)
        return result


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat, a group, or a supergroup (with topics when it is a forum).

    Attributes:
        blocked: The person blocked the bot, or the group threw it out.
        forbidden: What its members, the bot among them, may not send: "photos", "text messages".
        migrated_to: The supergroup that this group has become.
        typing: What the bot is seen doing, and until when (Unix seconds).
        read_id: The latest message that the bot has fetched.
    """

    id: int
    type: str
    title: str
    members: list[Person]
    topics: dict[int, str] = field(default_factory=dict)
    blocked: bool = False
    forbidden: frozenset[str] = frozenset()
    migrated_to: "Chat | None" = None
    messages: OrderedDict[int, Message] = field(default_factory=OrderedDict)
    typing: tuple[str, float] = ("", 0.0)
    last_id: int = 0
    read_id: int = 0

    @property
    def owner(self) -> Person:
        """The person of a private chat; the first member of a group."""
        return self.members[0]

    def member(self, person_id: int) -> Person | None:
        """The member with this id."""
        return next((person for person in self.members if person.id == person_id), None)

    def add(self, message: Message) -> None:
        """Appends a message and forgets the oldest beyond the limit."""
        self.messages[message.id] = message
        while len(self.messages) > KEPT_MESSAGES:
            _, dropped = self.messages.popitem(last=False)
            dropped.reply_to = None

    def api(self) -> dict[str, Any]:
        """The Chat object."""
        if self.type == "private":
            chat: dict[str, Any] = {"id": self.id, "type": "private", "first_name": self.owner.first_name}
            if self.owner.username:
                chat["username"] = self.owner.username
            return chat
        chat = {"id": self.id, "type": self.type, "title": self.title}
        if self.topics:
            chat["is_forum"] = True
        return chat
