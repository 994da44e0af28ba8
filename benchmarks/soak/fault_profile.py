"""What goes wrong meanwhile, all the time and at random, between the bot and the local Bot API server."""

from telegram_playground import Faults
from telegram_playground.faults import DOWNLOAD, Fault, Kind

DUPLICATED = 0.05
"""Updates that are delivered twice."""

TWICE = 0.05
AGAIN = 0.05
LATE = 0.2
"""Deliveries by webhook that reach two processes at once, that come again later, and that others overtake."""


def fault_profile() -> Faults:
    """Every kind of trouble but one: a message that Telegram sends although its answer gets lost.

    Nobody can tell that from a message that was not sent, and Telegram knows no way to say the same only once.
    """
    faults = Faults(seed=20_261_127)
    faults.duplicate_updates = DUPLICATED
    faults.reorder_updates = True
    faults.flood("sendPhoto", retry_after=2, times=None, rate=0.01)
    faults.error(500, times=None, rate=0.005)
    faults.error(502, times=None, rate=0.005)
    faults.error(502, "getUpdates", times=None, rate=0.005)
    faults.error(500, DOWNLOAD, times=None, rate=0.01)
    faults.cut(times=None, rate=0.01)
    faults.cut("getUpdates", times=None, rate=0.005)
    faults.cut("getUpdates", after=True, times=None, rate=0.005)
    faults.cut("getFile", after=True, times=None, rate=0.01)
    faults.cut(DOWNLOAD, times=None, rate=0.01)
    faults.truncate_files(times=None, rate=0.01)
    faults.truncate_files(honest=False, times=None, rate=0.01)
    for method in ("*", "getUpdates", DOWNLOAD):
        faults.add(Fault(Kind.DELAY, method, times=None, rate=0.005, seconds=2.0))
    return faults
