import io
from pathlib import Path

import pytest

from bot.datasets.__main__ import PHOTO_SETS, main
from bot.datasets.progress import ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_complete_folder_is_reported(fashion_mnist_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data-dir", str(fashion_mnist_dir)]) == 0
    assert str(fashion_mnist_dir) in capsys.readouterr().out


@pytest.mark.parametrize("sets", [[], ["no-clothing"], ["street-photos", "shop-photos"]])
def test_photos_are_all_sets_or_those_that_are_named(
    sets: list[str], fashion_mnist_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    for name in PHOTO_SETS:
        monkeypatch.setitem(PHOTO_SETS, name, lambda folder, progress, name=name: looked_at.append(name))
    assert main(["--data-dir", str(fashion_mnist_dir), "--photos", *sets]) == 0
    assert looked_at == (sets or ["clothing-photos", "street-photos", "shop-photos", "no-clothing"])


def test_a_folder_with_every_set_is_complete(
    photos_dir: Path,
    street_photos_dir: Path,
    shop_photos_dir: Path,
    no_clothing_dir: Path,
    fashion_mnist_dir: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--data-dir", str(fashion_mnist_dir), "--photos"]) == 0
    assert capsys.readouterr().err == ""


def test_an_unknown_set_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["--photos", "cats"])
    assert raised.value.code == 2
    assert "street-photos" in capsys.readouterr().err


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
