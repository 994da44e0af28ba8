"""Updates of every odd form: each is read or refused, alone, and what is refused is not told on."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from telegram import Bot, Update

from bot.updates.dispatcher import Dispatcher
from bot.updates.reading import UnreadableUpdate, parse_update, read_update
from bot.updates.tracker import UpdateTracker

BOT = Bot("123456:abcdefghijklmnopqrstuvwxyz")
NAME = "SOMEBODY"
PERSON = {"id": 71, "is_bot": False, "first_name": NAME}
CHAT = {"id": 71, "type": "private", "first_name": NAME}
SIZE = {"file_id": "abc", "file_unique_id": "def", "width": 90, "height": 60, "file_size": 1000}
MESSAGE = {"message_id": 5, "date": 1_770_000_000, "chat": CHAT, "from": PERSON}
KINDS: dict[str, dict[str, Any]] = {
    "text": {"text": NAME, "entities": [{"type": "bold", "offset": 0, "length": 8}]},
    "photo": {"photo": [SIZE], "caption": NAME, "media_group_id": "12"},
    "document": {"document": {"file_id": "abc", "file_unique_id": "def", "file_name": NAME, "mime_type": "image/png"}},
    "video": {"video": SIZE | {"duration": 3}},
    "voice": {"voice": {"file_id": "abc", "file_unique_id": "def", "duration": 3}},
    "sticker": {"sticker": SIZE | {"type": "regular", "is_animated": False, "is_video": False}},
    "contact": {"contact": {"phone_number": "+886900000000", "first_name": NAME}},
    "location": {"location": {"latitude": 25.033, "longitude": 121.565}},
    "poll": {
        "poll": {
            "id": "1",
            "question": NAME,
            "options": [{"text": "a", "voter_count": 1, "persistent_id": "1"}],
            "total_voter_count": 1,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    },
    "dice": {"dice": {"value": 1, "emoji": "🎲"}},
    "new members": {"new_chat_members": [PERSON]},
    "pinned": {"pinned_message": MESSAGE | {"text": NAME}},
    "reply": {"text": "a", "reply_to_message": MESSAGE | {"photo": [SIZE]}},
    "reply to another chat": {
        "text": "a",
        "external_reply": {"origin": {"type": "user", "date": 1_770_000_000, "sender_user": PERSON}, "photo": [SIZE]},
    },
    "forwarded": {"text": "a", "forward_origin": {"type": "user", "date": 1_770_000_000, "sender_user": PERSON}},
}


def sound(kind: str) -> dict[str, Any]:
    return {"update_id": 9001, "message": MESSAGE | copy.deepcopy(KINDS[kind])}


def tapped() -> dict[str, Any]:
    query = {"id": "7", "from": PERSON, "chat_instance": "1", "data": "v1:x", "message": MESSAGE | KINDS["text"]}
    return {"update_id": 9001, "callback_query": query}


def places(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON document below its root."""
    parts = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in parts:
        yield (*path, key)
        yield from places(value, (*path, key))


def odd_versions(update: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The update with one thing left out, or replaced by something of another form."""
    for *path, last in places(update):
        for odd in (..., None, True, -1.5, 10**30, "odd", [], ["odd"], {}, {"odd": "odd"}):
            version = copy.deepcopy(update)
            parent: Any = version
            for key in path:
                parent = parent[key]
            if odd is ...:
                del parent[last]
            else:
                parent[last] = odd
            yield version


async def nothing(_: Update) -> None:
    pass


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_update_is_read(kind: str) -> None:
    update = read_update(json.dumps(sound(kind)).encode(), BOT)
    assert (update.update_id, update.message.chat_id) == (9001, 71)


def test_a_tap_is_read() -> None:
    assert parse_update(tapped(), BOT).callback_query.data == "v1:x"


@pytest.mark.parametrize("update", [*map(sound, KINDS), tapped()], ids=[*KINDS, "tap"])
async def test_an_odd_update_is_read_or_refused_and_never_raises_anything_else(update: dict[str, Any]) -> None:
    dispatcher = Dispatcher(nothing, UpdateTracker())
    refusals = []
    for version in odd_versions(update):
        try:
            read = parse_update(version, BOT)
        except UnreadableUpdate as error:
            refusals.append(error)
        else:
            assert type(read.update_id) is int
            dispatcher.accept(read)
            json.dumps(read.to_dict())
    await dispatcher.drain()
    assert len(refusals) > 10
    assert {error.update_id for error in refusals} == {9001, None}
    assert not [error for error in refusals if NAME in str(error) or error.__cause__]


def test_the_update_of_the_case_is_refused_by_its_number() -> None:
    gift = {"origin": "transfer", "gift": {"base_name": "a", "name": "b", "number": 1}}
    payload = json.dumps({"update_id": 9001, "message": MESSAGE | {"unique_gift": gift}})
    with pytest.raises(UnreadableUpdate, match=r"^update 9001 cannot be read \(TypeError\)$"):
        read_update(payload, BOT)


@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"\xff\xfe", b"null", b"5", b'"text"', b"[]", b"{}", b"[" * 100_000, b'{"update_id": true}']
    + [json.dumps({"update_id": number}).encode() for number in (None, "1", 1e9, -1, 2**31, [])],
)
def test_what_has_no_number_is_refused_without_one(payload: bytes) -> None:
    with pytest.raises(UnreadableUpdate) as refusal:
        read_update(payload, BOT)
    assert refusal.value.update_id is None


@pytest.mark.parametrize("field", ["chat", "from", "date", "message_id"])
def test_what_the_handlers_rely_on_must_be_there(field: str) -> None:
    content = tapped()
    del content["callback_query"]["message"][field]
    if field == "from":
        assert parse_update(content, BOT).callback_query.message.from_user is None  # as in channels
        return
    with pytest.raises(UnreadableUpdate):
        parse_update(content, BOT)


VOTE = {"poll_id": "77", "user": PERSON, "option_ids": [3], "option_persistent_ids": ["3"]}


def test_an_answer_to_a_poll_is_read() -> None:
    answer = parse_update({"update_id": 9001, "poll_answer": VOTE}, BOT).poll_answer
    assert answer is not None
    assert (answer.poll_id, answer.option_ids) == ("77", (3,))


@pytest.mark.parametrize("wrong", [{"poll_id": 77}, {"user": NAME}, {"option_ids": 3}])
def test_a_malformed_answer_to_a_poll_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnreadableUpdate) as refused:
        parse_update({"update_id": 9001, "poll_answer": VOTE | wrong}, BOT)
    assert refused.value.update_id == 9001
    assert NAME not in str(refused.value)
