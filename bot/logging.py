"""Log lines without secrets: the bot's token opens the bot to whoever reads it.

httpx prints the token in every address at INFO, and python-telegram-bot in its DEBUG lines and in some error
texts, also percent-encoded. So httpx is kept quiet, and every line is redacted as it is written, its traceback too.
On a terminal a line is plain text; elsewhere it is one JSON object a line, so that a traceback stays one entry.
"""

import json
import logging
import re
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, TextIO
from urllib.parse import quote

UPDATE_ID: Final[ContextVar[int | None]] = ContextVar("update_id", default=None)
"""The update that is being answered, for the log lines of its handlers and of the work they queue."""

_ANY_TOKEN: Final = re.compile(r"\b\d{5,}(?::|%3[Aa])[A-Za-z0-9_-]{20,}")
_DATABASE_PASSWORD: Final = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+@")
_HIDDEN: Final = "[secret]"
_SHORTEST_SECRET: Final = 4
_QUIET: Final = ("httpx", "httpcore", "asyncio", "PIL", "multipart", "alembic", "uvicorn")
_NOT_IN_DETAIL: Final = ("telegram",)  # its DEBUG lines hold whole updates, and so people's words and names
_SILENT: Final = ("telegram.request", "telegram.ext.AIORateLimiter")  # they log what is raised to us anyway


class Redactor:
    """Replaces secrets in text, in their plain and their percent-encoded form."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = set[str]()
        for secret in secrets:
            if len(secret) >= _SHORTEST_SECRET:
                forms |= {secret, quote(secret, safe=""), quote(secret), repr(secret)[1:-1]}
        self._forms = sorted(forms, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text without secrets, and without anything that looks like a bot token."""
        for form in self._forms:
            text = text.replace(form, _HIDDEN)
        text = _ANY_TOKEN.sub(_HIDDEN, text)
        return _DATABASE_PASSWORD.sub(rf"\1:{_HIDDEN}@", text)


class PlainFormatter(logging.Formatter):
    """Lines for a person at a terminal."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The record as text, redacted."""
        return self._redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for machines."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON, each text redacted before it is escaped."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._redact(record.getMessage()),
        }
        if (update_id := UPDATE_ID.get()) is not None:
            line["update_id"] = update_id
        if record.exc_info:
            line["exception"] = self._redact(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = self._redact(self.formatStack(record.stack_info))
        return json.dumps(line, ensure_ascii=False)


class RedactingFilter(logging.Filter):
    """Redacts a record before any handler that somebody adds later can print it."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record, its message redacted."""
        record.msg, record.args = self._redact(record.getMessage()), None
        return True


def set_up_logging(level: str = "INFO", secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send every log line, warning and uncaught exception to ``stream``, without secrets.

    Args:
        level: the least severe level to write.
        secrets: values that may stand in no line.
        stream: standard error when not given.
    """
    stream = stream if stream is not None else sys.stderr
    redact = Redactor(secrets)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainFormatter(redact) if stream.isatty() else JsonFormatter(redact))
    handler.addFilter(RedactingFilter(redact))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _NOT_IN_DETAIL:
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLevelNamesMapping()[level]))
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.captureWarnings(True)
    logging.raiseExceptions = False
    sys.excepthook = _log_uncaught


def _log_uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    logging.getLogger("bot").critical("Uncaught exception", exc_info=(kind, error, traceback))
