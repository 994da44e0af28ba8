"""How python-telegram-bot gives time periods in tests."""

import pytest


@pytest.fixture(autouse=True)
def modern_time_periods(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the command line sets it: python-telegram-bot warns about plain seconds otherwise."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
