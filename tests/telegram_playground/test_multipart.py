"""Forms as bots and browsers send them, and as they should not."""

from collections.abc import AsyncIterator, Iterable

import httpx
import pytest

from telegram_playground import Chat, Playground, bot_api
from telegram_playground.multipart import MAX_FIELD_BYTES, MAX_FIELDS, MAX_FILES
from tests.telegram_playground.conftest import Caller
from tests.telegram_playground.pictures import picture

FORM = "multipart/form-data; boundary=x"


def part(name: str, value: bytes, more: str = "", head: str = "") -> bytes:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n{head}\r\n'.encode() + value + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join([*parts, b"--x--\r\n"])


@pytest.fixture
def url(playground: Playground) -> str:
    return f"{playground.api_url}/bot{playground.token}"


async def post(client: httpx.AsyncClient, url: str, body: bytes | AsyncIterator[bytes], kind: str = FORM) -> dict:
    answer = await client.post(url, content=body, headers={"Content-Type": kind})
    payload = answer.json()
    assert payload.get("error_code", 200) == answer.status_code
    return payload


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"nothing", FORM),
        (b"preamble\r\n" + form(part("text", b"a")), FORM),
        (b"", FORM),
        (form(part("text", b"a")), "multipart/form-data"),
        (form(part("text", b"a")), "multipart/form-data; boundary="),
        (form(part("text", b"a")), f"multipart/form-data; boundary={'x' * 5000}"),
        (form(part("text", b"a")), "multipart/form-data; boundary=y"),
        (b"--x\r\n\r\n", FORM),
        (b"--x\r\nno colon\r\n\r\na\r\n--x--\r\n", FORM),
        (b"--x\r\nContent-Type: text/plain\r\n\r\na\r\n--x--\r\n", FORM),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n", FORM),
        (part("text", b"a"), FORM),
        (form(part("text", b"a"))[:-8], FORM),
        (form(part("photo", b"a" * 1000, '; filename="a.jpg"'))[:500], FORM),
    ],
    ids=[
        "no form", "preamble", "empty", "no boundary", "empty boundary", "long boundary", "another boundary",
        "no headers", "no header", "no disposition", "no name", "no last boundary", "cut before the end",
        "cut in a file",
    ],
)  # fmt: skip
async def test_a_broken_form_is_refused_and_nothing_is_done(
    playground: Playground, client: httpx.AsyncClient, chat: Chat, url: str, body: bytes, kind: str
) -> None:
    said = await post(client, f"{url}/sendMessage?chat_id={chat.id}&text=hi", body, kind)
    assert said["error_code"] == 400
    assert said["description"].startswith("Bad Request: ")
    assert len(chat.messages) == 1
    assert not playground.requests.of("sendMessage")


async def in_pieces(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@pytest.mark.parametrize("announced", [True, False])
async def test_a_form_that_is_too_large_is_refused(
    client: httpx.AsyncClient, chat: Chat, url: str, announced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_api, "MAX_BODY_BYTES", 100_000)
    fields = part("chat_id", str(chat.id).encode())

    async def sent(size: int) -> dict:
        body = form(fields, part("document", bytes(size), '; filename="a.bin"'))
        pieces = in_pieces(body[start : start + 10_000] for start in range(0, len(body), 10_000))
        return await post(client, f"{url}/sendDocument", body if announced else pieces)

    assert (await sent(100_000))["description"] == "Request Entity Too Large"
    assert len(chat.messages) == 1
    taken = await sent(99_000)
    assert taken["result"]["document"]["file_size"] == 99_000


@pytest.mark.parametrize(
    "parts",
    [
        [part("text", b"a" * (MAX_FIELD_BYTES + 1))],
        [part(f"field{number}", b"") for number in range(MAX_FIELDS + 1)],
        [part(f"file{number}", b"", '; filename="a"') for number in range(MAX_FILES + 1)],
    ],
    ids=["long field", "many fields", "many files"],
)
async def test_a_form_with_too_much_in_it_is_refused(client: httpx.AsyncClient, url: str, parts: list[bytes]) -> None:
    said = await post(client, f"{url}/getMe", form(*parts))
    assert said["error_code"] == 400


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_a_form_may_come_in_any_pieces(client: httpx.AsyncClient, chat: Chat, url: str, size: int) -> None:
    body = form(part("chat_id", str(chat.id).encode()), part("text", "一件外套\r\n--y".encode()))
    said = await post(client, f"{url}/sendMessage", in_pieces(body[at : at + size] for at in range(0, len(body), size)))
    assert said["result"]["text"] == "一件外套\n--y"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (form(part("text", b"hi")) + b"epilogue", FORM),
        (form(part("text", b"hi")).removesuffix(b"\r\n"), FORM),
        (form(part("text", b"hi", head="Content-Type: text/plain; charset=utf-8\r\n")), FORM),
        (form(part("text", b"hi")), 'Multipart/Form-Data; charset=utf-8; boundary="x"'),
        (form(part("text", b"no"), part("text", b"hi")), FORM),
    ],
    ids=["epilogue", "no last line end", "typed field", "quoted boundary", "field twice"],
)
async def test_what_is_odd_and_allowed_is_taken(
    client: httpx.AsyncClient, chat: Chat, url: str, body: bytes, kind: str
) -> None:
    assert (await post(client, f"{url}/sendMessage?chat_id={chat.id}", body, kind))["result"]["text"] == "hi"


async def test_files_keep_their_bytes_names_and_order(playground: Playground, call: Caller, chat: Chat) -> None:
    data = bytes(range(256)) * 20_000 + b"\r\n--x\r\n"  # more than servers keep in memory by themselves
    sent = await call.result("sendDocument", {"document": ("大衣 1.bin", data)}, chat_id=chat.id)
    assert sent["document"]["file_name"] == "大衣 1.bin"
    assert playground.requests.of("sendDocument")[0].files["document"].data == data
    album = [{"type": "photo", "media": f"attach://{name}"} for name in "ab"]
    pictures = {name: (f"{name}.jpg", picture(), "image/jpeg") for name in "ba"}
    await call.result("sendMediaGroup", pictures, chat_id=chat.id, media=album)
    files = playground.requests.of("sendMediaGroup")[0].files
    assert {name: (file.filename, file.content_type) for name, file in files.items()} == {
        name: (f"{name}.jpg", "image/jpeg") for name in "ab"
    }
