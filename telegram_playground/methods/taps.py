"""Answering taps on inline buttons."""

from collections.abc import Mapping
from typing import Final

from telegram_playground import checks
from telegram_playground.errors import bad_request
from telegram_playground.methods.handler import Handler
from telegram_playground.params import Params
from telegram_playground.state import ServerState


async def answer_callback_query(state: ServerState, params: Params) -> bool:
    """AnswerCallbackQuery: once, and soon enough."""
    text = checks.toast(params)
    tap = state.taps.get(params.string("callback_query_id"))
    if tap is None or tap.answer is not None or state.tap_expired(tap):
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    tap.answer = {"text": text, "show_alert": params.boolean("show_alert"), "url": params.string("url")}
    state.events.publish(
        "answer",
        {"chat": tap.message.chat.id, "id": tap.message.id, "tap": tap.id, "person": tap.person.id, **tap.answer},
    )
    return True


METHODS: Final[Mapping[str, Handler]] = {"answerCallbackQuery": answer_callback_query}
