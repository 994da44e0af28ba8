"""What goes wrong, and when: drawn by lot before anything runs, so that a seed brings the same plan again."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.storage.leases import LEASE

LONG_S: Final = (LEASE.total_seconds() + 4.0, LEASE.total_seconds() + 8.0)
"""An outage that outlasts a lease, at least and at most."""

SHORT_S: Final = (3.0, 6.0)

ENOUGH_S: Final = 120.0
"""A shorter run has short outages only."""

_CALM_S: Final = {True: 40.0, False: 8.0}
"""Between two outages, long ones or short ones."""


class Kind(StrEnum):
    """Ways to go wrong."""

    KILL = "process killed"
    END = "process told to end"
    DECODER = "decoder killed"
    UNREADABLE = "unreadable update"
    DATABASE = "database away"
    SERVER = "Bot API server away"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that goes wrong.

    Attributes:
        at: seconds after the start.
        kind: what.
        lasts: seconds, of an outage.
    """

    at: float
    kind: Kind
    lasts: float = 0.0

    def covers(self, moment: float) -> bool:
        """Whether this outage is on."""
        return self.at <= moment < self.at + self.lasts


def plan(seconds: float, seed: int) -> tuple[Event, ...]:
    """The events of a run, in order.

    No process is killed while the database is away: what was answered then can be noted nowhere, so that nobody could
    tell it from what was not answered.

    Args:
        seconds: how long things go wrong.
        seed: of the lot.
    """
    chances = random.Random(seed)
    outages = tuple(_outages(chances, seconds))
    away = [outage for outage in outages if outage.kind is Kind.DATABASE]
    short = seconds < ENOUGH_S
    events = list(outages)
    for kind, least, most in (
        (Kind.KILL, 6.0 if short else 12.0, 10.0 if short else 25.0),
        (Kind.END, 15.0 if short else 45.0, 20.0 if short else 80.0),
        (Kind.DECODER, 3.0, 8.0),
        (Kind.UNREADABLE, 3.0, 8.0),
    ):
        moments = _moments(chances, seconds, least, most)
        if kind is Kind.KILL:
            moments = (moment for moment in moments if not any(outage.covers(moment) for outage in away))
        events += [Event(moment, kind) for moment in moments]
    return tuple(sorted(events, key=lambda event: event.at))


def _outages(chances: random.Random, seconds: float) -> Iterator[Event]:
    long = seconds >= ENOUGH_S
    kinds = [Kind.DATABASE, Kind.SERVER]
    chances.shuffle(kinds)
    at = 0.5 * _CALM_S[long]
    for number in range(1000):
        lasts = chances.uniform(*(LONG_S if long else SHORT_S))
        if at + lasts > seconds:
            return
        yield Event(at, kinds[number % 2], lasts)
        at += lasts + _CALM_S[long] * chances.uniform(0.7, 1.3)


def _moments(chances: random.Random, seconds: float, least: float, most: float) -> Iterator[float]:
    moment = chances.uniform(least, most)
    while moment < seconds:
        yield moment
        moment += chances.uniform(least, most)
