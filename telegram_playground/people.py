"""What people do in a playground: they write, send, tap, vote, ask and open, and the bot is told."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from telegram_playground import web_app
from telegram_playground.chats import Chat, Message, Person
from telegram_playground.entities import FormattedText, parse_text
from telegram_playground.images import EncodedSize, encode_sent_photo
from telegram_playground.inline import InlineQuery
from telegram_playground.methods.outgoing import spoiler
from telegram_playground.other_messages import OTHER_MESSAGES, live_photo, new_poll
from telegram_playground.state import ANONYMOUS_ADMIN, CHANNEL_BOT, ServerState, Tap

_EXTERNAL_CONTENT: Final = (
    "photo",
    "live_photo",
    "document",
    "animation",
    "video",
    "voice",
    "sticker",
    "story",
    "location",
    "contact",
    "poll",
    "has_media_spoiler",
)


class People:
    """Everybody who talks to the bot; a part of :class:`Playground`.

    Args:
        state: What the server knows.
        token: The bot's token, which signs for whoever opens a page.
    """

    def __init__(self, state: ServerState, token: str) -> None:
        self.state = state
        self.token = token

    async def send_text(
        self,
        chat: Chat,
        text: str,
        *,
        sender: Person | None = None,
        reply_to: Message | None = None,
        reply_elsewhere: Message | None = None,
        topic: int | None = None,
        as_chat: Chat | None = None,
    ) -> Message:
        """A person writes.

        Args:
            chat: Where.
            text: What.
            sender: Who; the chat's owner when None.
            reply_to: What it answers.
            reply_elsewhere: What it answers, in another chat, which the bot may not know.
            topic: The forum topic.
            as_chat: The group itself (an anonymous admin) or a channel, in whose name it is sent.
        """
        formatted = parse_text(text, "", None)
        body: dict[str, Any] = {"text": formatted.text}
        if formatted.entities:
            body["entities"] = list(formatted.entities)
        if reply_elsewhere is not None:
            body["external_reply"] = _external(reply_elsewhere)
        return self._receive(chat, body, sender=sender, reply_to=reply_to, topic=topic, as_chat=as_chat)

    async def send_photo(
        self,
        chat: Chat,
        data: bytes,
        *,
        caption: str = "",
        sender: Person | None = None,
        reply_to: Message | None = None,
        topic: int | None = None,
        album: str | None = None,
        as_it_is: bool = False,
        covered: bool = False,
        as_chat: Chat | None = None,
    ) -> Message:
        """A person sends a photo, which Telegram encodes anew in several sizes, without EXIF.

        Args:
            chat: Where.
            data: An image in any format that Pillow reads.
            caption: Text below it.
            sender: Who; the chat's owner when None.
            reply_to: What it answers.
            topic: The forum topic.
            album: The media_group_id that it shares with others.
            as_it_is: Hands the bytes to the bot untouched, whatever they are.
            covered: Under a spoiler.
            as_chat: The group itself (an anonymous admin) or a channel, in whose name it is sent.

        Raises:
            NotAPhoto: The bytes cannot be decoded.
        """
        sizes = (EncodedSize(800, 600, data),) if as_it_is else await asyncio.to_thread(encode_sent_photo, data)
        body = {"photo": self.state.files.add_photo(sizes)} | spoiler(covered) | _caption(caption)
        return self._receive(chat, body, sender=sender, reply_to=reply_to, topic=topic, album=album, as_chat=as_chat)

    async def send_album(
        self,
        chat: Chat,
        photos: Sequence[bytes],
        *,
        caption: str = "",
        sender: Person | None = None,
        topic: int | None = None,
        as_it_is: bool = False,
    ) -> list[Message]:
        """A person sends two to ten photos at once; the caption goes with the first."""
        album = str(secrets.randbelow(10**17) + 10**16)
        return [
            await self.send_photo(
                chat,
                data,
                caption="" if number else caption,
                sender=sender,
                topic=topic,
                album=album,
                as_it_is=as_it_is,
            )
            for number, data in enumerate(photos)
        ]

    async def send_document(
        self,
        chat: Chat,
        data: bytes,
        *,
        name: str = "photo.jpg",
        mime: str | None = None,
        size: int | None = None,
        caption: str = "",
        sender: Person | None = None,
        reply_to: Message | None = None,
        topic: int | None = None,
        album: str | None = None,
    ) -> Message:
        """A person sends a file, which stays as it is.

        Args:
            chat: Where.
            data: Its bytes.
            name: Its name.
            mime: Its MIME type; guessed by the name when None, left out when empty.
            size: The size that is announced, if it shall differ from the true one.
            caption: Text below it.
            sender: Who; the chat's owner when None.
            reply_to: What it answers.
            topic: The forum topic.
            album: The media_group_id that it shares with others.
        """
        stored = self.state.files.add(data, folder="documents", name=name, mime=mime or "")
        document = {**stored.api(), "file_name": name, "mime_type": stored.mime}
        if mime == "":
            del document["mime_type"]
        if size is not None:
            document["file_size"] = size
        body = {"document": document} | _caption(caption)
        return self._receive(chat, body, sender=sender, reply_to=reply_to, topic=topic, album=album)

    async def send_other(
        self,
        chat: Chat,
        kind: str,
        *,
        sender: Person | None = None,
        reply_to: Message | None = None,
        topic: int | None = None,
        caption: str = "",
        album: str | None = None,
    ) -> Message:
        """A person sends something that is neither text nor photo nor file, a sample of its kind.

        Args:
            chat: Where.
            kind: What, a name of `OTHER_MESSAGES`: sticker, voice, video, animation, live_photo, location, contact.
            sender: Who; the chat's owner when None.
            reply_to: What it answers.
            topic: The forum topic.
            caption: Text below it.
            album: The media_group_id that it shares with others.
        """
        body = OTHER_MESSAGES[kind](self.state) | _caption(caption)
        return self._receive(chat, body, sender=sender, reply_to=reply_to, topic=topic, album=album)

    async def send_live_photo(
        self,
        chat: Chat,
        still: bytes,
        *,
        caption: str = "",
        sender: Person | None = None,
        reply_to: Message | None = None,
        album: str | None = None,
    ) -> Message:
        """A person sends a photo that moves for a moment; ``still`` is the picture that stands.

        Raises:
            NotAPhoto: The bytes cannot be decoded.
        """
        body = await asyncio.to_thread(live_photo, self.state, still) | _caption(caption)
        return self._receive(chat, body, sender=sender, reply_to=reply_to, album=album)

    async def send_poll(
        self, chat: Chat, question: str, options: Sequence[str], *, sender: Person | None = None
    ) -> Message:
        """A person asks everybody; the bot sees the question, not who votes."""
        poll = new_poll(question, tuple(options))
        message = self._receive(chat, {"poll": poll.api()}, sender=sender)
        self.state.keep_poll(message, poll)
        return message

    def ask_inline(self, chat: Chat, query: str, *, sender: Person | None = None) -> InlineQuery:
        """A person writes the bot's name and something behind it in a chat: the bot may offer what could be sent there.

        Args:
            chat: Where, a chat that the bot need not be in.
            query: What stands behind the bot's name.
            sender: Who; the chat's owner when None.
        """
        return self.state.add_inline_query(sender or chat.owner, chat, query)

    async def send_inline(self, query: InlineQuery, result: str) -> Message:
        """A person sends one of the things that the bot has offered.

        Args:
            query: What they had asked.
            result: The id that the bot gave it.

        Raises:
            LookupError: The bot has not offered it.
        """
        if query.results is None or result not in query.results:
            raise LookupError(f"no result {result!r} among {list(query.results or ())}")
        chosen = query.results[result]
        body = chosen.body | {"via_bot": self.state.bot.api()}
        return self._receive(query.chat, body, sender=query.person, reply_markup=chosen.reply_markup)

    async def send_service(self, chat: Chat, body: dict[str, Any], *, sender: Person | None = None) -> Message:
        """Something happens in the chat: any other fields of a Message object, such as new_chat_members."""
        return self._receive(chat, body, sender=sender)

    async def edit(self, message: Message, text: str) -> None:
        """The sender edits the text or the caption of their message."""
        formatted = parse_text(text, "", None)
        key = "text" if "text" in message.body else "caption"
        message.body = {**message.body, key: formatted.text}
        message.edit_date = message.date + 1
        self.state.changed(message)
        self.state.updates.push("edited_message", message.api())

    async def delete(self, message: Message) -> None:
        """A person deletes a message; bots are not told."""
        self.state.delete(message)

    async def tap(
        self,
        message: Message,
        button: str,
        *,
        sender: Person | None = None,
        forged: bool = False,
        expired: bool = False,
    ) -> Tap:
        """A person taps a button.

        Args:
            message: The message that it hangs on.
            button: Its text, a part of its text, or its callback data.
            sender: Who; the chat's owner when None.
            forged: Sends `button` as callback data, whether such a button exists or not.
            expired: The tap reaches the bot too late to be answered.

        Raises:
            LookupError: The message has no such button.
        """
        data = button if forged else message.button(button).get("callback_data")
        if data is None:
            raise LookupError(f"the button {button!r} has no callback data")
        tap = self.state.add_tap(sender or message.chat.owner, message, data)
        tap.expired = expired
        return tap

    async def vote(self, message: Message, option: str, *, sender: Person | None = None) -> None:
        """A person chooses an option of a poll.

        Args:
            message: The message that shows the poll.
            option: Its text.
            sender: Who; the chat's owner when None.

        Raises:
            LookupError: There is no such option, or they have chosen before.
        """
        texts = [each["text"] for each in message.body.get("poll", {}).get("options", ())]
        if option not in texts:
            raise LookupError(f"no option {option!r} among {texts}")
        self.state.vote(sender or message.chat.owner, message, texts.index(option))

    def open_web_app(
        self, message: Message, button: str, *, sender: Person | None = None, theme: Mapping[str, str] | None = None
    ) -> str:
        """A person opens a page with a button; the address that their app shows, signed for them.

        Args:
            message: The message that the button hangs on.
            button: Its text, or a part of it.
            sender: Who; the chat's owner when None.
            theme: Their app's colours: bg_color and so on, as ``#rrggbb``.

        Raises:
            LookupError: The message has no such button, or it opens no page.
        """
        found = message.button(button)
        if "web_app" not in found:
            raise LookupError(f"the button {button!r} opens no page")
        return self.signed_address(sender or message.chat.owner, str(found["web_app"]["url"]), theme or {})

    def signed_address(self, person: Person, url: str, theme: Mapping[str, str]) -> str:
        """The address of a page, signed for a person."""
        return web_app.launch_address(url, web_app.signed_init_data(self.token, person), theme)

    def push_update(self, kind: str, content: dict[str, Any]) -> None:
        """Queues any other update, such as a channel post."""
        self.state.updates.push(kind, content)

    def deliver_raw(self, content: Any, *, numbered: bool = True) -> int:
        """Queues an update that the bot's library may not be able to read.

        Args:
            content: Anything that JSON can hold; an update of a sound form is an object.
            numbered: Gives an object the next ``update_id``, as Telegram would; False leaves the content as it is.

        Returns:
            Its place in the queue, which is the ``update_id`` that a sound update would have.
        """
        updates = self.state.updates
        if numbered and isinstance(content, dict):
            content = {**content, "update_id": updates.next_id}
        return updates.push_raw(content)

    def _receive(
        self,
        chat: Chat,
        body: dict[str, Any],
        *,
        sender: Person | None,
        reply_to: Message | None = None,
        topic: int | None = None,
        album: str | None = None,
        as_chat: Chat | None = None,
        reply_markup: dict[str, Any] | None = None,
    ) -> Message:
        if as_chat is not None:
            sender = ANONYMOUS_ADMIN if as_chat is chat else CHANNEL_BOT
        message = self.state.add_message(
            chat,
            sender or chat.owner,
            body,
            reply_to=reply_to,
            thread_id=topic,
            media_group_id=album,
            sender_chat=as_chat,
            reply_markup=reply_markup,
        )
        self.state.updates.push("message", message.api())
        return message


def _external(message: Message) -> dict[str, Any]:
    """The ExternalReplyInfo of a message in another chat."""
    described = message.api()
    origin = {"type": "user", "date": message.date, "sender_user": message.sender.api()}
    content: dict[str, Any] = {name: described[name] for name in _EXTERNAL_CONTENT if name in described}
    if message.chat.type == "supergroup":  # other chats stay private
        content |= {"chat": message.chat.api(), "message_id": message.id}
    return {"origin": origin, **content}


def _caption(text: str) -> dict[str, Any]:
    formatted: FormattedText = parse_text(text, "", None)
    if not formatted.text:
        return {}
    entities = {"caption_entities": list(formatted.entities)} if formatted.entities else {}
    return {"caption": formatted.text, **entities}
