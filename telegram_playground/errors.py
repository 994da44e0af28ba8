"""What the server answers when a bot asks for something that Telegram would refuse."""

from typing import Any


class ApiError(Exception):
    """A Bot API error: an HTTP status and Telegram's own words for it.

    Args:
        status: The HTTP status, which is also ``error_code`` in the answer.
        description: Telegram's text, with its prefix ("Bad Request: ...").
        retry_after: Seconds that the bot has to wait, for 429.
        migrate_to_chat_id: The supergroup that the group has become.
    """

    def __init__(
        self,
        status: int,
        description: str,
        *,
        retry_after: int | None = None,
        migrate_to_chat_id: int | None = None,
    ) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after
        self.migrate_to_chat_id = migrate_to_chat_id

    def payload(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        if self.migrate_to_chat_id is not None:
            body["parameters"] = {"migrate_to_chat_id": self.migrate_to_chat_id}
        return body


def bad_request(reason: str) -> ApiError:
    """The commonest refusal: 400 with a reason."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """The chat does not want the bot: 403 with a reason."""
    return ApiError(403, f"Forbidden: {reason}")


def migrated(supergroup_id: int) -> ApiError:
    """The group has become a supergroup: 400 that says which."""
    return ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=supergroup_id)


def too_many_requests(seconds: int) -> ApiError:
    """Flood control: 429 that says how long to wait."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def request_too_large() -> ApiError:
    """A body beyond every limit: 413."""
    return ApiError(413, "Request Entity Too Large")
