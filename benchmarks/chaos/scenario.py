"""A bot of one kind, people, and everything that goes wrong around them."""

import asyncio
import logging
import random
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.chaos.answers import Answers
from benchmarks.chaos.audit import Evidence, Findings, Outage, audit
from benchmarks.chaos.people import People
from benchmarks.chaos.pictures import Codes
from benchmarks.chaos.plan import Event, Kind, plan
from benchmarks.chaos.replicas import Ends, Replica
from benchmarks.chaos.unreadable import NAME, unreadable_updates
from benchmarks.live.balancer import Balancer
from benchmarks.live.bot_process import environment_for, free_port
from benchmarks.live.postgres import PostgresServer
from benchmarks.soak.fault_profile import AGAIN, LATE, TWICE, fault_profile
from telegram_playground import Playground

HOSTS: Final = ("127.0.0.1", "localhost")
"""Names of this machine: the processes of one bot are told apart by the one that they use."""

UNHEARD: Final = 0.01
"""The share of answers that Telegram takes without the process hearing of it."""

SETTLE_S: Final = 5.0
"""A second answer would come within this, once all else is quiet."""


class Mode(StrEnum):
    """How updates reach the bot."""

    WEBHOOK = "webhook"
    POLLING = "polling"


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything.

    Attributes:
        seconds: how long people send and things go wrong.
        quiet_s: how long the bot gets after that to answer what is left.
        people: who send.
        rate: photos a second, of all together.
        seed: of all that is drawn by lot.
    """

    seconds: float
    quiet_s: float
    people: int
    rate: float
    seed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a scenario.

    Attributes:
        mode: which it was.
        findings: what the answers show.
        ends: how processes ended.
        events: how often each kind of event came.
        doubled: updates that came twice.
        faults: requests that failed, or were answered badly.
        left: updates of any kind that the bot never confirmed.
        named_in_logs: log lines that hold a name.
        unheard: answers of which the process heard nothing, whether they were repeated or not.
        quiet_s: seconds until the last answer, after everything had ended.
    """

    mode: Mode
    findings: Findings
    ends: Ends
    events: Mapping[Kind, int]
    doubled: int
    faults: int
    left: int
    named_in_logs: int
    unheard: int
    quiet_s: float

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        wrong = (self.left, self.named_in_logs, self.ends.bad, self.ends.orphans)
        return self.findings.good and not any(wrong)


class Scenario:
    """One bot in its world.

    Args:
        mode: how updates reach it.
        size: how much of everything.
        database: a server that is running.
        models_dir: has the model.
        logs: a folder for the logs of its processes.
        say: told what happens.
    """

    def __init__(
        self,
        mode: Mode,
        size: Size,
        database: PostgresServer,
        models_dir: Path,
        logs: Path,
        say: Callable[[str], None],
    ) -> None:
        self._mode = mode
        self._size = size
        self._database = database
        self._models_dir = models_dir
        self._logs = logs
        self._say = say
        self._chances = random.Random(f"{size.seed} {mode}")
        self._codes = Codes(size.seed)
        self._ends = Ends()
        self._outages: list[Outage] = []
        self._happened: dict[Kind, int] = dict.fromkeys(Kind, 0)
        self._began = time.monotonic()

    async def run(self) -> Outcome:
        """Let everything happen, and judge it.

        Raises:
            LiveError: the bot or the database does not start.
        """
        faults = fault_profile()
        if self._mode is Mode.WEBHOOK:
            faults.duplicate_updates = 0.0  # the balancer does that
        faults.cut("sendPhoto", after=True, times=None, rate=UNHEARD)
        async with Playground(port=0, faults=faults) as playground, self._bot(playground) as (replicas, doubled):
            answers = Answers(playground, self._codes)
            people = People(
                playground, self._codes, count=self._size.people, rate=self._size.rate, seed=self._size.seed
            )
            await asyncio.gather(*(replica.until_live() for replica in replicas))
            self._began = time.monotonic()
            async with asyncio.TaskGroup() as group:
                group.create_task(people.send(self._size.seconds))
                group.create_task(self._go_wrong(playground, replicas))
            self._tell(f"quiet from now on: {len(people.sent)} photos sent")
            faults.clear()
            quiet_s = await self._until_quiet(playground, answers, people)
            for replica in replicas:
                await replica.settle()
            await asyncio.gather(*(replica.finish() for replica in replicas))
            await answers.read()
            return self._judge(playground, answers, people, doubled(), quiet_s)

    @asynccontextmanager
    async def _bot(self, playground: Playground) -> AsyncIterator[tuple[Sequence[Replica], Callable[[], int]]]:
        """Its processes, and how many updates came twice until now."""
        url = await asyncio.to_thread(self._database.new_database)
        settings = {"DATABASE_URL": url, "DATA_KEY": secrets.token_hex(16), "PHOTO_LIMIT": "0"}
        async with AsyncExitStack() as stack:
            balancer: Balancer | None = None
            if self._mode is Mode.WEBHOOK:
                ports = [free_port() for _ in HOSTS]
                targets = [f"http://127.0.0.1:{port}" for port in ports]
                balancer = await stack.enter_async_context(
                    Balancer(targets, seed=self._size.seed, twice=TWICE, again=AGAIN, late=LATE)
                )
                settings |= {"WEBHOOK_URL": balancer.url, "WEBHOOK_SECRET": secrets.token_hex(16)}
                places = [(host, {"PORT": str(port)}) for host, port in zip(HOSTS, ports, strict=True)]
            else:
                places = [(HOSTS[0], {})]
            replicas = [self._replica(playground, host, settings | more) for host, more in places]
            async with _running(replica.keep() for replica in replicas):
                yield replicas, partial(_doubled, playground, balancer)

    def _replica(self, playground: Playground, host: str, settings: Mapping[str, str]) -> Replica:
        api_url = f"http://{host}:{playground.port}"
        environment = environment_for(playground, self._models_dir, BOT_API_URL=api_url, **settings)
        arguments = ("run", f"--{self._mode}")
        name = f"{self._mode}-{host}"
        return Replica(name, host, arguments, environment, self._logs, self._ends, self._chances)

    async def _go_wrong(self, playground: Playground, replicas: Sequence[Replica]) -> None:
        raw = unreadable_updates(playground.person(NAME).id)
        async with asyncio.TaskGroup() as group:
            for event in plan(self._size.seconds, self._size.seed):
                await asyncio.sleep(self._began + event.at - time.monotonic())
                group.create_task(self._happen(event, playground, replicas, raw))

    async def _happen(
        self, event: Event, playground: Playground, replicas: Sequence[Replica], raw: Sequence[Mapping[str, Any]]
    ) -> None:
        live = [replica for replica in replicas if replica.is_live]
        match event.kind:
            case Kind.KILL | Kind.END if not live:
                return
            case Kind.KILL:
                replica = self._chances.choice(live)
                replica.kill()
            case Kind.END:
                replica = self._chances.choice(live)
                replica.tell_to_end()
            case Kind.DECODER:
                if not any(replica.kill_a_decoder() for replica in self._chances.sample(live, len(live))):
                    return
            case Kind.UNREADABLE:
                playground.deliver_raw(dict(raw[self._happened[event.kind] % len(raw)]))
            case Kind.DATABASE:
                self._tell(f"{event.kind} for {event.lasts:.0f} s")
                began = time.time()
                await asyncio.to_thread(self._database.stop)
                await asyncio.sleep(event.lasts)
                await asyncio.to_thread(self._database.start)
                self._outages.append((began, time.time()))
            case Kind.SERVER:
                self._tell(f"{event.kind} for {event.lasts:.0f} s")
                await playground.stop()
                await asyncio.sleep(event.lasts)
                await playground.start()
        self._happened[event.kind] += 1
        if event.kind in {Kind.KILL, Kind.END}:
            self._tell(f"{event.kind}: {replica.name}")

    async def _until_quiet(self, playground: Playground, answers: Answers, people: People) -> float:
        """Wait until everything is confirmed and answered, but no longer than is allowed; how long it took."""
        began = time.monotonic()
        while time.monotonic() - began < self._size.quiet_s:
            await answers.read()
            if not len(playground.state.updates) and answers.shown >= {each.number for each in people.sent}:
                break
            await asyncio.sleep(0.25)
        took = time.monotonic() - began
        await asyncio.sleep(SETTLE_S)
        return took

    def _judge(self, playground: Playground, answers: Answers, people: People, doubled: int, quiet_s: float) -> Outcome:
        left = playground.state.updates.pending()
        unconfirmed = {
            each.number
            for each in people.sent
            if any(_carries(update, each.message.chat.id, each.message.id) for update in left)
        }
        evidence = Evidence(people.sent, unconfirmed, answers.all, self._ends.kills, self._outages)
        return Outcome(
            self._mode,
            audit(evidence),
            self._ends,
            self._happened,
            doubled,
            playground.faults.struck,
            len(left),
            self._lines_with_names(),
            sum(answer.unheard for answer in answers.all),
            quiet_s,
        )

    def _lines_with_names(self) -> int:
        logs = (log.read_text("utf-8", "replace") for log in self._logs.glob(f"{self._mode}-*.log"))
        return sum(NAME in line for text in logs for line in text.splitlines())

    def _tell(self, what: str) -> None:
        self._say(f"{self._mode} {time.monotonic() - self._began:5.0f} s  {what}")


@asynccontextmanager
async def _running(works: Any) -> AsyncIterator[None]:
    """Background work that ends with the block; its failures surface there."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                logging.getLogger(__name__).error("A process could not be kept running: %s", result)


def _doubled(playground: Playground, balancer: Balancer | None) -> int:
    return playground.faults.doubled if balancer is None else balancer.doubled + balancer.lost_answers


def _carries(update: Any, chat_id: int, message_id: int) -> bool:
    match update:
        case {"message": {"chat": {"id": int(chat)}, "message_id": int(message)}}:
            return chat == chat_id and message == message_id
    return False
