"""The parameters of one Bot API call, whichever of the wire formats they came in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from bot.playground.errors import ApiError, bad_request
from bot.playground.multipart import MultipartError, Upload, parse_multipart

JSON_PARAMETERS: Final = frozenset(
    {
        "allowed_updates",
        "caption_entities",
        "commands",
        "entities",
        "link_preview_options",
        "media",
        "menu_button",
        "message_ids",
        "permissions",
        "reaction",
        "reply_markup",
        "reply_parameters",
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
        return {name: self.structure(name) if name in JSON_PARAMETERS else value for name, value in self.values.items()}


def read_params(query: str, content_type: str, body: bytes) -> Params:
    """Merges the query string with a urlencoded, JSON or multipart body.

    Raises:
        ApiError: The body is malformed.
    """
    values: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    kind = content_type.partition(";")[0].strip().lower()
    if not body:
        return Params(values)
    if kind == "multipart/form-data":
        try:
            form = parse_multipart(body, content_type)
        except MultipartError as error:
            raise bad_request(str(error)) from None
        values.update(form.fields)
        return Params(values, dict(form.files))
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
