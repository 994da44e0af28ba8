"""Reading ``multipart/form-data`` bodies that are already in memory and already limited in size."""

from dataclasses import dataclass
from email.message import Message as Headers
from email.parser import HeaderParser

_MAX_PARTS = 64


class MultipartError(ValueError):
    """The body is not well-formed multipart/form-data."""


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


def parse_multipart(body: bytes, content_type: str) -> Form:
    """Splits a body into fields and files.

    Args:
        body: The whole request body.
        content_type: The Content-Type header, which names the boundary.

    Raises:
        MultipartError: The body or the header is malformed, or has too many parts.
    """
    delimiter = b"--" + _boundary(content_type)
    if not body.startswith(delimiter):
        raise MultipartError("the body does not start with the boundary")
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, Upload]] = []
    start = len(delimiter)
    while body[start : start + 2] != b"--":
        end = body.find(b"\r\n" + delimiter, start)
        if end < 0 or body[start : start + 2] != b"\r\n":
            raise MultipartError("a part has no end")
        if len(fields) + len(files) >= _MAX_PARTS:
            raise MultipartError("too many parts")
        head_end = body.find(b"\r\n\r\n", start, end)
        if head_end < 0:
            raise MultipartError("a part has no headers")
        headers = _headers(body[start + 2 : head_end])
        name = headers.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            raise MultipartError("a part has no name")
        data = body[head_end + 4 : end]
        filename = headers.get_filename()
        if filename is None:
            fields.append((name, data.decode("utf-8", "replace")))
        else:
            files.append((name, Upload(filename, headers.get_content_type(), data)))
        start = end + 2 + len(delimiter)
    return Form(tuple(fields), tuple(files))


def _boundary(content_type: str) -> bytes:
    header = Headers()
    header["content-type"] = content_type
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not 1 <= len(boundary) <= 200:
        raise MultipartError("the Content-Type names no boundary")
    return boundary.encode("latin-1", "replace")


def _headers(raw: bytes) -> Headers:
    # Browsers and httpx write file names as UTF-8 between quotes.
    return HeaderParser().parsestr(raw.decode("utf-8", "replace"))
