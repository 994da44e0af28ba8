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
from starlette.types import ASGIApp

from telegram_playground import web_app
from telegram_playground.chats import Chat, Message, Person
from telegram_playground.delivery import WebhookDelivery
from telegram_playground.faults import Faults
from telegram_playground.people import People
from telegram_playground.requests import RequestLog
from telegram_playground.server import build_app
from telegram_playground.state import ADMIN_ID, ServerState, Tap
from telegram_playground.web_app import MountedPage

DEFAULT_PORT: Final = 8081
DEFAULT_FILE_BUDGET: Final = 192 * 1024 * 1024
PATIENCE_S: Final = 120.0
"""How long a test waits for what must come: far longer than it takes, since a busy machine is no fault of the bot."""
_LOOPBACK: Final = ("127.0.0.1", "localhost")


class Playground(People):
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
        token = token or f"{secrets.randbelow(9 * 10**8) + 10**8}:AA{secrets.token_urlsafe(25)[:33]}"
        self.faults = faults or Faults()
        super().__init__(ServerState(token, self.faults, file_budget), token)
        self.requests = RequestLog()
        self._host = host
        self._port = port
        self._delivery = WebhookDelivery(self.state)
        self.web_app = MountedPage()
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

    @property
    def admin_id(self) -> int:
        """The person that the page's visitor is with "be an admin" switched on, for the bot to know them by."""
        return ADMIN_ID

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
        self.state.own_pages = self.web_app_url
        self.state.events.open()
        self.state.updates.open()
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
        self.state.events.close()
        self.state.updates.close()
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

    def mount(self, page: ASGIApp) -> None:
        """Puts a page inside Telegram (a Mini App) at `web_app_url`, in place of the one before."""
        self.web_app.app = page

    @property
    def web_app_url(self) -> str:
        """The address of the page that is mounted."""
        return f"{self.url}{web_app.PATH}/"

    # People and chats

    def person(self, name: str = "Ann", *, username: str | None = None, language_code: str | None = None) -> Person:
        """Somebody new. Without a language code their app sends none."""
        return self.state.add_person(name, username=username, language_code=language_code)

    def private(self, person: Person) -> Chat:
        """The chat between this person and the bot."""
        return self.state.private_chat(person)

    def group(self, title: str, members: Iterable[Person]) -> Chat:
        """A basic group with the bot in it."""
        return self.state.add_group(title, members, supergroup=False, topics=())

    def supergroup(self, title: str, members: Iterable[Person], *, topics: Iterable[str] = ()) -> Chat:
        """A supergroup with the bot in it; with topics it is a forum."""
        return self.state.add_group(title, members, supergroup=True, topics=topics)

    def channel(self, title: str, owner: Person) -> Chat:
        """A channel without the bot; messages in groups may be sent in its name."""
        return self.state.add_channel(title, owner)

    async def upgrade(self, group: Chat) -> Chat:
        """A basic group becomes a supergroup: a chat with another id and messages numbered anew."""
        supergroup = self.state.add_group(group.title, group.members, supergroup=True, topics=())
        await self.send_service(group, {"migrate_to_chat_id": supergroup.id})
        group.migrated_to = supergroup
        await self.send_service(supergroup, {"migrate_from_chat_id": group.id})
        return supergroup

    def forbid(self, chat: Chat, *kinds: str) -> None:
        """A group allows everything but these kinds of messages: "photos", "text messages"."""
        chat.forbidden = frozenset(kinds)

    def block(self, chat: Chat, *, blocked: bool = True) -> None:
        """The person blocks the bot (or the group throws it out), or takes it back."""
        chat.blocked = blocked
        user = self.state.bot.api()
        member: dict[str, Any] = {"user": user, "status": "member"}
        kicked: dict[str, Any] = {"user": user, "status": "kicked", "until_date": 0}
        old, new = (member, kicked) if blocked else (kicked, member)
        update = {"chat": chat.api(), "from": chat.owner.api(), "date": int(time.time())}
        self.state.updates.push("my_chat_member", update | {"old_chat_member": old, "new_chat_member": new})

    # What people see

    def messages(self, chat: Chat) -> list[Message]:
        """The messages of a chat, oldest first."""
        return list(chat.messages.values())

    def from_bot(self, chat: Chat, *, after: Message | None = None) -> list[Message]:
        """The bot's messages of a chat, oldest first; only those later than `after` when it is given."""
        first = after.id if after else 0
        return [m for m in chat.messages.values() if m.sender is self.state.bot and m.id > first]

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
                return self.state.files.get(message.body[kind]["file_id"]).data
        if not message.is_photo:
            raise LookupError("the message has no picture")
        return self.state.files.get(message.body["photo"][-1]["file_id"]).data

    async def wait_for(self, condition: Callable[[], Any], *, timeout: float = PATIENCE_S) -> Any:  # noqa: ASYNC109
        """Waits until a condition gives something true, and returns it. It is looked at whenever something happens.

        Raises:
            TimeoutError: It did not come true in time.
        """
        async with asyncio.timeout(timeout):
            return await self.state.events.wait_until(condition)

    async def next_from_bot(self, after: Message, *, timeout: float = PATIENCE_S) -> Message:  # noqa: ASYNC109
        """The bot's first message in the same chat that is later than this one."""
        found: list[Message] = await self.wait_for(lambda: self.from_bot(after.chat, after=after), timeout=timeout)
        return found[0]

    async def answer_to(self, message: Message, *, timeout: float = PATIENCE_S) -> Message:  # noqa: ASYNC109
        """The bot's first reply to this message."""
        found: list[Message] = await self.wait_for(lambda: self.answers_to(message), timeout=timeout)
        return found[0]

    async def answer_of(self, tap: Tap, *, timeout: float = PATIENCE_S) -> dict[str, Any]:  # noqa: ASYNC109
        """The bot's answer to a tap: text, show_alert, url."""
        answer: dict[str, Any] = await self.wait_for(lambda: tap.answer, timeout=timeout)
        return answer


class _Server(uvicorn.Server):
    """Uvicorn without its signal handlers: the process that it runs in has its own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield
