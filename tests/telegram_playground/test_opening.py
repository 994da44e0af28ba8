"""The chat page opens by itself where that is of use, and nowhere else."""

import sys
import webbrowser

import pytest

from telegram_playground.opening import open_in_browser

URL = "http://127.0.0.1:8081"


class Windowed(webbrowser.BackgroundBrowser):
    """A browser that notes what it shall open."""

    def __init__(self) -> None:
        super().__init__("windowed")
        self.opened: list[str] = []

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.opened.append(url)
        return True


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Windowed:
    """A browser, a screen, and somebody at the terminal."""
    found = Windowed()
    monkeypatch.setattr(webbrowser, "get", lambda: found)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return found


def test_it_opens_where_there_is_a_browser(browser: Windowed) -> None:
    assert open_in_browser(URL)
    assert browser.opened == [URL]


def test_not_without_a_screen(browser: Windowed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY")
    assert not open_in_browser(URL)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert open_in_browser(URL)
    assert browser.opened == [URL]


def test_not_where_nobody_looks(browser: Windowed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False, raising=False)
    assert not open_in_browser(URL)
    assert not browser.opened


def test_a_browser_in_the_terminal_is_left_alone(browser: Windowed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("false"))
    assert not open_in_browser(URL)


def test_without_any_browser_nothing_breaks(browser: Windowed, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert not open_in_browser(URL)
