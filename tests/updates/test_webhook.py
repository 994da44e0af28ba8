"""Deliveries over real HTTP: what is taken on, what is refused, what is never lost and never answered twice."""

import asyncio
import errno
import json
import logging
import socket
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse
from telegram import Bot, Message, Update

from bot.lifecycle.runtime import StartError
from bot.lifecycle.web_server import WebServer, listen
from bot.monitoring.health import Health
from bot.monitoring.metrics import Metrics
from bot.storage.errors import StoreUnavailable
from bot.storage.leases import LEASE
from bot.storage.storage import Storage, open_storage
from bot.storage.updates import MAX_ATTEMPTS
from bot.updates import webhook
from bot.updates.dispatcher import Dispatcher
from bot.updates.inbox import Inbox
from bot.updates.lease_keeper import LeaseKeeper
from bot.updates.reading import UnreadableUpdate
from bot.updates.tracker import UpdateTracker
from bot.updates.webhook import MAX_BODY_BYTES, web_app
from bot.vision.prediction import Prediction, Verdict
from tests.conftest import needs
from tests.waiting import until

SECRET = "a-webhook-secret"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
PAGE = PlainTextResponse("the page inside Telegram")
METRICS_TOKEN = "a-metrics-token"
BOT = Bot("123456:abcdefghijklmnopqrstuvwxyz")


def delivery(update_id: int = 1, text: str = "hi", chat: int = 7) -> dict[str, Any]:
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1_770_000_000,
            "chat": {"id": chat, "type": "private", "first_name": "Ann"},
            "from": {"id": chat, "is_bot": False, "first_name": "Ann"},
            "text": text,
        },
    }


class Replica:
    """One process's share of a webhook, behind a real server; handling is what the test says."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.tracker = UpdateTracker()
        self.answered: list[int] = []
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.metrics = Metrics()
        self.model: str | None = "v1"
        self.telegram_away = False
        self.webhook_is_ours = True
        self.questions = 0
        self.dispatcher = Dispatcher(self._answer, self.tracker)
        self.reported: list[Exception] = []
        self.given_up: list[int] = []
        self.inbox = Inbox(storage, self.dispatcher, self.tracker, BOT, self.reported.append, self._give_up)
        health = Health(
            lambda: self.model,
            lambda: self.inbox.is_open,
            {"webhook": lambda: self.webhook_is_ours},
            telegram=self._ask_telegram,
            store=lambda: storage.run(storage.updates.unanswered),
        )
        app = web_app(self.inbox, health, self.metrics, PAGE, secret=SECRET, metrics_token=METRICS_TOKEN)
        self.server = WebServer(app, listen(0))
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.client = httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=60, verify=False)
        self.keeper = LeaseKeeper(storage, self.tracker, self.inbox, heartbeat_s=0.1)
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self.server.start()
        self.inbox.open()
        self._keeping = asyncio.create_task(self.keeper.run())

    async def deliver(self, content: Any = None, *, secret: str | None = SECRET) -> int:
        headers = {} if secret is None else {SECRET_HEADER: secret}
        body = content if isinstance(content, bytes) else json.dumps(content or delivery()).encode()
        return (await self.client.post("/telegram", content=body, headers=headers)).status_code

    async def vanish(self) -> None:
        """End as kill -9 would: nothing is said to the store."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        await self.dispatcher.close()
        await self.server.stop()
        await self.client.aclose()
        self.storage.close()

    async def _answer(self, update: Update) -> None:
        await self.go_on.wait()
        self.answered.append(update.update_id)

    async def _give_up(self, message: Message, error: Exception) -> None:
        self.given_up.append(message.message_id)

    async def _ask_telegram(self) -> None:
        self.questions += 1
        await asyncio.sleep(0.05)
        if self.telegram_away:
            raise OSError


@pytest.fixture
async def start(store_folder: Path) -> AsyncIterator[Callable[[], Any]]:
    """Starts replicas that share one store."""
    started: list[Replica] = []

    async def start_one() -> Replica:
        replica = Replica(open_storage(None, "key", root=store_folder))
        await replica.start()
        started.append(replica)
        return replica

    yield start_one
    for replica in started:
        await replica.vanish()


@pytest.fixture
async def replica(start: Callable[[], Any]) -> Replica:
    started: Replica = await start()
    return started


async def test_a_delivery_is_answered(replica: Replica) -> None:
    assert await replica.deliver() == 200
    await until(lambda: replica.answered == [1])


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET.upper(), "é"])
async def test_whoever_does_not_know_the_secret_is_refused(replica: Replica, secret: str | None) -> None:
    headers = {} if secret is None else {SECRET_HEADER.encode(): secret.encode()}
    response = await replica.client.post("/telegram", json=delivery(), headers=headers)
    assert (response.status_code, response.text) == (403, "")
    assert replica.storage.updates.unanswered() == 0


async def test_a_body_larger_than_any_update_is_refused(replica: Replica) -> None:
    for size in (MAX_BODY_BYTES + 1, 8 * MAX_BODY_BYTES):
        assert await replica.deliver(b"x" * size) == 413
        assert await replica.deliver(b"x" * size, secret="wrong") == 403
    assert await replica.deliver(delivery(text="x" * 100_000)) == 200


async def test_a_body_of_unknown_length_is_bounded_too(replica: Replica) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"x" * 65_536

    response = await replica.client.post("/telegram", content=endless(), headers={SECRET_HEADER: SECRET})
    assert response.status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'{"update_id": "1"}',
        b'{"update_id": 1e9}',
        b"[" * 100_000,
        b'{"update_id": 1, "message": 5}',
        b'{"update_id": 1, "message": {"message_id": 1}}',
        b'{"update_id": 1, "callback_query": []}',
    ],
)
async def test_what_cannot_be_read_is_confirmed_and_told_of(replica: Replica, body: bytes) -> None:
    assert await replica.deliver(body) == 200  # anything else would bring it back for ever
    assert [type(error) for error in replica.reported] == [UnreadableUpdate]
    assert replica.storage.updates.unanswered() == 0
    assert await replica.deliver() == 200
    await until(lambda: replica.answered == [1])


async def test_what_another_process_left_and_nobody_can_read_is_given_up(start: Callable[[], Any]) -> None:
    replica = await start()
    key = replica.storage.updates.key_of(json.dumps(delivery()).encode(), bot="123456")
    replica.storage.updates.claim_update(key, json.dumps({"update_id": 1, "message": {"message_id": 1}}).encode())
    replica.inbox.close()
    await replica.keeper.leave()
    successor = await start()
    await until(lambda: successor.storage.updates.unanswered() == 0)
    assert [str(error) for error in successor.reported] == ["update 1 cannot be read (KeyError)"]


@pytest.mark.parametrize(("secret", "status"), [("wrong", 403), (SECRET, 400)])
async def test_a_sender_that_never_finishes_is_cut_off(
    replica: Replica, monkeypatch: pytest.MonkeyPatch, secret: str, status: int
) -> None:
    monkeypatch.setattr(webhook, "READING_S", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", replica.server.port)
    known = f"{SECRET_HEADER}: {secret}".encode()
    writer.write(b"POST /telegram HTTP/1.1\r\nHost: bot\r\n" + known + b"\r\nContent-Length: 1000\r\n\r\nabc")
    assert (await asyncio.wait_for(reader.readline(), 60)).startswith(b"HTTP/1.1 %d" % status)
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_both_families_of_addresses_reach_it(replica: Replica, host: str) -> None:
    needs(host == "127.0.0.1" or has_ipv6(), "a machine with IPv6")
    reader, writer = await asyncio.open_connection(host, replica.server.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n\r\n")
    assert (await reader.read()).endswith(b"ok\n")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("number", [errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL])
async def test_a_machine_without_ipv6_is_served_by_ipv4(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    create = socket.create_server

    def create_server(address: Any, *, family: int = socket.AF_INET, **options: Any) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(number, "no IPv6 here")
        return create(address, family=family, **options)

    monkeypatch.setattr(socket, "has_dualstack_ipv6", lambda: True)
    monkeypatch.setattr(socket, "create_server", create_server)
    with listen(0) as listener:
        assert listener.family == socket.AF_INET


@pytest.mark.parametrize("taken", ["127.0.0.1", "::1"])
async def test_a_taken_port_is_one_clear_line(taken: str) -> None:
    family = socket.AF_INET6 if ":" in taken else socket.AF_INET
    needs(family == socket.AF_INET or has_ipv6(), "a machine with IPv6")
    with socket.create_server((taken, 0), family=family) as other:
        with pytest.raises(StartError, match="set PORT to a free one"):
            listen(other.getsockname()[1])


async def test_a_web_server_that_ends_is_started_again(replica: Replica) -> None:
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(replica.server.stay(), 0.1)
    assert (await replica.client.get("/healthz")).status_code == 200
    replica.server._server.should_exit = True
    await replica.server.stay()  # returns: it has ended
    staying = asyncio.create_task(replica.server.stay())
    async with httpx.AsyncClient(base_url=replica.url, trust_env=False) as client:
        async with asyncio.timeout(60):
            while True:
                try:
                    assert (await client.get("/healthz")).status_code == 200
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
    staying.cancel()


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


async def test_other_methods_and_paths_are_refused(replica: Replica) -> None:
    assert (await replica.client.get("/telegram")).status_code == 405
    assert (await replica.client.post("/", json=delivery())).status_code == 404


async def test_the_same_update_twice_is_answered_once(replica: Replica) -> None:
    statuses = await asyncio.gather(*(replica.deliver() for _ in range(5)))
    assert statuses == [200] * 5
    await until(lambda: replica.storage.updates.unanswered() == 0)
    assert await replica.deliver() == 200
    assert replica.answered == [1]


async def test_two_replicas_answer_an_update_once(start: Callable[[], Any]) -> None:
    one, other = await start(), await start()
    numbers = list(range(1, 21))
    deliveries = [each.deliver(delivery(number)) for number in numbers for each in (one, other, one)]
    assert set(await asyncio.gather(*deliveries)) == {200}
    await until(lambda: len(one.answered) + len(other.answered) >= len(numbers))
    assert sorted(one.answered + other.answered) == numbers


async def test_what_a_killed_process_leaves_is_answered_by_another(
    start: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed, other = await start(), await start()
    killed.go_on.clear()
    assert await killed.deliver(delivery(1)) == 200
    assert await killed.deliver(delivery(2, chat=8)) == 200
    await killed.vanish()
    monkeypatch.setattr("bot.storage.updates.UpdateLog._orphaned", all_received)
    await until(lambda: sorted(other.answered) == [1, 2])
    await until(lambda: other.storage.updates.unanswered() == 0)


async def test_whose_update_ends_process_after_process_is_told_so_once(
    start: Callable[[], Any], store_folder: Path
) -> None:
    now = datetime.now(UTC) - timedelta(hours=1)
    ended = open_storage(None, "key", root=store_folder, clock=lambda: now)
    payload = json.dumps(delivery(1)).encode()
    ended.updates.claim_update(ended.updates.key_of(payload, bot="123456"), payload)
    for _ in range(MAX_ATTEMPTS - 2):
        now += 2 * LEASE
        assert len(ended.updates.unfinished_updates()) == 1
    ended.close()
    last = await start()
    last.storage._there_since -= 60  # as if it ran for a while
    await until(lambda: last.given_up == [1])
    await until(lambda: last.storage.updates.unanswered() == 0)
    assert last.answered == []


def all_received(self: Any, *, take_over: bool) -> Any:
    """As if every lease had ended."""
    from bot.storage.schema import handled_updates

    return handled_updates.c.state == "received"


async def test_a_process_that_ends_leaves_what_it_has_not_answered(start: Callable[[], Any]) -> None:
    ending = await start()
    ending.go_on.clear()
    assert await ending.deliver() == 200
    ending.inbox.close()
    assert await ending.deliver(delivery(2)) == 503
    await ending.keeper.leave()
    successor = await start()  # looks for leftovers at once
    await until(lambda: successor.answered == [1])


async def test_an_answer_given_while_ending_is_not_given_again(start: Callable[[], Any]) -> None:
    ending = await start()
    assert await ending.deliver() == 200
    await until(lambda: ending.answered == [1])
    ending.inbox.close()
    await ending.keeper.leave()
    successor = await start()
    assert await successor.deliver() == 200
    await asyncio.sleep(0.1)
    assert successor.answered == []


def away(*_: Any, **__: Any) -> Any:
    raise StoreUnavailable("gone for lunch")


async def test_photos_are_answered_while_the_store_is_away(
    replica: Replica, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with monkeypatch.context() as outage:
        for name in ("claim_update", "mark_answered", "renew", "unfinished_updates", "unanswered"):
            outage.setattr(replica.storage.updates, name, away)
        replica.go_on.clear()
        pending = asyncio.create_task(replica.deliver())
        await asyncio.sleep(0.2)
        assert not pending.done()  # without a record, 200 is said after the answer
        replica.go_on.set()
        assert await pending == 200
        assert await replica.deliver() == 200
        assert replica.answered == [1]
        assert (await replica.client.get("/readyz")).json()["store"] == "away"
    await until(lambda: replica.storage.updates.unanswered() == 0)
    await replica.inbox.settle()
    key = replica.storage.updates.key_of(json.dumps(delivery()).encode(), bot="123456")
    assert not replica.storage.updates.claim_update(key)  # it was noted when the store came back
    assert len([each for each in caplog.records if "without being written down" in each.message]) == 1


async def test_ending_while_the_store_is_away_hands_the_update_back(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica.storage.updates, "claim_update", away)
    replica.go_on.clear()
    pending = asyncio.create_task(replica.deliver())
    await asyncio.sleep(0.1)
    replica.inbox.close()
    assert await pending == 503


async def test_healthz_says_that_the_process_lives(replica: Replica) -> None:
    replica.model = None
    response = await replica.client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")


async def test_readyz_is_ready_with_a_model(replica: Replica) -> None:
    response = await replica.client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "model": "v1",
        "telegram": "ok",
        "store": "ok",
        "webhook": "ok",
    }


async def test_readyz_is_degraded_when_telegram_is_away(replica: Replica) -> None:
    replica.telegram_away = True
    response = await replica.client.get("/readyz")
    assert response.status_code == 200
    assert (response.json()["status"], response.json()["telegram"]) == ("degraded", "away")


async def test_readyz_says_at_once_that_the_webhook_is_gone(replica: Replica) -> None:
    assert (await replica.client.get("/readyz")).json()["webhook"] == "ok"
    replica.webhook_is_ours = False
    response = await replica.client.get("/readyz")
    assert response.status_code == 200
    assert (response.json()["status"], response.json()["webhook"]) == ("degraded", "away")


@pytest.mark.parametrize(
    ("path", "questions"),
    [("/readyz", 50), ("/metrics", 50), ("/healthz", 50), pytest.param("/readyz", 500, marks=pytest.mark.slow)],
)
async def test_many_questions_at_once_ask_telegram_and_the_store_once_or_never(
    replica: Replica, monkeypatch: pytest.MonkeyPatch, path: str, questions: int
) -> None:
    queries = []
    unanswered = replica.storage.updates.unanswered
    monkeypatch.setattr(replica.storage.updates, "unanswered", lambda: queries.append(1) or unanswered())
    headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    limits = httpx.Limits(max_connections=questions)
    async with httpx.AsyncClient(base_url=replica.url, trust_env=False, timeout=60, limits=limits) as client:
        responses = await asyncio.gather(*(client.get(path, headers=headers) for _ in range(questions)))
    assert {response.status_code for response in responses} == {200}
    assert replica.questions == len(queries) == (path == "/readyz")


async def test_whoever_hangs_up_does_not_take_the_answer_from_the_others() -> None:
    go_on = asyncio.Event()
    health = Health(lambda: "v1", lambda: True, telegram=go_on.wait)
    impatient, patient = asyncio.create_task(health.report()), asyncio.create_task(health.report())
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    go_on.set()
    assert (await patient).parts == {"telegram": True}


async def test_readyz_is_down_without_a_model_and_at_the_end(replica: Replica) -> None:
    replica.model = None
    response = await replica.client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "down")
    replica.model = "v1"
    replica.inbox.close()
    assert (await replica.client.get("/readyz")).status_code == 503


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", METRICS_TOKEN, f"Bearer {METRICS_TOKEN}x"])
async def test_metrics_are_for_whoever_has_the_token(replica: Replica, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    response = await replica.client.get("/metrics", headers=headers)
    assert (response.status_code, response.text) == (401, "")


async def test_metrics_tell_what_happened(replica: Replica) -> None:
    shares = (0.01,) * 8 + (0.9, 0.02)
    replica.metrics.answered(Prediction(shares, Verdict.SURE))
    replica.metrics.answered(Prediction(shares, Verdict.NO_GARMENT))
    replica.metrics.took("look", 0.03)
    with replica.metrics.timing("send"):
        pass
    replica.metrics.failed("TimedOut")
    replica.metrics.watch(photos_waiting=lambda: 4, updates_open=lambda: 5)
    await replica.deliver()
    await replica.deliver(secret="wrong")
    response = await replica.client.get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    assert response.headers["content-type"].startswith("text/plain; version=")
    for line in (
        'garment_bot_answers_total{label="Bag",verdict="sure"} 1.0',
        'garment_bot_answers_total{label="none",verdict="no_garment"} 1.0',
        'garment_bot_step_seconds_bucket{le="0.05",step="look"} 1.0',
        'garment_bot_step_seconds_count{step="send"} 1.0',
        'garment_bot_errors_total{kind="TimedOut"} 1.0',
        'garment_bot_webhook_deliveries_total{status="200"} 1.0',
        'garment_bot_webhook_deliveries_total{status="403"} 1.0',
        "garment_bot_photos_waiting 4.0",
        "garment_bot_updates_open 5.0",
        'garment_bot_model_info{version="v1"} 1.0',
    ):
        assert line in response.text.splitlines()
    for secret in (SECRET, METRICS_TOKEN):
        assert secret not in response.text


async def test_the_page_inside_telegram_is_there_with_a_slash_and_without(replica: Replica) -> None:
    assert (await replica.client.get("/app/")).text == "the page inside Telegram"
    redirected = await replica.client.get("/app")
    assert (redirected.status_code, redirected.headers["Location"]) == (307, "app/")


async def test_metrics_are_open_without_a_token(store_folder: Path) -> None:
    replica = Replica(open_storage(None, "key", root=store_folder))
    health = Health(lambda: "v1", lambda: True)
    app = web_app(replica.inbox, health, replica.metrics, PAGE, secret=SECRET, metrics_token=None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
        assert (await client.get("/metrics")).status_code == 200
    await replica.vanish()
