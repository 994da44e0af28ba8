"""Proxies and certificates: what is set works, and what cannot work is one line without its value."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from bot import network
from bot.app import build_bot
from bot.datasets.fetch import DataError, new_client
from bot.lifecycle.runtime import StartError
from bot.network import NetworkError, passwords, proxy_address, proxy_for
from bot.settings import Settings
from telegram_playground import Playground

API = "https://api.telegram.org"


@pytest.fixture(autouse=True)
def no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROXY_URL", *network.USUAL_VARIABLES):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("http://proxy:3128", "http://proxy:3128"),
        ("proxy:3128", "http://proxy:3128"),
        ("https://proxy", "https://proxy"),
        ("socks5://ann:p%23ss@proxy:1080/", "socks5://ann:p%23ss@proxy:1080"),
        ("socks5h://proxy:1080", "socks5h://proxy:1080"),
        ("socks://proxy:1080", "socks5://proxy:1080"),
        ("HTTP://[::1]:3128", "http://[::1]:3128"),
        (" http://proxy:3128 ", "http://proxy:3128"),
    ],
)
def test_a_proxy_is_read_as_people_write_it(written: str, read: str) -> None:
    assert proxy_address(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "ftp://hush@proxy:21",
        "socks4://proxy:1080",
        "http://",
        "http://:3128",
        "http://ann:hu#sh@proxy:3128",
        "http://ann:hu/sh@proxy:3128",
        "http://ann:hu?sh@proxy:3128",
        "http://proxy:hush",
        "http://proxy:99999",
        "http://[::1:3128",
        "http://pro xy:3128",
        "http://proxy:3128/path",
    ],
)
def test_what_cannot_be_a_proxy_is_one_line_without_its_value(written: str) -> None:
    with pytest.raises(NetworkError) as raised:
        proxy_address(written, "HTTPS_PROXY")
    line = str(raised.value)
    assert line.startswith("HTTPS_PROXY")
    assert "\n" not in line
    assert "hu" not in line.lower().replace("http", "")


@pytest.mark.parametrize(
    ("exempt", "is_exempt"),
    [
        ("*", True),
        ("api.telegram.org", True),
        ("telegram.org", True),
        (".telegram.org", True),
        ("*.telegram.org", True),
        ("API.Telegram.ORG:443, other", False),
        ("gram.org", False),
        ("10.0.0.0/8,[::1],::1,,", False),
        ("[fe80::]/10, 300.1.2.3/99, [oops", False),
        ("", False),
    ],
)
def test_no_proxy_names_hosts_domains_and_networks(
    monkeypatch: pytest.MonkeyPatch, exempt: str, is_exempt: bool
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setenv("NO_PROXY", exempt)
    assert proxy_for(API) == (None if is_exempt else "http://proxy:3128")


@pytest.mark.parametrize(
    ("address", "exempt", "is_exempt"),
    [
        ("http://10.1.2.3:8081", "10.0.0.0/8", True),
        ("http://11.1.2.3:8081", "10.0.0.0/8", False),
        ("http://[fd00::5]:8081", "[fd00::]/8", False),
        ("http://[fd00::5]:8081", "fd00::/8", True),
        ("http://[fd00::5]:8081", "[fd00::5]", True),
        ("http://bot-api:8081", "bot-api:8081", True),
        ("http://bot-api:8081", "bot-api:8082", False),
        ("http://127.0.0.1:8081", "", True),
        ("http://localhost:8081", "", True),
        ("http://[::1]:8081", "", True),
    ],
)
def test_addresses_and_networks_that_no_proxy_leads_to(
    monkeypatch: pytest.MonkeyPatch, address: str, exempt: str, is_exempt: bool
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://proxy")
    monkeypatch.setenv("NO_PROXY", exempt)
    assert (proxy_for(address) is None) is is_exempt


def test_proxy_url_beats_the_system_and_lower_case_beats_upper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://upper:1")
    assert proxy_for(API) == "http://upper:1"
    monkeypatch.setenv("https_proxy", "http://lower:1")
    assert proxy_for(API) == "http://lower:1"
    assert proxy_for("http://plain.example/") is None
    assert proxy_for(API, "socks5://own:1") == "socks5://own:1"


def test_every_password_is_known_as_written_and_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://bob:other@proxy")
    assert passwords("http://ann:p%23ss@proxy") == ("p%23ss", "p#ss", "other")


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_that_are_not_there_are_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv(name, str(tmp_path / "hush"))
    with pytest.raises(NetworkError, match=name) as raised:
        network.certificates()
    assert "hush" not in str(raised.value)
    with pytest.raises(DataError, match=name):
        new_client()


def test_a_file_without_certificates_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "empty.pem"))
    with pytest.raises(NetworkError, match="SSL_CERT_FILE"):
        network.certificates()


def test_without_a_setting_the_usual_certificates_count() -> None:
    assert network.certificates().verify_mode is ssl.CERT_REQUIRED


class Proxy:
    """A proxy over which everything reaches one server, whatever its name; it notes whom it was asked for."""

    def __init__(self, target: str) -> None:
        self.asked: list[str] = []
        self.accounts: list[str] = []
        self._target = urlsplit(target)
        self._open: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self, *, socks: bool) -> None:
        self._server = await asyncio.start_server(self._socks if socks else self._http, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._open:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in self._open), return_exceptions=True)

    async def _http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        line, *headers = head.decode().split("\r\n")
        method, address, version = line.split(" ")
        self.asked.append(urlsplit(address).netloc)
        self.accounts += [header for header in headers if header.lower().startswith("proxy-authorization")]
        path = urlsplit(address)._replace(scheme="", netloc="").geturl()
        kept = [header for header in headers if not header.lower().startswith("proxy-")]
        kept = [f"Host: {self._target.netloc}" if header.lower().startswith("host:") else header for header in kept]
        await self._connect(reader, writer, "\r\n".join([f"{method} {path} {version}", *kept]).encode())

    async def _socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """RFC 1928 with the password of RFC 1929."""
        _, count = await reader.readexactly(2)
        await reader.readexactly(count)
        writer.write(b"\x05\x02")
        _, length = await reader.readexactly(2)
        user = await reader.readexactly(length)
        (length,) = await reader.readexactly(1)
        self.accounts.append(f"{user.decode()}:{(await reader.readexactly(length)).decode()}")
        writer.write(b"\x01\x00")
        _, _, _, kind = await reader.readexactly(4)
        assert kind == 3, "the name goes to the proxy, which knows it"
        (length,) = await reader.readexactly(1)
        name, port = await reader.readexactly(length), int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append(f"{name.decode()}:{port}")
        writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        head = [f"Host: {self._target.netloc}" if line.lower().startswith("host:") else line for line in head]
        await self._connect(reader, writer, "\r\n".join(head).encode())

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes) -> None:
        upstream, out = await asyncio.open_connection(self._target.hostname, self._target.port)
        self._open += [writer, out]
        head = head.replace(b"\r\nConnection: keep-alive", b"\r\nConnection: close")
        out.write(head)

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
            sink.close()

        sending = asyncio.create_task(pump(reader, out))
        await pump(upstream, writer)
        sending.cancel()


@pytest.fixture
async def server() -> AsyncIterator[Playground]:
    async with Playground(port=0) as playground:
        yield playground


def settings(server: Playground, **changes: object) -> Settings:
    return Settings(bot_token=server.token, bot_api_url="http://bot-api.test:8081", **changes)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("variable", ["PROXY_URL", "HTTP_PROXY", "ALL_PROXY"])
async def test_the_bot_reaches_its_server_through_a_proxy(
    server: Playground, monkeypatch: pytest.MonkeyPatch, scheme: str, variable: str
) -> None:
    proxy = Proxy(server.api_url)
    await proxy.start(socks=scheme == "socks5")
    address = f"{scheme}://ann:p%23ss@127.0.0.1:{proxy.port}"
    if variable != "PROXY_URL":
        monkeypatch.setenv(variable, address)
    bot = await build_bot(settings(server, **({"proxy_url": address} if variable == "PROXY_URL" else {})))
    try:
        await bot.application.bot.initialize()
        assert bot.application.bot.id == int(server.token.partition(":")[0])
        assert set(proxy.asked) == {"bot-api.test:8081"}
        assert proxy.accounts[0] in ("ann:p#ss", "Proxy-Authorization: Basic YW5uOnAjc3M=")
    finally:
        await bot.application.bot.shutdown()
        await bot.close()
        await proxy.stop()


async def test_a_proxy_that_cannot_be_used_ends_the_start(server: Playground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://ann:hush@proxy")
    with pytest.raises(StartError, match="ALL_PROXY") as raised:
        await build_bot(settings(server))
    assert "hush" not in str(raised.value)


async def test_data_is_fetched_through_the_proxy_and_from_here_without(
    server: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Proxy(server.api_url)
    await proxy.start(socks=False)
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")

    def fetch(address: str) -> int:
        with new_client() as client:
            return client.get(address).status_code

    assert await asyncio.to_thread(fetch, f"{server.api_url}/page/main.js") == 200
    assert proxy.asked == []
    assert await asyncio.to_thread(fetch, "http://data.test:8081/page/main.js") == 200
    assert proxy.asked == ["data.test:8081"]
    await proxy.stop()


def test_httpx_reads_no_variable_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it reads it cannot always use: a traceback, with a part of the password."""
    monkeypatch.setenv("NO_PROXY", "[::1]")
    monkeypatch.setenv("ALL_PROXY", "socks5://proxy")
    with new_client() as client:
        assert isinstance(client, httpx.Client)
