"""Reading ``multipart/form-data``, by Starlette's parser, up to a size."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from telegram_playground.bodies import limited

MAX_FIELDS: Final = 64
MAX_FILES: Final = 64
MAX_FIELD_BYTES: Final = 1024 * 1024


class MultipartError(ValueError):
    """The body is not well-formed multipart/form-data, or has too many parts."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came in a request."""

    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The fields and the files of one form, in their order."""

    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, Upload], ...]


class _Parser(MultiPartParser):
    """Starlette's parser, which takes a body that ends in the middle of a part for one without that part."""

    def __init__(self, request: Request, limit: int) -> None:
        super().__init__(
            request.headers,
            self._to_the_end(limited(request, limit)),
            max_files=MAX_FILES,
            max_fields=MAX_FIELDS,
            max_part_size=MAX_FIELD_BYTES,
        )
        self.spool_max_size = limit  # the disk of whoever tries a bot is not written to
        self._is_whole = False

    def on_end(self) -> None:
        """Notes the last boundary."""
        self._is_whole = True

    async def _to_the_end(self, stream: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        async for chunk in stream:
            yield chunk
        if not self._is_whole:
            raise MultiPartException("The body ends too early.")


async def read_multipart(request: Request, limit: int) -> Form:
    """Reads a request's body.

    Args:
        request: The request, whose body has not been read.
        limit: Bytes accepted at most, all parts together.

    Raises:
        MultipartError: The body or the header is malformed, or has too many parts.
        ApiError: 413 when the body is larger.
    """
    try:
        form = await _Parser(request, limit).parse()
    except MultiPartException as error:
        raise MultipartError(error.message.rstrip(".")) from None
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, Upload]] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            kind = value.content_type or "application/octet-stream"
            files.append((name, Upload(value.filename or "", kind, await value.read())))
        else:
            fields.append((name, value))
    await form.close()
    return Form(tuple(fields), tuple(files))
