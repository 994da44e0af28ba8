"""Opening the chat page by itself, where there is a browser and somebody who looks at this terminal."""

import os
import sys
import webbrowser


def open_in_browser(url: str) -> bool:
    """Opens an address in the person's browser; whether there was one to open it in.

    Nothing is opened where nobody looks (the output is no terminal), where there is no screen, or where the only
    browser would take the terminal over.
    """
    if not sys.stdout.isatty() or not _has_screen():
        return False
    try:
        browser = webbrowser.get()
        # Browsers without windows are of this very class, those with windows of one derived from it.
        return type(browser) is not webbrowser.GenericBrowser and browser.open(url)
    except (webbrowser.Error, OSError):
        return False


def _has_screen() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
