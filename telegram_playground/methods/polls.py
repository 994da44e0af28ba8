"""Polls and quizzes, with a picture above the question and one with the explanation."""

from collections.abc import Mapping
from typing import Any, Final

from telegram_playground.entities import FormattedText, parse_text
from telegram_playground.errors import bad_request
from telegram_playground.methods.handler import Handler
from telegram_playground.methods.sending import media_body, put_message
from telegram_playground.params import Params
from telegram_playground.polls import Poll
from telegram_playground.state import ServerState

MAX_QUESTION: Final = 300
MAX_OPTION: Final = 100
MAX_OPTIONS: Final = 12
MAX_EXPLANATION: Final = 200
MAX_LINE_FEEDS: Final = 2


async def send_poll(state: ServerState, params: Params) -> dict[str, Any]:
    """SendPoll: a poll, or a quiz with right answers."""
    chat = state.chat(params.string("chat_id"))
    state.may_send(chat, "polls")
    kind = params.string("type", "regular")
    if kind not in {"regular", "quiz"}:
        raise bad_request("unsupported poll type specified")
    options = _options(params)
    poll = Poll(
        question=_text(params, "question", MAX_QUESTION),
        options=options,
        kind=kind,
        anonymous=params.string("is_anonymous", "true").lower() in {"true", "1", "yes"},
        correct=_correct(params, len(options)) if kind == "quiz" else (),
        explanation=_explanation(params),
        media=await _media(state, params, "media"),
        explanation_media=await _media(state, params, "explanation_media"),
    )
    if not poll.question.text.strip():
        raise bad_request("poll question must be non-empty")
    message = put_message(state, params, {"poll": poll.api()}, chat_id=str(chat.id))
    state.keep_poll(message, poll)
    return message.api()


def _text(params: Params, name: str, limit: int) -> FormattedText:
    text = parse_text(params.string(name), params.string(f"{name}_parse_mode"), params.structure(f"{name}_entities"))
    if len(text.text) > limit:
        raise bad_request(f"poll {name} length must not exceed {limit}")
    return text


def _explanation(params: Params) -> FormattedText:
    text = _text(params, "explanation", MAX_EXPLANATION)
    if text.text.count("\n") > MAX_LINE_FEEDS:
        raise bad_request("poll explanation must contain at most 2 line feeds")
    return text


def _options(params: Params) -> tuple[str, ...]:
    options = params.structure("options")
    if not isinstance(options, list):
        raise bad_request("expected an Array of options")
    texts = [str(option.get("text", "")) if isinstance(option, dict) else str(option) for option in options]
    if not 1 <= len(texts) <= MAX_OPTIONS:
        raise bad_request(f"poll must have from 1 to {MAX_OPTIONS} options")
    if any(not 1 <= len(text.strip()) <= MAX_OPTION for text in texts):
        raise bad_request(f"poll options length must be from 1 to {MAX_OPTION}")
    return tuple(texts)


def _correct(params: Params, options: int) -> tuple[int, ...]:
    correct = params.structure("correct_option_ids")
    if not isinstance(correct, list) or not correct or correct != sorted(set(correct)):
        raise bad_request("wrong correct option identifiers specified")
    if not all(isinstance(option, int) and 0 <= option < options for option in correct):
        raise bad_request("wrong correct option identifiers specified")
    return tuple(correct)


async def _media(state: ServerState, params: Params, name: str) -> dict[str, Any] | None:
    item = params.structure(name)
    if item is None:
        return None
    if not isinstance(item, dict):
        raise bad_request(f"can't parse {name} JSON object")
    return await media_body(state, params, item)


METHODS: Final[Mapping[str, Handler]] = {"sendPoll": send_poll}
"""Polls."""
