import io
from pathlib import Path

import pytest

from bot.dataset.__main__ import main
from bot.dataset.progress import ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_complete_folder_is_reported(fashion_mnist_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data-dir", str(fashion_mnist_dir)]) == 0
    assert str(fashion_mnist_dir) in capsys.readouterr().out


def test_what_cannot_be_had_is_one_line_and_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fashion-mnist").touch()
    assert main(["--data-dir", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_terminal_shows_a_bar() -> None:
    terminal = Terminal()
    with ProgressBar(terminal) as bar:
        for done in (0, 50, 100):
            bar("a", done, 100)
        bar("b", 5, 5)
    assert terminal.getvalue().splitlines()[-1].endswith("] 100%")
    assert "\ra [" in terminal.getvalue()
    assert terminal.getvalue().endswith("\n")


def test_a_log_gets_one_line_a_file() -> None:
    log = io.StringIO()
    with ProgressBar(log) as bar:
        for done in range(100):
            bar("a", done, 100)
        bar("b", 1, 1)
    assert log.getvalue() == "fetching a\nfetching b\n"
