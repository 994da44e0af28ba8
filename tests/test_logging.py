import io
import json
import logging
import sys
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from bot.logging import UPDATE_ID, Redactor, set_up_logging

TOKEN = "123456789:AAHkq0secretsecretsecretsecretsecret"
PASSWORD_URL = "postgresql://me:hush@db.example/name"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    stream = io.StringIO()
    set_up_logging("INFO", [TOKEN, "webhook-secret"], stream)
    yield stream
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)
    logging.captureWarnings(False)
    logging.raiseExceptions = True


@pytest.mark.parametrize(
    "text",
    [
        f"POST https://api.telegram.org/bot{TOKEN}/getMe",
        f"GET https://x/file/bot{quote(TOKEN, safe='')}/photos/1.jpg",
        f"Bot[token={TOKEN}]",
        "another bot's 987654321:AAFzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
        "and its 987654321%3aAAFzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
    ],
)
def test_no_token_survives(text):
    redacted = Redactor([TOKEN])(text)
    assert "secretsecret" not in redacted
    assert "zzzzzzzz" not in redacted
    assert "[secret]" in redacted


def test_passwords_in_addresses_are_hidden():
    assert (
        Redactor()(f"cannot connect to {PASSWORD_URL}") == "cannot connect to postgresql://me:[secret]@db.example/name"
    )


def test_a_line_is_one_json_object_with_its_update_and_without_secrets(stream):
    UPDATE_ID.set(77)
    try:
        raise ValueError(f"cannot reach https://x/bot{TOKEN}/sendPhoto")
    except ValueError:
        logging.getLogger("bot.test").exception("Failed for %s", "webhook-secret")
    (line,) = stream.getvalue().splitlines()
    entry = json.loads(line)
    assert entry["level"] == "error"
    assert entry["logger"] == "bot.test"
    assert entry["update_id"] == 77
    assert entry["message"] == "Failed for [secret]"
    assert "ValueError" in entry["exception"]
    assert TOKEN not in line
    assert "webhook-secret" not in line
    UPDATE_ID.set(None)


def test_a_terminal_gets_plain_lines():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    root = logging.getLogger()
    handlers = root.handlers[:]
    terminal = Terminal()
    try:
        set_up_logging("INFO", [TOKEN], terminal)
        logging.getLogger("bot.test").info("hello %s", TOKEN)
    finally:
        root.handlers[:] = handlers
        logging.captureWarnings(False)
        logging.raiseExceptions = True
        sys.excepthook = sys.__excepthook__
    assert terminal.getvalue().endswith("INFO    bot.test: hello [secret]\n")


def test_http_addresses_are_not_logged(stream):
    logging.getLogger("httpx").info("HTTP Request: POST https://x/bot/sendMessage")
    assert stream.getvalue() == ""


def test_uncaught_exceptions_are_redacted_too(stream):
    error = RuntimeError(f"token {TOKEN}")
    sys.excepthook(RuntimeError, error, None)
    assert TOKEN not in stream.getvalue()
    assert json.loads(stream.getvalue())["level"] == "critical"
