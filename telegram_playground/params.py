"""The parameters of one Bot API call, whichever of the wire formats they came in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from telegram_playground.bodies import read_body
from telegram_playground.errors import ApiError, bad_request
from telegram_playground.multipart import MultipartError, Upload, read_multipart

JSON_PARAMETERS: Final = frozenset(
    {
        "allowed_updates",
        "button",
        "caption_entities",
        "commands",
        "correct_option_ids",
        "entities",
        "explanation_entities",
        "explanation_media",
        "link_preview_options",
        "media",
        "menu_button",
        "message_ids",
        "options",
        "permissions",
        "question_entities",
        "reaction",
        "reply_markup",
        "reply_parameters",
        "results",
        "rights",
        "scope",
    }
)
"""Parameters that forms carry as serialised JSON."""


@dataclass(frozen=True, slots=True)
class Params:
    """Parameters by name, and uploaded files by the name of their part."""

    values: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def string(self, name: str, default: str = "") -> str:
        """The parameter as text."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """The parameter as a whole number; what cannot be read counts as absent, as in Telegram."""
        try:
            return int(self.string(name))
        except ValueError:
            return default

    def boolean(self, name: str) -> bool:
        """The parameter as a flag."""
        return self.string(name).lower() in {"true", "yes", "1"}

    def structure(self, name: str) -> Any:
        """The parameter as a JSON object or array; None when it is absent or empty.

        Raises:
            ApiError: It is text that is not JSON.
        """
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def decoded(self) -> dict[str, Any]:
        """All parameters, those that are JSON by nature decoded, for a check against a schema."""
        return {name: self.structure(name) if _is_json(name, value) else value for name, value in self.values.items()}


def _is_json(name: str, value: Any) -> bool:
    """Whether a form carries it as JSON; a photo is a file's id, or an object with setMyProfilePhoto."""
    return name in JSON_PARAMETERS or (name == "photo" and str(value).startswith("{"))


async def read_params(request: Request, limit: int) -> Params:
    """Merges the query string with a urlencoded, JSON or multipart body.

    Args:
        request: The request, whose body has not been read.
        limit: Bytes accepted at most.

    Raises:
        ApiError: The body is malformed, or larger.
    """
    values: dict[str, Any] = dict(parse_qsl(request.url.query, keep_blank_values=True))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        try:
            form = await read_multipart(request, limit)
        except MultipartError as error:
            raise bad_request(str(error)) from None
        values.update(form.fields)
        return Params(values, dict(form.files))
    body = await read_body(request, limit)
    if not body:
        return Params(values)
    if kind == "application/json":
        values.update(_json_object(body))
    elif kind in {"application/x-www-form-urlencoded", ""}:
        values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    else:
        raise ApiError(400, "Bad Request: unsupported Content-Type")
    return Params(values)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse request JSON object")
    return value
