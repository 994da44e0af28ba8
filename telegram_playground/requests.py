"""The record of what the bot asked for, for tests to look at."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from telegram_playground.errors import ApiError
from telegram_playground.multipart import Upload
from telegram_playground.params import Params

KEPT_REQUESTS: Final = 5000
KEPT_UPLOAD_BYTES: Final = 48 * 1024 * 1024


@dataclass(slots=True, eq=False)
class Request:
    """One Bot API call.

    Attributes:
        method: Its name as the bot wrote it.
        params: Its parameters, JSON ones decoded.
        files: Uploads by the name of their part; the oldest lose their data when there are many.
        at: Unix time in seconds.
        host: The name or address that the bot called this server by; tells bots of one token apart.
        status: The HTTP status answered; 0 while it runs, or when the connection was cut.
        response: The JSON body answered, or what it would have been when nobody got it.
    """

    method: str
    params: dict[str, Any]
    files: dict[str, Upload]
    at: float
    host: str = ""
    status: int = 0
    response: dict[str, Any] = field(default_factory=dict)


class RequestLog:
    """The latest calls in order, getUpdates left out."""

    def __init__(self) -> None:
        self._requests: deque[Request] = deque(maxlen=KEPT_REQUESTS)
        self._with_files: deque[tuple[Request, int]] = deque()
        self._held = 0
        self.observers: list[Callable[[Request], None]] = []
        """Called with each request once it is carried out, whether the bot got the answer or not."""

    def __iter__(self) -> Iterator[Request]:
        return iter(tuple(self._requests))

    def __len__(self) -> int:
        return len(self._requests)

    def __getitem__(self, index: int) -> Request:
        return self._requests[index]

    def of(self, *methods: str) -> list[Request]:
        """The calls of these methods, in order."""
        wanted = {method.lower() for method in methods}
        return [request for request in self if request.method.lower() in wanted]

    def clear(self) -> None:
        """Forgets everything."""
        self._requests.clear()
        self._with_files.clear()
        self._held = 0

    def begin(self, method: str, params: Params, at: float, host: str = "") -> Request:
        """Notes a call that has come in."""
        try:
            decoded = params.decoded()
        except ApiError:
            # Broken JSON is answered with 400 by the method; here it is kept as it came.
            decoded = dict(params.values)
        request = Request(method, decoded, dict(params.files), at, host)
        if method.lower() != "getupdates":
            self._requests.append(request)
            self._limit_uploads(request)
        return request

    def finish(self, request: Request, status: int, response: dict[str, Any]) -> None:
        """Notes what was answered; the status is 0 when nobody got the answer."""
        request.status, request.response = status, response
        for observer in self.observers:
            observer(request)

    def _limit_uploads(self, request: Request) -> None:
        size = sum(len(upload.data) for upload in request.files.values())
        if not size:
            return
        self._with_files.append((request, size))
        self._held += size
        while self._held > KEPT_UPLOAD_BYTES and len(self._with_files) > 1:
            oldest, held = self._with_files.popleft()
            oldest.files = {name: Upload(u.filename, u.content_type, b"") for name, u in oldest.files.items()}
            self._held -= held
