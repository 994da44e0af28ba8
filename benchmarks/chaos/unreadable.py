"""Updates that the bot's library cannot read: fields that it relies on are missing, or of another form."""

import time
from typing import Any, Final

NAME: Final = "Wunibald Unlesbar"
"""Stands in each of them, and must stand in no log."""


def unreadable_updates(chat_id: int) -> list[dict[str, Any]]:
    """One of each kind, without a number.

    Args:
        chat_id: of the person whom they name.
    """
    person = {"id": chat_id, "is_bot": False, "first_name": NAME}
    base = {
        "message_id": 1,
        "date": int(time.time()),
        "chat": {"id": chat_id, "type": "private", "first_name": NAME},
        "from": person,
    }

    def without(name: str) -> dict[str, Any]:
        return {key: value for key, value in base.items() if key != name}

    return [
        {
            "message": base
            | {"unique_gift": {"origin": "transfer", "gift": {"base_name": "a", "name": "b", "number": 1}}}
        },
        {"message": without("date") | {"text": NAME}},
        {"message": without("chat") | {"text": NAME}},
        {"message": base | {"photo": [{"file_id": NAME}]}},
        {"message": base | {"photo": NAME}},
        {"message": base | {"document": {"file_name": NAME}}},
        {"message": base | {"text": NAME, "entities": [{"type": "bold"}]}},
        {"message": base | {"text": NAME, "reply_to_message": {"message_id": 1, "photo": {}}}},
        {"message": base | {"giveaway": {"prize_description": NAME}}},
        {"message": NAME},
        {"message": [NAME]},
        {"callback_query": {"from": person, "data": "1"}},
        {"callback_query": {"id": "1", "from": {"first_name": NAME}}},
    ]
