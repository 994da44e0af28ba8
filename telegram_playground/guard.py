"""What may reach the server at all.

Threats: a web page that makes the visitor's browser talk to this port (cross-site requests, DNS rebinding, framing),
and bodies that fill the memory. The socket itself listens on the loopback interface only.
"""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
_PORT_OF_HTTP: Final = 80
_CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


class Guard:
    """ASGI middleware: refuses foreign hosts and origins, and adds the headers that keep the page to itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or answers 403."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = _refusal(Headers(scope=scope), scope)
        if refusal:
            body = {"ok": False, "error_code": 403, "description": f"Forbidden: {refusal}"}
            await JSONResponse(body, 403)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "Content-Security-Policy" not in headers:  # a mounted page says itself who may frame it
                    headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
                    headers["X-Frame-Options"] = "DENY"
                headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
                headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "no-referrer")
                # The page's own files may be kept, if they are asked for again; what people say may not.
                headers.setdefault("Cache-Control", "no-cache" if scope["path"].startswith("/page/") else "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _refusal(headers: Headers, scope: Scope) -> str:
    port = (scope.get("server") or ("", 0))[1]
    hosts = {f"{name}:{port}" for name in _NAMES}
    if port == _PORT_OF_HTTP:
        hosts |= set(_NAMES)  # browsers leave it out
    if headers.get("host", "").lower() not in hosts:
        return "unknown host"
    origin = headers.get("origin")
    if origin is not None and origin.lower() not in {f"http://{host}" for host in hosts}:
        return "cross-origin request"
    site = headers.get("sec-fetch-site", "none")
    following_a_link = scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate" and scope["path"] == "/"
    if site not in {"same-origin", "none"} and not following_a_link:
        return "cross-site request"
    return ""
