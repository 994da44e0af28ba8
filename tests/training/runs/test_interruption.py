"""Ctrl-C is remembered, whoever swallows the exception."""

import contextlib
import os
import signal
import threading

import pytest

from training.runs.interruption import SIGNALS, Interruption


@pytest.mark.parametrize("number", SIGNALS)
def test_what_is_swallowed_is_remembered(number: signal.Signals) -> None:
    interruption, before = Interruption(), signal.getsignal(number)
    with interruption.listening():
        interruption.check()
        with contextlib.suppress(KeyboardInterrupt):
            os.kill(os.getpid(), number)
            pytest.fail("it is told at once, too")
        with pytest.raises(KeyboardInterrupt):
            interruption.check()
    assert signal.getsignal(number) is before
    with interruption.listening():
        interruption.check()  # a new command begins anew


def test_another_thread_listens_to_nothing() -> None:
    interruption, before = Interruption(), signal.getsignal(signal.SIGINT)
    seen = []

    def listen() -> None:
        with interruption.listening():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=listen)
    thread.start()
    thread.join()
    assert seen == [before]
