"""The playground: a local Bot API server with a chat page, and people that a test can play.

playground = Playground(port=0)
await playground.start()
ann = playground.person("Ann")
chat = playground.private(ann)
photo = await playground.send_photo(chat, jpeg_bytes)
answer = await playground.answer_to(photo)
await playground.tap(answer, "為什麼")
"""

import asyncio
import contextlib
import os
import secrets
import socket
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any, Final

import uvicorn

from bot.playground.chats import Chat, Message, Person
from bot.playground.delivery import WebhookDelivery
from bot.playground.entities import FormattedText, parse_text
from bot.playground.faults import Faults
from bot.playground.images import EncodedSize, encode_sent_photo
from bot.playground.requests import RequestLog
from bot.playground.server import build_app
from bot.playground.world import Tap, World

DEFAULT_PORT: Final = 8081
DEFAULT_FILE_BUDGET: Final = 192 * 1024 * 1024
_LOOPBACK: Final = ("127.0.0.1", "localhost")


class Playground:
    """A pretended Telegram on this machine.

    Args:
        token: The token that the bot must use; made up when None.
        host: The loopback address; anything else is refused.
        port: The port, or 0 for any free one.
        faults: What shall go wrong; nothing at first.
        file_budget: Bytes of files kept in memory at most; the oldest go first.

    Raises:
        ValueError: The host is not this machine.
    """

    def __init__(
        self,
        *,
        token: str | None = None,
        host: str = "127.0.0.1",
        port: int = DEFAULT_PORT,
        faults: Faults | None = None,
        file_budget: int = DEFAULT_FILE_BUDGET,
    ) -> None:
        if host not in _LOOPBACK:
            raise ValueError("the playground listens on 127.0.0.1 only")
        self.token = token or f"{secrets.randbelow(9 * 10**8) + 10**8}:AA{secrets.token_urlsafe(25)[:33]}"
        self.faults = faults or Faults()
        self.world = World(self.token, self.faults, file_budget)
        self.requests = RequestLog()
        self._host = host
        self._port = port
        self._delivery = WebhookDelivery(self.world)
        self._app = build_app(self)
        self._server: _Server | None = None
        self._tasks: list[asyncio.Task[None]] = []

    # Server

    @property
    def port(self) -> int:
        """The port it listens on; the wanted one before `start`."""
        return self._port

    @property
    def url(self) -> str:
        """The address of the chat page."""
        return f"http://{self._host}:{self._port}"

    @property
    def api_url(self) -> str:
        """What the bot's BOT_API_URL has to be."""
        return self.url

    async def start(self) -> None:
        """Listens. After `stop`, it goes on with the same port and the same chats.

        Raises:
            OSError: The port is taken.
        """
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":  # elsewhere this would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self._host, self._port))
        except OSError:
            listener.close()
            raise
        self._port = listener.getsockname()[1]
        self.world.events.open()
        self.world.updates.open()
        config = uvicorn.Config(
            self._app,
            log_config=None,
            access_log=False,  # its lines would hold the token
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        self._server = _Server(config)
        serving = asyncio.create_task(self._server.serve([listener]))
        self._tasks = [serving, asyncio.create_task(self._delivery.run())]
        while not self._server.started:
            if serving.done():
                listener.close()
                await serving
                raise OSError("the playground's server ended at once")
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Stops listening: connections are refused from now on. Chats stay."""
        if self._server is None:
            return
        self.world.events.close()
        self.world.updates.close()
        self._server.should_exit = True
        serving, delivery = self._tasks
        delivery.cancel()
        await asyncio.gather(serving, delivery, return_exceptions=True)
        self._server, self._tasks = None, []

    async def __aenter__(self) -> "Playground":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def spread_webhooks(self, targets: Sequence[str]) -> None:
        """Posts updates to these base URLs in turn, as a load balancer would, whatever host the bot registered."""
        self._delivery.targets = tuple(targets)

    # People and chats

    def person(self, name: str = "Ann", *, username: str | None = None, language_code: str | None = None) -> Person:
        """Somebody new. Without a language code their app sends none."""
        return self.world.add_person(name, username=username, language_code=language_code)

    def private(self, person: Person) -> Chat:
        """The chat between this person and the bot."""
        return self.world.private_chat(person)

    def group(self, title: str, members: Iterable[Person]) -> Chat:
        """A basic group with the bot in it."""
        return self.world.add_group(title, members, supergroup=False, topics=())

    def supergroup(self, title: str, members: Iterable[Person], *, topics: Iterable[str] = ()) -> Chat:
        """A supergroup with the bot in it; with topics it is a forum."""
        return self.world.add_group(title, members, supergroup=True, topics=topics)

    def block(self, chat: Chat, *, blocked: bool = True) -> None:
        """The person blocks the bot (or the group throws it out), or takes it back."""
        chat.blocked = blocked
        user = self.world.bot.api()
        member: dict[str, Any] = {"user": user, "status": "member"}
        kicked: dict[str, Any] = {"user": user, "status": "kicked", "until_date": 0}
        old, new = (member, kicked) if blocked else (kicked, member)
        update = {"chat": chat.api(), "from": chat.owner.api(), "date": int(time.time())}
        self.world.updates.push("my_chat_member", update | {"old_chat_member": old, "new_chat_member": new})

    # What people do

    async def send_text(
        self,
        chat: Chat,
        text: str,
        *,
        sender: Person | None = None,
        reply_to: Message | None = None,
        topic: int | None = None,
    ) -> Message:
        """A person writes."""
        formatted = parse_text(text, "", None)
        body: dict[str, Any] = {"text": formatted.text}
        if formatted.entities:
            body["entities"] = list(formatted.entities)
        return self._receive(chat, body, sender=sender, reply_to=reply_to, topic=topic)

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

        Raises:
            NotAPhoto: The bytes cannot be decoded.
        """
        sizes = (EncodedSize(800, 600, data),) if as_it_is else await asyncio.to_thread(encode_sent_photo, data)
        body = {"photo": self.world.files.add_photo(sizes)} | _caption(caption)
        return self._receive(chat, body, sender=sender, reply_to=reply_to, topic=topic, album=album)

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
        stored = self.world.files.add(data, folder="documents", name=name, mime=mime or "")
        document = {**stored.api(), "file_name": name, "mime_type": stored.mime}
        if mime == "":
            del document["mime_type"]
        if size is not None:
            document["file_size"] = size
        body = {"document": document} | _caption(caption)
        return self._receive(chat, body, sender=sender, reply_to=reply_to, topic=topic, album=album)

    async def send_sticker(self, chat: Chat, *, sender: Person | None = None) -> Message:
        """A person sends a sticker."""
        stored = self.world.files.add(b"RIFF\0\0\0\0WEBP", folder="stickers", name="sticker.webp")
        sticker = {**stored.api(), "type": "regular", "width": 512, "height": 512, "emoji": "👍"}
        return self._receive(chat, {"sticker": sticker | {"is_animated": False, "is_video": False}}, sender=sender)

    async def send_voice(self, chat: Chat, *, sender: Person | None = None) -> Message:
        """A person sends a voice message."""
        stored = self.world.files.add(b"OggS", folder="voice", name="voice.oga")
        return self._receive(chat, {"voice": {**stored.api(), "duration": 3, "mime_type": "audio/ogg"}}, sender=sender)

    async def send_video(self, chat: Chat, *, sender: Person | None = None) -> Message:
        """A person sends a video."""
        stored = self.world.files.add(b"\0\0\0\x18ftypmp42", folder="videos", name="video.mp4")
        video = {**stored.api(), "duration": 3, "width": 320, "height": 240, "mime_type": "video/mp4"}
        return self._receive(chat, {"video": video}, sender=sender)

    async def send_animation(self, chat: Chat, *, sender: Person | None = None) -> Message:
        """A person sends an animation (a GIF); it arrives as a document, too, as in Telegram."""
        stored = self.world.files.add(b"\0\0\0\x18ftypmp42", folder="animations", name="giphy.mp4")
        shared = {**stored.api(), "file_name": stored.name, "mime_type": "video/mp4"}
        animation = shared | {"duration": 3, "width": 320, "height": 240}
        return self._receive(chat, {"animation": animation, "document": shared}, sender=sender)

    async def send_location(self, chat: Chat, *, sender: Person | None = None) -> Message:
        """A person sends a place."""
        return self._receive(chat, {"location": {"latitude": 25.033, "longitude": 121.565}}, sender=sender)

    async def send_contact(self, chat: Chat, *, sender: Person | None = None) -> Message:
        """A person sends somebody's phone number."""
        return self._receive(chat, {"contact": {"phone_number": "+886900000000", "first_name": "Bo"}}, sender=sender)

    async def send_service(self, chat: Chat, body: dict[str, Any], *, sender: Person | None = None) -> Message:
        """Something happens in the chat: any other fields of a Message object, such as new_chat_members."""
        return self._receive(chat, body, sender=sender)

    async def edit(self, message: Message, text: str) -> None:
        """The sender edits the text or the caption of their message."""
        formatted = parse_text(text, "", None)
        key = "text" if "text" in message.body else "caption"
        message.body = {**message.body, key: formatted.text}
        message.edit_date = message.date + 1
        self.world.changed(message)
        self.world.updates.push("edited_message", message.api())

    async def delete(self, message: Message) -> None:
        """A person deletes a message; bots are not told."""
        self.world.delete(message)

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
        tap = self.world.add_tap(sender or message.chat.owner, message, data)
        tap.expired = expired
        return tap

    def push_update(self, kind: str, content: dict[str, Any]) -> None:
        """Queues any other update, such as a channel post."""
        self.world.updates.push(kind, content)

    # What people see

    def messages(self, chat: Chat) -> list[Message]:
        """The messages of a chat, oldest first."""
        return list(chat.messages.values())

    def from_bot(self, chat: Chat, *, after: Message | None = None) -> list[Message]:
        """The bot's messages of a chat, oldest first; only those later than `after` when it is given."""
        first = after.id if after else 0
        return [m for m in chat.messages.values() if m.sender is self.world.bot and m.id > first]

    def answers_to(self, message: Message) -> list[Message]:
        """The bot's messages that reply to a message."""
        return [m for m in self.from_bot(message.chat) if m.reply_to is message]

    def picture(self, message: Message) -> bytes:
        """The largest size of a photo message, or the bytes of a file.

        Raises:
            LookupError: The message carries neither.
        """
        for kind in ("document", "animation", "video"):
            if kind in message.body:
                return self.world.files.get(message.body[kind]["file_id"]).data
        if not message.is_photo:
            raise LookupError("the message has no picture")
        return self.world.files.get(message.body["photo"][-1]["file_id"]).data

    async def wait_for(self, condition: Callable[[], Any], *, timeout: float = 10.0) -> Any:  # noqa: ASYNC109
        """Waits until a condition gives something true, and returns it. It is looked at whenever something happens.

        Raises:
            TimeoutError: It did not come true in time.
        """
        async with asyncio.timeout(timeout):
            return await self.world.events.wait_until(condition)

    async def next_from_bot(self, after: Message, *, timeout: float = 10.0) -> Message:  # noqa: ASYNC109
        """The bot's first message in the same chat that is later than this one."""
        found: list[Message] = await self.wait_for(lambda: self.from_bot(after.chat, after=after), timeout=timeout)
        return found[0]

    async def answer_to(self, message: Message, *, timeout: float = 10.0) -> Message:  # noqa: ASYNC109
        """The bot's first reply to this message."""
        found: list[Message] = await self.wait_for(lambda: self.answers_to(message), timeout=timeout)
        return found[0]

    async def answer_of(self, tap: Tap, *, timeout: float = 10.0) -> dict[str, Any]:  # noqa: ASYNC109
        """The bot's answer to a tap: text, show_alert, url."""
        answer: dict[str, Any] = await self.wait_for(lambda: tap.answer, timeout=timeout)
        return answer

    def _receive(
        self,
        chat: Chat,
        body: dict[str, Any],
        *,
        sender: Person | None,
        reply_to: Message | None = None,
        topic: int | None = None,
        album: str | None = None,
    ) -> Message:
        message = self.world.add_message(
            chat, sender or chat.owner, body, reply_to=reply_to, thread_id=topic, media_group_id=album
        )
        self.world.updates.push("message", message.api())
        return message


class _Server(uvicorn.Server):
    """Uvicorn without its signal handlers: the process that it runs in has its own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def _caption(text: str) -> dict[str, Any]:
    formatted: FormattedText = parse_text(text, "", None)
    if not formatted.text:
        return {}
    entities = {"caption_entities": list(formatted.entities)} if formatted.entities else {}
    return {"caption": formatted.text, **entities}
