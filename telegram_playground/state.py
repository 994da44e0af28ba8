"""The state of the pretended Telegram: who is there, what was said, what the bot still has to see."""

import itertools
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from telegram_playground.chats import Chat, Message, Person
from telegram_playground.errors import bad_request, forbidden, migrated
from telegram_playground.events import EventHub
from telegram_playground.faults import Faults
from telegram_playground.files import FileStore
from telegram_playground.inline import InlineQuery
from telegram_playground.polls import Poll
from telegram_playground.profile import BotProfile
from telegram_playground.updates import UpdateQueue

ANONYMOUS_ADMIN: Final = Person(1_087_968_824, "Group", "GroupAnonymousBot", is_bot=True)
"""Stands for whoever sends in the name of their group."""
CHANNEL_BOT: Final = Person(136_817_688, "Channel", "Channel_Bot", is_bot=True)
"""Stands for whoever sends in the name of a channel."""
ADMIN_ID: Final = 5_000_000_000
"""The person that the page's visitor is with "be an admin" switched on; others are numbered from the next one."""
TYPING_S: Final = 5.0
"""How long a chat action is shown, unless a message ends it."""
AWAY_S: Final = 90.0
"""A bot that has not asked for updates for so long counts as away; a poll takes up to 50 seconds."""
_KEPT_TAPS: Final = 2000
_KEPT_POLLS: Final = 500
_KEPT_INLINE_QUERIES: Final = 200


@dataclass(slots=True, eq=False)
class Tap:
    """A tap on a button, and what the bot made of it.

    Attributes:
        answer: The bot's answerCallbackQuery: text (perhaps empty), show_alert, url; None until it comes.
    """

    id: str
    person: Person
    message: Message
    data: str
    at: float
    answer: dict[str, Any] | None = None
    expired: bool = False


@dataclass(slots=True)
class Webhook:
    """Where updates are posted to; no URL means that the bot polls."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_date: int = 0


class ServerState:
    """Everything the server knows. Methods that a bot calls live in `telegram_playground.methods`.

    Args:
        token: The bot's token; the number in front is the bot's id.
        faults: What shall go wrong.
        file_budget: Bytes of files kept at most.
    """

    def __init__(self, token: str, faults: Faults, file_budget: int) -> None:
        bot_id = int(token.partition(":")[0])
        self.token = token
        self.faults = faults
        self.bot = Person(bot_id, "服裝辨識", "garment_playground_bot", is_bot=True)
        self.profile = BotProfile()
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files = FileStore(file_budget, bot_id)
        self.updates = UpdateQueue(100_000_000 + secrets.randbelow(800_000_000), faults)
        self.events = EventHub()
        self.webhook = Webhook()
        self.taps: dict[str, Tap] = {}
        self.polls: dict[tuple[int, int], Poll] = {}
        self.inline_queries: dict[str, InlineQuery] = {}
        self.inline_mode = True
        self.own_pages = ""
        self.last_seen = 0.0
        self._private_message_ids = itertools.count(1)
        self._person_ids = itertools.count(ADMIN_ID + 1)
        self._group_ids = itertools.count(4_000_001)

    # People and chats

    def add_person(
        self,
        name: str,
        *,
        username: str | None = None,
        language_code: str | None = None,
        person_id: int | None = None,
    ) -> Person:
        """Somebody new, with the next free id when none is given."""
        person = Person(person_id or next(self._person_ids), name, username, language_code)
        self.people[person.id] = person
        return person

    def private_chat(self, person: Person) -> Chat:
        """The chat between a person and the bot; it begins with the person's first message."""
        chat = self.chats.get(person.id)
        if chat is None:
            chat = self.chats[person.id] = Chat(person.id, "private", person.first_name, [person])
        return chat

    def add_group(self, title: str, members: Iterable[Person], *, supergroup: bool, topics: Iterable[str]) -> Chat:
        """A group with the bot in it."""
        number = next(self._group_ids)
        chat_id = -1_000_000_000_000 - number if supergroup else -number
        chat = Chat(chat_id, "supergroup" if supergroup else "group", title, list(members))
        for name in topics:
            chat.last_id += 1
            chat.topics[chat.last_id] = name
        self.chats[chat.id] = chat
        return chat

    def add_channel(self, title: str, owner: Person) -> Chat:
        """A channel, in whose name its owner may send in groups; the bot is not in it."""
        channel = Chat(-1_000_000_000_000 - next(self._group_ids), "channel", title, [owner], blocked=True)
        self.chats[channel.id] = channel
        return channel

    def may_send(self, chat: Chat, what: str) -> None:
        """Checks what a group allows.

        Raises:
            ApiError: This is not among it.
        """
        if what in chat.forbidden:
            raise bad_request(f"not enough rights to send {what} to the chat")

    def chat(self, chat_id: str) -> Chat:
        """The chat that a bot names, if the bot may write there.

        Raises:
            ApiError: There is no such chat, nobody has written in it yet, or it does not want the bot.
        """
        try:
            chat = self.chats.get(int(chat_id))
        except ValueError:
            chat = None
        if not chat_id:
            raise bad_request("chat_id is empty")
        if chat is None or (chat.type == "private" and chat.last_id == 0):
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise migrated(chat.migrated_to.id)
        if chat.blocked:
            if chat.type == "private":
                raise forbidden("bot was blocked by the user")
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        return chat

    # Messages

    def add_message(
        self,
        chat: Chat,
        sender: Person,
        body: dict[str, Any],
        *,
        reply_to: Message | None = None,
        thread_id: int | None = None,
        media_group_id: str | None = None,
        reply_markup: dict[str, Any] | None = None,
        sender_chat: Chat | None = None,
    ) -> Message:
        """Writes a message into a chat and tells the page."""
        if chat.type == "supergroup":
            chat.last_id += 1
        else:
            chat.last_id = next(self._private_message_ids)
        if thread_id is None and reply_to is not None:
            thread_id = reply_to.thread_id
        message = Message(
            chat.last_id,
            chat,
            sender,
            int(time.time()),
            body,
            reply_to,
            thread_id,
            media_group_id,
            reply_markup,
            sender_chat=sender_chat,
        )
        chat.add(message)
        if sender is self.bot:
            chat.typing = ("", 0.0)
        self.events.publish("message", {"chat": chat.id, "id": message.id})
        return message

    def changed(self, message: Message) -> None:
        """Tells the page that a message looks different now."""
        self.events.publish("message", {"chat": message.chat.id, "id": message.id})

    def delete(self, message: Message) -> None:
        """Takes a message out of its chat."""
        message.deleted = True
        message.chat.messages.pop(message.id, None)
        self.events.publish("deleted", {"chat": message.chat.id, "id": message.id})

    # Taps

    def add_tap(self, person: Person, message: Message, data: str) -> Tap:
        """Somebody tapped a button: the bot gets a callback query."""
        tap = Tap(str(secrets.randbelow(9 * 10**18) + 10**18), person, message, data, time.monotonic())
        self.taps[tap.id] = tap
        while len(self.taps) > _KEPT_TAPS:
            del self.taps[next(iter(self.taps))]
        query = {
            "id": tap.id,
            "from": person.api(),
            "chat_instance": str(abs(message.chat.id) * 7919),
            "data": data,
        }
        if "via_bot" in message.body:  # sent by a person, with what the bot had offered
            query["inline_message_id"] = f"{message.chat.id}_{message.id}"
        else:
            query["message"] = message.api()
        self.updates.push("callback_query", query)
        return tap

    def vote(self, person: Person, message: Message, option: int) -> None:
        """Somebody chooses an option of a poll; the bot is told who, unless the poll is anonymous.

        Raises:
            LookupError: The message has no poll, the poll no such option, or they have chosen before.
        """
        poll = self.polls.get((message.chat.id, message.id))
        if poll is None:
            raise LookupError("no poll")
        answer = poll.choose(person, [option])
        message.body = {**message.body, "poll": poll.api()}
        self.changed(message)
        self.updates.push("poll", poll.api())
        if not poll.anonymous:
            self.updates.push("poll_answer", answer)

    def keep_poll(self, message: Message, poll: Poll) -> None:
        """Remembers which poll hangs on a message; the oldest are forgotten."""
        self.polls[message.chat.id, message.id] = poll
        while len(self.polls) > _KEPT_POLLS:
            del self.polls[next(iter(self.polls))]

    def votes(self, message: Message) -> dict[int, tuple[int, ...]]:
        """Who has chosen what of a message's poll."""
        poll = self.polls.get((message.chat.id, message.id))
        return {} if poll is None else poll.votes

    def add_inline_query(self, person: Person, chat: Chat, text: str) -> InlineQuery:
        """Somebody writes the bot's name and something behind it: the bot gets an inline query."""
        query = InlineQuery(person, chat, text)
        self.inline_queries[query.id] = query
        while len(self.inline_queries) > _KEPT_INLINE_QUERIES:
            del self.inline_queries[next(iter(self.inline_queries))]
        self.updates.push("inline_query", query.api())
        return query

    def tap_expired(self, tap: Tap) -> bool:
        """Whether it is too late to answer a tap."""
        return tap.expired or time.monotonic() - tap.at > self.faults.callback_lifetime_s

    # The bot's presence

    @property
    def online(self) -> bool:
        """Whether the bot has fetched updates lately."""
        return bool(self.webhook.url) or time.time() - self.last_seen < AWAY_S

    def seen(self) -> None:
        """The bot has fetched updates just now."""
        was_away = not self.online
        self.last_seen = time.time()
        if was_away:
            self.events.publish("presence", {"online": True})

    def fetched(self, update: Any) -> None:
        """The bot has got an update: if it was a message, the sender sees it read."""
        match update:
            case {"message": {"chat": {"id": int(chat_id)}, "message_id": int(message_id)}}:
                chat = self.chats.get(chat_id)
                if chat is not None and message_id > chat.read_id:
                    chat.read_id = message_id
                    self.events.publish("read", {"chat": chat.id, "id": chat.read_id})
