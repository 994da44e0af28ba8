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

from bot.playground.bodies import read_body
from bot.playground.chats import Chat, Message, Person
from bot.playground.errors import ApiError, bad_request
from bot.playground.events import Event
from bot.playground.images import NotAPhoto
from bot.playground.multipart import MultipartError, Upload, parse_multipart
from bot.playground.page_view import SHOWN_IMAGES, chat_view, message_view, profile_view

if TYPE_CHECKING:
    from bot.playground.playground import Playground

PAGE: Final = Path(__file__).parent / "page"
MAX_FILES: Final = 10
MAX_FILE_BYTES: Final = 25 * 1024 * 1024
MAX_UPLOAD_BYTES: Final = 120 * 1024 * 1024
MAX_JSON_BYTES: Final = 64 * 1024
MAX_TEXT: Final = 4096
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
        self._world = playground.world
        self._epoch = secrets.token_hex(8)
        self._chats: list[Chat] = []

    def routes(self) -> list[Route | Mount]:
        """The routes of the page."""
        return [
            Route("/", self.index),
            Mount("/page", _PageFiles(directory=PAGE)),
            Route("/chat/state", self.state),
            Route("/chat/events", self.events),
            Route("/chat/files/{file_id}", self.file),
            Route("/chat/send", self.send, methods=["POST"]),
            Route("/chat/upload", self.upload, methods=["POST"]),
            Route("/chat/tap", self.tap, methods=["POST"]),
            Route("/chat/language", self.language, methods=["POST"]),
            Route("/chat/clear", self.clear, methods=["POST"]),
        ]

    async def index(self, request: Request) -> Response:
        """The page itself."""
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    async def state(self, request: Request) -> Response:
        """Everything that the page shows."""
        chats = self._visited(request.headers.get("accept-language", "zh"))
        visitor = chats[0].owner
        return JSONResponse(
            {
                "epoch": self._epoch,
                "number": self._world.events.number,
                "online": self._world.online,
                "me": visitor.id,
                "language": visitor.language_code or "",
                "profile": profile_view(self._world, visitor, chats),
                "chats": [chat_view(chat) for chat in chats],
            }
        )

    async def events(self, request: Request) -> Response:
        """Changes as they happen (Server-Sent Events)."""
        self._visited()
        given = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
        after = int(given) if given.isdigit() else 0
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(after), media_type="text/event-stream", headers=headers)

    async def file(self, request: Request) -> Response:
        """A picture or file of a message."""
        stored = self._world.files.find(request.path_params["file_id"])
        if stored is None:
            return JSONResponse(ApiError(404, "Not Found").payload(), 404)
        headers = {"Cache-Control": "private, max-age=86400, immutable"}
        if stored.mime in SHOWN_IMAGES:
            return Response(stored.data, media_type=stored.mime, headers=headers)
        headers["Content-Disposition"] = "attachment"
        return Response(stored.data, media_type="application/octet-stream", headers=headers)

    async def send(self, request: Request) -> Response:
        """The visitor writes."""
        return await _respond(self._send(request))

    async def upload(self, request: Request) -> Response:
        """The visitor sends photos or files."""
        return await _respond(self._upload(request))

    async def tap(self, request: Request) -> Response:
        """The visitor taps a button."""
        return await _respond(self._tap(request))

    async def language(self, request: Request) -> Response:
        """The visitor's Telegram speaks another language from now on."""
        return await _respond(self._set_language(request))

    async def clear(self, request: Request) -> Response:
        """The visitor empties a chat."""
        return await _respond(self._clear(request))

    async def _send(self, request: Request) -> dict[str, Any]:
        data = await _json_body(request)
        chat, sender = self._chat_and_sender(data)
        text = str(data.get("text", ""))
        if not text.strip():
            raise bad_request("message text is empty")
        if len(text) > MAX_TEXT:
            raise bad_request("message is too long")
        message = await self._playground.send_text(chat, text, sender=sender, reply_to=_replied(chat, data))
        message.nonce = str(data.get("nonce", ""))
        return {"ids": [message.id]}

    async def _upload(self, request: Request) -> dict[str, Any]:
        body = await read_body(request, MAX_UPLOAD_BYTES)
        try:
            form = parse_multipart(body, request.headers.get("content-type", ""))
        except MultipartError as error:
            raise bad_request(str(error)) from None
        fields: dict[str, Any] = dict(form.fields)
        files = [upload for _, upload in form.files]
        if not 1 <= len(files) <= MAX_FILES:
            raise bad_request(f"send 1 to {MAX_FILES} files")
        if any(len(upload.data) > MAX_FILE_BYTES for upload in files):
            raise ApiError(413, "Request Entity Too Large")
        return {"ids": [message.id for message in await self._send_files(fields, files)]}

    async def _send_files(self, fields: dict[str, Any], files: list[Upload]) -> list[Message]:
        chat, sender = self._chat_and_sender(fields)
        album = str(secrets.randbelow(10**17) + 10**16) if len(files) > 1 else None
        reply_to = _replied(chat, fields)
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
                        chat, upload.data, caption=caption, sender=sender, reply_to=reply_to, album=album
                    )
                except NotAPhoto:
                    raise bad_request("IMAGE_PROCESS_FAILED") from None
            message.nonce = str(fields.get("nonce", ""))
            sent.append(message)
        return sent

    async def _tap(self, request: Request) -> dict[str, Any]:
        data = await _json_body(request)
        chat, sender = self._chat_and_sender(data)
        message = chat.messages.get(_integer(data.get("message")))
        if message is None:
            raise bad_request("message not found")
        try:
            tap = await self._playground.tap(message, str(data.get("data")), sender=sender)
        except LookupError:
            raise bad_request("BUTTON_DATA_INVALID") from None
        return {"tap": tap.id}

    async def _set_language(self, request: Request) -> dict[str, Any]:
        code = str((await _json_body(request)).get("code", ""))
        if code not in LANGUAGES:
            raise bad_request("invalid language code specified")
        for person in self._visited()[1].members:
            person.language_code = LANGUAGES[code]
        self._world.events.publish("profile")
        return {}

    async def _clear(self, request: Request) -> dict[str, Any]:
        chat, _ = self._chat_and_sender(await _json_body(request))
        for message in list(chat.messages.values()):
            self._world.delete(message)
        return {}

    def _visited(self, accepted_languages: str = "zh") -> list[Chat]:
        """The visitor's chats, made when the page is opened first; then a browser in another language counts."""
        if not self._chats:
            chinese = accepted_languages.lower().startswith("zh")
            names = ("訪客", "小美", "衣櫃研究社") if chinese else ("Visitor", "Mei", "Wardrobe club")
            code = "zh-hant" if chinese else "en"
            visitor = self._playground.person(names[0], username="visitor", language_code=code)
            friend = self._playground.person(names[1], username="visitors_friend", language_code=code)
            group = self._playground.supergroup(names[2], [visitor, friend])
            self._chats = [self._playground.private(visitor), group]
        return self._chats

    def _chat_and_sender(self, data: dict[str, Any]) -> tuple[Chat, Person]:
        wanted = _integer(data.get("chat"))
        chat = next((chat for chat in self._visited() if chat.id == wanted), None)
        if chat is None:
            raise bad_request("chat not found")
        sender = chat.member(_integer(data.get("as"))) or chat.owner
        return chat, sender

    async def _stream(self, after: int) -> AsyncIterator[str]:
        yield f"retry: 1000\ndata: {json.dumps({'kind': 'hello', 'epoch': self._epoch})}\n\n"
        async for batch in self._world.events.listen(after, _HEARTBEAT_S):
            if batch is None:
                yield f"id: {self._world.events.number}\n" + _event("reset", {})
            elif not batch:
                yield _event("presence", {"online": self._world.online})
            else:
                for event in batch:
                    view = self._event_view(event)
                    if view is not None:
                        yield f"id: {event.number}\n" + _event(event.kind, view)

    def _event_view(self, event: Event) -> dict[str, Any] | None:
        if event.kind == "profile":
            return profile_view(self._world, self._chats[0].owner, self._chats)
        if event.kind == "presence":
            return event.data
        chat = next((chat for chat in self._chats if chat.id == event.data.get("chat")), None)
        if chat is None:
            return None
        if event.kind == "message":
            message = chat.messages.get(event.data["id"])
            return message_view(message) if message else None
        return event.data


class _PageFiles(StaticFiles):
    """The page's own files, with the types that browsers insist on, whatever this machine believes them to be."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        kind = _FILE_TYPES.get(Path(path).suffix)
        if kind and response.status_code == 200:
            response.headers["content-type"] = kind
        return response


async def _respond(work: Any) -> Response:
    try:
        return JSONResponse({"ok": True, **await work})
    except ApiError as error:
        return JSONResponse(error.payload(), error.status)


async def _json_body(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise bad_request("application/json expected")
    try:
        data = json.loads(await read_body(request, MAX_JSON_BYTES))
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise bad_request("can't parse request JSON object")
    return data


def _replied(chat: Chat, data: dict[str, Any]) -> Message | None:
    return chat.messages.get(_integer(data.get("reply_to")))


def _integer(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _event(kind: str, data: dict[str, Any]) -> str:
    return f"data: {json.dumps({'kind': kind, **data}, ensure_ascii=False)}\n\n"
