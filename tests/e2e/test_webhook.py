"""Webhook mode as a whole: real processes, real HTTP, a server that duplicates and reorders, and a real PostgreSQL."""

import asyncio
import contextlib
import json
import shutil
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bot.course.choice import TrainingChoice
from bot.registry.layout import MODEL_FILE, NETWORK_FILES
from bot.registry.model_set import ModelSet, networks_entry, sha256
from bot.replies.callback_data import encode
from bot.replies.callback_data.actions import TrainCancel, TrainStart
from bot.replies.texts import Language
from bot.replies.texts.train import train_texts
from bot.storage.storage import open_for_admin
from telegram_playground import Chat, Message, Playground
from telegram_playground.web_app import signed_init_data
from tests.e2e import strict
from tests.e2e.running import BRISK_BOT, BotProcess, environment_for, start
from tests.ports import free_port
from tests.postgres import PASSWORD, PostgresServer
from tests.waiting import until

SECRET = "the-webhook-secret_1"
METRICS_TOKEN = "the-metrics-token"
DATA_KEY = "the-data-key-of-these-tests"
START_S = 120.0
ANSWER_S = 120.0


@dataclass
class Web:
    """A web process."""

    bot: BotProcess
    port: int
    client: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=30)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def status(self, path: str) -> int:
        try:
            return (await self.client.get(path)).status_code
        except httpx.TransportError:
            return 0


@dataclass
class Stage:
    """A Bot API server and the web processes behind its webhook."""

    api: Playground
    folder: Path
    settings: dict[str, str]
    webs: list[Web] = field(default_factory=list)

    async def web(self, *, module: str = "bot", **more: str) -> Web:
        """Start a web process, and wait until it takes updates."""
        port = free_port()
        self.settings.setdefault("WEBHOOK_URL", f"http://127.0.0.1:{port}")  # one for all replicas
        settings = {"PORT": str(port), **self.settings, **more}
        environment = environment_for(self.api, self.folder, **settings)
        bot = await start(["run", "--webhook"], environment, self.folder, module=module)
        web = Web(bot, port)
        self.webs.append(web)
        await until(lambda: "listening on port" in bot.text or bot.process.returncode is not None, START_S)
        assert bot.process.returncode is None, bot.text
        await until(lambda: self.api.state.webhook.url)
        self.api.spread_webhooks([each.url for each in self.webs if each.bot.process.returncode is None])
        return web

    async def answered_once(self, sent: list[Message]) -> None:
        """Every message gets an answer, and no message gets two."""
        await until(lambda: all(self.api.answers_to(message) for message in sent), ANSWER_S)
        await asyncio.sleep(1.0)
        assert [len(self.api.answers_to(message)) for message in sent] == [1] * len(sent), self.printed

    @property
    def printed(self) -> str:
        """What the processes have printed."""
        return "\n\n".join(web.bot.text for web in self.webs)


@pytest.fixture
async def stage(tmp_path: Path, live_models: Path, few_test_images: Path) -> AsyncIterator[Stage]:
    async with Playground(port=0) as api:
        settings = {
            "WEBHOOK_SECRET": SECRET,
            "METRICS_TOKEN": METRICS_TOKEN,
            "MODELS_DIR": str(live_models),
            "DATA_DIR": str(few_test_images),
        }
        stage = Stage(api, tmp_path, settings)
        try:
            yield stage
        finally:
            for web in stage.webs:
                await web.client.aclose()
                with contextlib.suppress(ProcessLookupError):
                    await web.bot.stop()
        for request in api.requests:
            strict.check(request)
        printed = stage.printed
        for secret in (api.token, api.token.partition(":")[2], SECRET, METRICS_TOKEN, DATA_KEY, PASSWORD):
            assert secret not in printed


@pytest.fixture
def shared(stage: Stage, postgres_server: PostgresServer) -> Stage:
    """A stage whose processes share a PostgreSQL database."""
    stage.settings |= {"DATABASE_URL": postgres_server.new_database(), "DATA_KEY": DATA_KEY}
    return stage


async def test_one_process_on_sqlite(stage: Stage, photo: bytes) -> None:
    web = await stage.web()
    ann = stage.api.private(stage.api.person("Ann"))
    asked = await stage.api.send_text(ann, "/help")
    assert await stage.api.next_from_bot(asked, timeout=ANSWER_S)
    await stage.answered_once([await stage.api.send_photo(ann, photo)])

    registered = stage.api.requests.of("setWebhook")[-1].params
    assert registered["url"] == f"{web.url}/telegram"
    assert registered["secret_token"] == SECRET
    assert stage.api.requests.of("getUpdates") == []

    assert await web.status("/healthz") == 200
    ready = (await web.client.get("/readyz")).json()
    assert (ready["status"], ready["telegram"], ready["store"]) == ("ready", "ok", "ok")
    assert await web.status("/metrics") == 401
    figures = await web.client.get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    assert 'garment_bot_step_seconds_count{step="look"} 1.0' in figures.text
    assert "garment_bot_answers_total" in figures.text
    assert (await web.client.post("/telegram", json={"update_id": 1})).status_code == 403

    await asks_the_page(stage, web, ann)

    began = time.monotonic()
    assert await web.bot.stop() == 0
    assert time.monotonic() - began < 19, "it takes two, its tasks may take twenty"
    assert stage.api.requests.of("deleteWebhook") == []


async def asks_the_page(stage: Stage, web: Web, ann: Chat) -> None:
    """The page inside Telegram answers whoever Telegram signs for; its button comes with an https address only."""
    asked = await stage.api.send_text(ann, "/gallery")
    sheet = await stage.api.next_from_bot(asked, timeout=ANSWER_S)
    assert not [button for button in sheet.buttons if "web_app" in button]
    redirected = await web.client.get("/app")
    assert (redirected.status_code, redirected.headers["Location"]) == (307, "app/")
    assert (await web.client.get("/app/")).headers["Content-Type"].startswith("text/html")
    assert (await web.client.get("/app/api/pictures")).json() == {"error": "missing"}
    for token, status in ((stage.api.token, 200), ("1:another", 401)):
        init_data = signed_init_data(token, ann.owner)
        answer = await web.client.get("/app/api/pictures", headers={"Authorization": f"tma {init_data}"})
        assert answer.status_code == status
        assert init_data not in stage.printed


async def test_the_button_opens_the_page_at_an_https_address(stage: Stage) -> None:
    web = await stage.web(WEBHOOK_URL="https://bot.example.org")
    stage.api.spread_webhooks([web.url])
    ann = stage.api.private(stage.api.person("Ann", language_code="en"))
    for command in ("/start", "/start gallery", "/gallery"):
        asked = await stage.api.send_text(ann, command)
        answer = await stage.api.next_from_bot(asked, timeout=ANSWER_S)
        assert answer.buttons[-1]["web_app"] == {"url": "https://bot.example.org/app/?lang=en"}
        assert answer.is_photo is (command != "/start")
    group = stage.api.group("Class", [ann.owner])
    asked = await stage.api.send_text(group, "/gallery")
    answer = await stage.api.next_from_bot(asked, timeout=ANSWER_S)
    assert answer.buttons[-1]["url"] == f"https://t.me/{stage.api.state.bot.username}?start=gallery"


async def test_two_replicas_answer_everything_once(shared: Stage, photo: bytes) -> None:
    shared.api.faults.duplicate_updates = 0.5
    shared.api.faults.reorder_updates = True
    await asyncio.gather(shared.web(), shared.web())
    people = [shared.api.private(shared.api.person(name)) for name in ("Ann", "Bob", "Cem")]
    asked = [await shared.api.send_text(chat, "/privacy") for chat in people]
    sent = [await shared.api.send_photo(chat, photo) for chat in people]
    album = await shared.api.send_album(people[0], [photo, photo])
    await shared.answered_once(sent)
    await until(lambda: any(shared.api.answers_to(part) for part in album))
    for chat, question in zip(people, asked, strict=True):
        texts = [each for each in shared.api.from_bot(chat, after=question) if not each.is_photo]
        assert len(texts) == 1
    assert sum(len(shared.api.answers_to(part)) for part in album) == 1, shared.printed
    used = [web for web in shared.webs if deliveries(await metrics(web))]
    assert len(used) == 2


async def test_a_training_is_cancelled_at_another_replica(shared: Stage, fashion_mnist_dir: Path) -> None:
    shared.settings["DATA_DIR"] = str(fashion_mnist_dir)
    one, other = await asyncio.gather(shared.web(), shared.web())
    api, words = shared.api, train_texts(Language.ZH_HANT)
    ann, ben = (api.person(name) for name in ("Ann", "Ben"))
    chat = api.private(ann)
    api.spread_webhooks([one.url])
    panel = await api.next_from_bot(await api.send_text(chat, "/train"), timeout=ANSWER_S)
    await api.tap(panel, encode(TrainStart(TrainingChoice(neurons=32, epochs=50))), forged=True)
    await until(lambda: [button["text"] for button in panel.buttons] == [words.buttons.cancel])
    api.spread_webhooks([other.url])
    second = await api.next_from_bot(await api.send_text(chat, "/train"), timeout=ANSWER_S)
    answer = await api.answer_of(await api.tap(second, words.buttons.start), timeout=ANSWER_S)
    assert answer["text"] == words.toasts.already
    answer = await api.answer_of(await api.tap(panel, words.buttons.cancel, sender=ben), timeout=ANSWER_S)
    assert answer["text"] == words.toasts.not_yours
    answer = await api.answer_of(await api.tap(panel, words.buttons.cancel), timeout=ANSWER_S)
    assert answer["text"] == ""
    await until(lambda: "已取消" in panel.text)
    late = await api.tap(panel, encode(TrainCancel(TrainingChoice())), forged=True)
    answer = await api.answer_of(late, timeout=ANSWER_S)
    assert answer["text"] == words.toasts.gone


async def test_a_killed_replica_leaves_nothing_unanswered(shared: Stage, photo: bytes) -> None:
    killed, _ = await asyncio.gather(shared.web(), shared.web())
    ann = shared.api.private(shared.api.person("Ann"))
    shared.api.faults.delay(3.0, "sendPhoto", times=6)
    sent = [await shared.api.send_photo(ann, photo) for _ in range(6)]
    await until(lambda: len(shared.api.requests.of("getFile")) >= 2)
    killed.bot.process.send_signal(signal.SIGKILL)
    await killed.bot.process.wait()
    await until(lambda: all(shared.api.answers_to(message) for message in sent))


async def test_a_replica_that_is_told_to_end_hands_its_queue_over(shared: Stage, photo: bytes) -> None:
    ending, _ = await asyncio.gather(shared.web(), shared.web())
    ann = shared.api.private(shared.api.person("Ann"))
    shared.api.faults.delay(2.0, "getFile", times=8)
    sent = [await shared.api.send_photo(ann, photo) for _ in range(8)]
    await until(lambda: len(shared.api.requests.of("getFile")) >= 2)
    began = time.monotonic()
    assert await ending.bot.stop() == 0
    assert time.monotonic() - began < 30, "then platforms kill; what was begun may take twenty"
    await shared.answered_once(sent)


async def test_photos_are_answered_while_the_database_is_away(
    shared: Stage, postgres_server: PostgresServer, photo: bytes
) -> None:
    web = await shared.web(module=BRISK_BOT)
    ann = shared.api.private(shared.api.person("Ann"))
    await shared.answered_once([await shared.api.send_photo(ann, photo)])
    postgres_server.stop()
    try:
        await shared.answered_once([await shared.api.send_photo(ann, photo)])
        ready = await web.client.get("/readyz")
        assert (ready.status_code, ready.json()["status"], ready.json()["store"]) == (200, "degraded", "away")
    finally:
        postgres_server.start()
    await shared.answered_once([await shared.api.send_photo(ann, photo)])


async def test_a_published_model_reaches_the_replicas(shared: Stage, live_models: Path, tmp_path: Path) -> None:
    models = Path(shutil.copytree(live_models, tmp_path / "models"))
    web = await shared.web(MODELS_DIR=str(models))
    networks = {name: (live_models / name).read_bytes() for name in NETWORK_FILES}
    networks[MODEL_FILE] += b"\0"  # the same classifier under another checksum
    card = json.loads((live_models / "card.json").read_text("utf-8"))
    card |= {"version": "from-the-table", "sha256": sha256(networks[MODEL_FILE]), "networks": networks_entry(networks)}
    admin = open_for_admin(shared.settings["DATABASE_URL"], root=tmp_path)
    admin.models.put_model(ModelSet(card, networks))
    admin.close()
    live = []

    async def look() -> None:
        live.append((await web.client.get("/readyz")).json()["model"])

    async with asyncio.timeout(ANSWER_S):
        while live[-1:] != ["from-the-table"]:
            await look()
            await asyncio.sleep(0.5)


async def metrics(web: Web) -> str:
    return (await web.client.get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})).text


def deliveries(figures: str) -> float:
    lines = [line for line in figures.splitlines() if line.startswith("garment_bot_webhook_deliveries_total{")]
    return sum(float(line.rpartition(" ")[2]) for line in lines)
