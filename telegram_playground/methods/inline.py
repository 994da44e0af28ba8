"""Answering inline queries: what somebody gets who writes the bot's name in any chat."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.request import ProxyHandler, build_opener

from telegram_playground import checks
from telegram_playground.entities import parse_text
from telegram_playground.errors import bad_request
from telegram_playground.images import encode_bot_photo
from telegram_playground.inline import InlineResult
from telegram_playground.methods.handler import Handler
from telegram_playground.methods.outgoing import caption_fields, text_body
from telegram_playground.params import Params
from telegram_playground.state import ServerState

MAX_RESULTS: Final = 50
MAX_ID_BYTES: Final = 64
MAX_FETCHED_BYTES: Final = 5 * 1024 * 1024
_FETCHING_S: Final = 30.0
_DIRECTLY: Final = build_opener(ProxyHandler({}))


async def answer_inline_query(state: ServerState, params: Params) -> bool:
    """AnswerInlineQuery: once, with articles, and with photos that the server has or that the mounted page serves."""
    query = state.inline_queries.get(params.string("inline_query_id"))
    results = params.structure("results")
    if not isinstance(results, list) or not all(isinstance(result, dict) for result in results):
        raise bad_request("can't parse inline query results JSON object")
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    read = {str(result.get("id", "")): await _result(state, result) for result in results}
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


async def _result(state: ServerState, result: dict[str, Any]) -> InlineResult:
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
    if "photo_file_id" in result:
        photo = state.files.photo(str(result["photo_file_id"]))
    else:
        photo = await _fetched(state, result)
    caption = str(result.get("caption") or ""), str(result.get("parse_mode") or ""), result.get("caption_entities")
    body = {"photo": photo} | caption_fields(checks.caption(*caption)) if content is None else _text(content)
    return InlineResult(body, title, description, markup, photo=photo)


async def _fetched(state: ServerState, result: dict[str, Any]) -> list[dict[str, Any]]:
    """A photo by its address, which has to be one of the page that is mounted: nothing else is fetched."""
    address = str(result.get("photo_url") or "")
    if not result.get("thumbnail_url"):
        raise bad_request("photo thumbnail URL is not specified")
    if not state.own_pages or not address.startswith(state.own_pages):
        raise bad_request("WEBPAGE_MEDIA_EMPTY")
    return state.files.add_photo(await asyncio.to_thread(encode_bot_photo, await asyncio.to_thread(_fetch, address)))


def _fetch(address: str) -> bytes:
    """A JPEG of at most 5 MB; blocks."""
    try:
        with _DIRECTLY.open(address, timeout=_FETCHING_S) as answer:
            data: bytes = answer.read(MAX_FETCHED_BYTES + 1)
            kind = answer.headers.get_content_type()
    except OSError:
        raise bad_request("WEBPAGE_CURL_FAILED") from None
    if kind != "image/jpeg" or len(data) > MAX_FETCHED_BYTES:
        raise bad_request("WEBPAGE_MEDIA_EMPTY")
    return data


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
