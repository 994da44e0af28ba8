"""Reading request bodies up to a limit."""

from starlette.requests import Request

from bot.playground.checks import request_too_large


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body.

    Args:
        request: The request whose body has not been read.
        limit: Bytes accepted at most.

    Raises:
        ApiError: 413 when it is larger.
    """
    announced = request.headers.get("content-length", "0")
    if not announced.isdigit() or int(announced) > limit:
        raise request_too_large()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise request_too_large()
    return bytes(body)
