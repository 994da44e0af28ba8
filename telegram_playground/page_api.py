"""What the chat page asks of the server: the state, live events, and everything that a person can do."""

import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from telegram_playground.chats import Chat, Message, Person
from telegram_playground.errors import ApiError, bad_request, request_too_large
from telegram_playground.events import Event
from telegram_playground.images import NotAPhoto
from telegram_playground.multipart import MultipartError, Upload, read_multipart
from telegram_playground.other_messages import OTHER_MESSAGES
from telegram_playground.page_requests import answering, integer, json_body, theme
from telegram_playground.page_view import SHOWN_IMAGES, chat_view, inline_view, message_view, profile_view
from telegram_playground.visitor import Visitor

if TYPE_CHECKING:
    from telegram_playground.playground import Playground

PAGE: Final = Path(__file__).parent / "page"
MAX_FILES: Final = 10
MAX_FILE_BYTES: Final = 25 * 1024 * 1024
MAX_UPLOAD_BYTES: Final = 120 * 1024 * 1024
MAX_TEXT: Final = 4096
POLLS: Final = {
    True: ("下一件要辨識什麼？", "上衣", "褲子", "包包"),
    False: ("What shall we look at next?", "A top", "Trousers", "A bag"),
}
"""The question and the options of a poll that the visitor sends; in Chinese and in English."""
LANGUAGES: Final = {"zh-hant": "zh-hant", "en": "en", "": None}
"""What the page offers as the language of the pretended Telegram app."""
_FILE_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HEARTBEAT_S: Final = 10.0


class PageApi:
    """The page's side of a playground: one visitor with a private chat, and a group with a friend in it."""

    def __init__(self, playground: "Playground") -> None:
        self._playground = playground
        self._state = playground.state
        self._epoch = secrets.token_hex(8)
        self._visitor = Visitor(playground)

    def routes(self) -> list[Route | Mount]:
        """The routes of the page."""
        return [
            Route("/", self.index),
            Mount("/page", _PageFiles(directory=PAGE)),
            Route("/chat/state", self.state),
            Route("/chat/events", self.events),
            Route("/chat/files/{file_id}", self.file),
            Route("/chat/send", answering(self._send), methods=["POST"]),
            Route("/chat/upload", answering(self._upload), methods=["POST"]),
            Route("/chat/other", answering(self._other), methods=["POST"]),
            Route("/chat/inline", answering(self._inline), methods=["POST"]),
            Route("/chat/inline-send", answering(self._inline_send), methods=["POST"]),
            Route("/chat/admin", answering(self._set_admin), methods=["POST"]),
            Route("/chat/tap", answering(self._tap), methods=["POST"]),
            Route("/chat/vote", answering(self._vote), methods=["POST"]),
            Route("/chat/language", answering(self._set_language), methods=["POST"]),
            Route("/chat/clear", answering(self._clear), methods=["POST"]),
            Route("/chat/web-app", answering(self._web_app), methods=["POST"]),
        ]

    async def index(self, request: Request) -> Response:
        """The page itself."""
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    async def state(self, request: Request) -> Response:
        """Everything that the page shows."""
        self._visitor.arrive(request.headers.get("accept-language", "zh"))
        chats, visitor = self._visitor.chats, self._visitor.me
        return JSONResponse(
            {
                "epoch": self._epoch,
                "number": self._state.events.number,
                "online": self._state.online,
                "me": visitor.id,
                "admin": self._visitor.is_admin,
                "language": visitor.language_code or "",
                "profile": profile_view(self._state, visitor, chats),
                "chats": [chat_view(self._state, chat) for chat in chats],
            }
        )

    async def events(self, request: Request) -> Response:
        """Changes as they happen (Server-Sent Events)."""
        self._visitor.arrive()
        given = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
        after = int(given) if given.isdigit() else 0
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(after), media_type="text/event-stream", headers=headers)

    async def file(self, request: Request) -> Response:
        """A picture or file of a message."""
        stored = self._state.files.find(request.path_params["file_id"])
        if stored is None:
            return JSONResponse(ApiError(404, "Not Found").payload(), 404)
        headers = {"Cache-Control": "private, max-age=86400, immutable"}
        if stored.mime in SHOWN_IMAGES:
            return Response(stored.data, media_type=stored.mime, headers=headers)
        headers["Content-Disposition"] = "attachment"
        return Response(stored.data, media_type="application/octet-stream", headers=headers)

    async def _send(self, request: Request) -> dict[str, Any]:
        """The visitor writes."""
        data = await json_body(request)
        chat, sender = self._chat_and_sender(data)
        text = str(data.get("text", ""))
        if not text.strip():
            raise bad_request("message text is empty")
        if len(text) > MAX_TEXT:
            raise bad_request("message is too long")
        here = _replied(chat, data)
        elsewhere = None if here is not None else self._replied_elsewhere(data)
        message = await self._playground.send_text(chat, text, sender=sender, reply_to=here, reply_elsewhere=elsewhere)
        message.nonce = str(data.get("nonce", ""))
        return {"ids": [message.id]}

    async def _upload(self, request: Request) -> dict[str, Any]:
        """The visitor sends photos or files."""
        try:
            form = await read_multipart(request, MAX_UPLOAD_BYTES)
        except MultipartError as error:
            raise bad_request(str(error)) from None
        fields: dict[str, Any] = dict(form.fields)
        files = [upload for _, upload in form.files]
        if not 1 <= len(files) <= MAX_FILES:
            raise bad_request(f"send 1 to {MAX_FILES} files")
        if any(len(upload.data) > MAX_FILE_BYTES for upload in files):
            raise request_too_large()
        return {"ids": [message.id for message in await self._send_files(fields, files)]}

    async def _send_files(self, fields: dict[str, Any], files: list[Upload]) -> list[Message]:
        chat, sender = self._chat_and_sender(fields)
        album = str(secrets.randbelow(10**17) + 10**16) if len(files) > 1 else None
        reply_to = _replied(chat, fields)
        covered = bool(fields.get("covered"))
        sent: list[Message] = []
        for number, upload in enumerate(files):
            caption = str(fields.get("caption", ""))[:1024] if number == 0 else ""
            if fields.get("as_file"):
                message = await self._playground.send_document(
                    chat,
                    upload.data,
                    name=upload.filename[:200],
                    caption=caption,
                    sender=sender,
                    reply_to=reply_to,
                    album=album,
                )
            else:
                try:
                    message = await self._playground.send_photo(
                        chat,
                        upload.data,
                        caption=caption,
                        sender=sender,
                        reply_to=reply_to,
                        album=album,
                        covered=covered,
                    )
                except NotAPhoto:
                    raise bad_request("IMAGE_PROCESS_FAILED") from None
            message.nonce = str(fields.get("nonce", ""))
            sent.append(message)
        return sent

    async def _other(self, request: Request) -> dict[str, Any]:
        """The visitor sends a sticker, a voice message, a poll and so on."""
        data = await json_body(request)
        chat, sender = self._chat_and_sender(data)
        kind = str(data.get("kind"))
        if kind == "poll":
            question, *options = POLLS[sender.language_code != "en"]
            message = await self._playground.send_poll(chat, question, options, sender=sender)
        elif kind in OTHER_MESSAGES:
            message = await self._playground.send_other(chat, kind, sender=sender, reply_to=_replied(chat, data))
        else:
            raise bad_request("unsupported kind of message")
        message.nonce = str(data.get("nonce", ""))
        return {"ids": [message.id]}

    async def _inline(self, request: Request) -> dict[str, Any]:
        """The visitor writes the bot's name and something behind it."""
        data = await json_body(request)
        chat, sender = self._chat_and_sender(data)
        if not self._state.inline_mode:
            raise bad_request("the bot takes no inline queries")
        return {"query": self._playground.ask_inline(chat, str(data.get("text", ""))[:256], sender=sender).id}

    async def _inline_send(self, request: Request) -> dict[str, Any]:
        """The visitor sends what the bot has offered."""
        data = await json_body(request)
        query = self._state.inline_queries.get(str(data.get("query")))
        if query is None:
            raise bad_request("query ID is invalid")
        try:
            message = await self._playground.send_inline(query, str(data.get("result")))
        except LookupError:
            raise bad_request("RESULT_ID_INVALID") from None
        return {"ids": [message.id]}

    async def _set_admin(self, request: Request) -> dict[str, Any]:
        """The visitor is an admin from now on, or no longer."""
        self._visitor.is_admin = (await json_body(request)).get("on") is True
        self._state.events.publish("reset")
        return {}

    async def _tap(self, request: Request) -> dict[str, Any]:
        """The visitor taps a button."""
        data = await json_body(request)
        chat, sender = self._chat_and_sender(data)
        message = _named_message(chat, data)
        try:
            tap = await self._playground.tap(message, str(data.get("data")), sender=sender)
        except LookupError:
            raise bad_request("BUTTON_DATA_INVALID") from None
        return {"tap": tap.id}

    async def _vote(self, request: Request) -> dict[str, Any]:
        """The visitor chooses an option of a poll."""
        data = await json_body(request)
        chat, sender = self._chat_and_sender(data)
        message = _named_message(chat, data)
        try:
            self._state.vote(sender, message, integer(data.get("option", -1)))
        except LookupError:
            raise bad_request("OPTION_INVALID") from None
        return {}

    async def _set_language(self, request: Request) -> dict[str, Any]:
        """The visitor's Telegram speaks another language from now on."""
        code = str((await json_body(request)).get("code", ""))
        if code not in LANGUAGES:
            raise bad_request("invalid language code specified")
        for person in self._visitor.people:
            person.language_code = LANGUAGES[code]
        self._state.events.publish("profile")
        return {}

    async def _clear(self, request: Request) -> dict[str, Any]:
        """The visitor empties a chat."""
        chat, _ = self._chat_and_sender(await json_body(request))
        for message in list(chat.messages.values()):
            self._state.delete(message)
        return {}

    async def _web_app(self, request: Request) -> dict[str, Any]:
        """The visitor opens a page inside Telegram."""
        data = await json_body(request)
        chat, sender = self._chat_and_sender(data)
        colours = theme(data.get("theme"))
        message = chat.messages.get(integer(data.get("message")))
        if message is None:  # not by a button, but by the address that the command line names
            if self._playground.web_app.app is None:
                raise bad_request("no page is mounted")
            return {"url": self._playground.signed_address(sender, self._playground.web_app_url, colours)}
        button = str(data.get("button"))
        try:
            return {"url": self._playground.open_web_app(message, button, sender=sender, theme=colours)}
        except LookupError:
            raise bad_request("BUTTON_TYPE_INVALID") from None

    def _chat_and_sender(self, data: dict[str, Any]) -> tuple[Chat, Person]:
        wanted = integer(data.get("chat"))
        chat = next((chat for chat in self._visitor.chats if chat.id == wanted), None)
        if chat is None:
            raise bad_request("chat not found")
        sender = chat.member(integer(data.get("as"))) or self._visitor.me
        return chat, sender

    def _replied_elsewhere(self, data: dict[str, Any]) -> Message | None:
        """The message of another chat that is replied to."""
        wanted = integer(data.get("reply_chat"))
        chat = next((chat for chat in self._visitor.chats if chat.id == wanted), None)
        return None if chat is None else chat.messages.get(integer(data.get("reply_to")))

    async def _stream(self, after: int) -> AsyncIterator[str]:
        yield f"retry: 1000\ndata: {json.dumps({'kind': 'hello', 'epoch': self._epoch})}\n\n"
        async for batch in self._state.events.listen(after, _HEARTBEAT_S):
            if batch is None:
                yield f"id: {self._state.events.number}\n" + _event("reset", {})
            elif not batch:
                yield _event("presence", {"online": self._state.online})
            else:
                for event in batch:
                    view = self._event_view(event)
                    if view is not None:
                        yield f"id: {event.number}\n" + _event(event.kind, view)

    def _event_view(self, event: Event) -> dict[str, Any] | None:
        if event.kind == "profile":
            return profile_view(self._state, self._visitor.me, self._visitor.chats)
        if event.kind == "inline":
            query = self._state.inline_queries.get(event.data["query"])
            return None if query is None else inline_view(query)
        if event.kind in {"presence", "reset"}:
            return event.data
        chat = next((chat for chat in self._visitor.chats if chat.id == event.data.get("chat")), None)
        if chat is None:
            return None
        if event.kind == "message":
            message = chat.messages.get(event.data["id"])
            return message_view(message, self._state.votes(message)) if message else None
        return event.data


class _PageFiles(StaticFiles):
    """The page's own files, with the types that browsers insist on, whatever this machine believes them to be."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        kind = _FILE_TYPES.get(Path(path).suffix)
        if kind and response.status_code == 200:
            response.headers["content-type"] = kind
        return response


def _named_message(chat: Chat, data: dict[str, Any]) -> Message:
    message = chat.messages.get(integer(data.get("message")))
    if message is None:
        raise bad_request("message not found")
    return message


def _replied(chat: Chat, data: dict[str, Any]) -> Message | None:
    if integer(data.get("reply_chat")) not in {0, chat.id}:
        return None
    return chat.messages.get(integer(data.get("reply_to")))


def _event(kind: str, data: dict[str, Any]) -> str:
    return f"data: {json.dumps({'kind': kind, **data}, ensure_ascii=False)}\n\n"
