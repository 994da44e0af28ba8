"""Answering inline queries: what somebody gets who writes the bot's name in any chat."""

from collections.abc import Mapping
from typing import Any, Final

from telegram_playground import checks
from telegram_playground.entities import parse_text
from telegram_playground.errors import bad_request
from telegram_playground.inline import InlineResult
from telegram_playground.methods.handler import Handler
from telegram_playground.methods.outgoing import caption_fields, text_body
from telegram_playground.params import Params
from telegram_playground.state import ServerState

MAX_RESULTS: Final = 50
MAX_ID_BYTES: Final = 64


async def answer_inline_query(state: ServerState, params: Params) -> bool:
    """AnswerInlineQuery: once, with articles and with photos that the server has already."""
    query = state.inline_queries.get(params.string("inline_query_id"))
    results = params.structure("results")
    if not isinstance(results, list) or not all(isinstance(result, dict) for result in results):
        raise bad_request("can't parse inline query results JSON object")
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    read = {str(result.get("id", "")): _result(state, result) for result in results}
    if len(read) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    if any(not 1 <= len(identifier.encode()) <= MAX_ID_BYTES for identifier in read):
        raise bad_request("RESULT_ID_INVALID")
    if query is None or query.results is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    query.results = read
    query.button = _button(params.structure("button"))
    state.events.publish("inline", {"query": query.id})
    return True


def _result(state: ServerState, result: dict[str, Any]) -> InlineResult:
    kind = result.get("type")
    content = result.get("input_message_content")
    markup = result.get("reply_markup")
    title, description = str(result.get("title") or ""), str(result.get("description") or "")
    if kind == "article":
        if not title:
            raise bad_request("article title must be non-empty")
        return InlineResult(_text(content), title, description, markup)
    if kind != "photo":
        raise bad_request(f"unsupported inline query result type {kind!r}")
    if "photo_file_id" not in result:
        raise bad_request("WEBPAGE_MEDIA_EMPTY")  # this machine fetches nothing by its address
    photo = state.files.photo(str(result["photo_file_id"]))
    caption = str(result.get("caption") or ""), str(result.get("parse_mode") or ""), result.get("caption_entities")
    body = {"photo": photo} | caption_fields(checks.caption(*caption)) if content is None else _text(content)
    return InlineResult(body, title, description, markup, photo=photo)


def _text(content: Any) -> dict[str, Any]:
    if not isinstance(content, dict) or not content.get("message_text"):
        raise bad_request("message text is empty")
    text = parse_text(str(content["message_text"]), str(content.get("parse_mode") or ""), content.get("entities"))
    return text_body(text)


def _button(button: Any) -> dict[str, Any] | None:
    if button is None:
        return None
    if not isinstance(button, dict) or not button.get("text"):
        raise bad_request("can't parse inline query results button")
    return button


METHODS: Final[Mapping[str, Handler]] = {"answerInlineQuery": answer_inline_query}
