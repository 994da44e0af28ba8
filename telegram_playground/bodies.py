"""Reading request bodies up to a limit."""

from collections.abc import AsyncGenerator

from starlette.requests import Request

from telegram_playground.errors import request_too_large


async def limited(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    """The body, in pieces as they come.

    Args:
        request: The request whose body has not been read.
        limit: Bytes accepted at most.

    Raises:
        ApiError: 413 when it is larger.
    """
    announced = request.headers.get("content-length", "0")
    if not announced.isdigit() or int(announced) > limit:
        raise request_too_large()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise request_too_large()
        yield chunk


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body; arguments and errors as of :func:`limited`."""
    return b"".join([chunk async for chunk in limited(request, limit)])
