import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, TimedOut

from bot.handlers.errors import nobody_is_there


@pytest.mark.parametrize(
    "error",
    [
        Forbidden("Forbidden: bot was blocked by the user"),
        Forbidden("Forbidden: user is deactivated"),
        Forbidden("Forbidden: bot was kicked from the supergroup chat"),
        BadRequest("Bad Request: chat not found"),
        BadRequest("Message to edit not found"),
        BadRequest("Query is too old and response timeout expired or query id is invalid"),
        BadRequest("Not enough rights to send photos to the chat"),
        BadRequest("TOPIC_CLOSED"),
    ],
)
def test_nobody_is_there_to_be_told(error: Exception):
    assert nobody_is_there(error)


@pytest.mark.parametrize(
    "error",
    [BadRequest("Can't parse entities"), NetworkError("Bad Gateway"), TimedOut(), ValueError("chat not found")],
)
def test_what_is_a_failure_of_ours(error: Exception):
    assert not nobody_is_there(error)
