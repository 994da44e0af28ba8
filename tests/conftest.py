"""What all tests share: where the data is, and skips that cannot hide in CI."""

import asyncio
import os
import signal
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

# Made once for all folders, not for each that imports the fixture.
pytest_plugins = ["tests.postgres", "tests.services"]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts background jobs with Ctrl+C ignored, and so would be every program that a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

MARKERS = {
    "tests/e2e/": "processes",
    "tests/benchmarks/": "processes",
    "tests/registry/test_store.py::test_a_file_that_crashes": "processes",
    "tests/registry/test_store.py::test_the_probe_passes": "processes",
    "tests/storage/test_data_key.py::test_processes_that_start_together": "processes",
    "tests/storage/test_database.py::test_a_full_disk": "processes",
    "tests/storage/test_database.py::test_an_installed_package": "processes",
    "tests/storage/test_database.py::test_replicas_that_start_together": "processes",
    "tests/storage/test_durability.py": "processes",
    "tests/test_compose.py::test_the_health_of_a_replica": "processes",
    "tests/test_memory.py": "processes",
    "tests/test_packaging.py::test_a_process_of_the_procfile": "processes",
    "tests/test_packaging.py::test_a_wheel": "processes",
    "tests/test_predict.py": "processes",
    "tests/test_settings.py::test_every_command": "processes",
    "tests/test_settings.py::test_the_command_line": "processes",
    "tests/vision/test_classifier.py::test_other_lines_printed": "processes",
    "tests/vision/test_classifier.py::test_works_without_a_standard_error": "processes",
    "tests/vision/test_decoder.py": "processes",
    "tests/vision/test_hostile.py": "processes",
    "tests/handlers/test_train.py": "processes",
    "tests/jobs/test_training_jobs.py": "processes",
    "tests/jobs/test_shared_trainings.py": "processes",
    "tests/telegram_playground/test_page.py": "browser",
    "tests/telegram_playground/test_page_kinds.py": "browser",
    "tests/replies/test_phone.py": "browser",
    "tests/telegram_playground/test_polls.py": "browser",
    "tests/telegram_playground/test_web_app.py::test_the_chat_page": "browser",
    "tests/telegram_playground/test_web_app.py::test_without_a_page": "browser",
    "tests/course/test_numpy_training.py::test_its_steps": "tensorflow",
    "tests/course/test_program.py": "tensorflow",
    "tests/training/": "tensorflow",
    "tests/test_containerfile.py": "network",
    "tests/test_runtimes.py": "network",
}
"""What the tests whose names begin so cannot do without; `make test-fast` leaves these out."""

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() == "true"


def needs(condition: object, how: str) -> None:
    """Goes on when ``condition`` holds; otherwise skips the test, or fails it in CI.

    Args:
        condition: what the test cannot do without, e.g. ``shutil.which("chromium")``.
        how: the command that brings it, shown to whoever reads the skip.
    """
    if condition:
        return
    if IN_CI:
        pytest.fail(f"missing in CI: {how}", pytrace=False)
    pytest.skip(how)


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason}\nNothing may be skipped in CI."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Turns every skip into a failure in CI, and what was printed into what a worker can send: UTF-8."""
    report = yield
    _fail_if_skipped(report)
    report.sections = [(title, text.encode("utf-8", "backslashreplace").decode()) for title, text in report.sections]
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """The same for modules that skip while they are collected."""
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(tryfirst=True)  # before pytest looks at -m
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks tests by what they need."""
    for item in items:
        name = f"{item.path.relative_to(ROOT).as_posix()}::{item.name}"
        for start, marker in MARKERS.items():
            if name.startswith(start):
                item.add_marker(marker)
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if "aiogram" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")
        if "postgres_server" in getattr(item, "fixturenames", ()) or any(
            isinstance(each, str) and each == "postgresql" for each in parameters
        ):
            item.add_marker("postgres")


@pytest.fixture(autouse=True)
def modern_time_periods(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the command line sets it: python-telegram-bot warns about plain seconds otherwise."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture(scope="session", autouse=True)
def brisk_web_servers() -> Iterator[None]:
    """Lets uvicorn end in a tenth of its time: it looks every .1 s whether it shall, then gives connections .1 s."""
    with pytest.MonkeyPatch.context() as patch:
        if "uvicorn.server" in sys.modules:  # else nothing that was collected serves
            brisk = SimpleNamespace(**vars(asyncio))
            brisk.sleep = lambda seconds: asyncio.sleep(seconds / 10)
            patch.setattr("uvicorn.server.asyncio", brisk)
        yield


@pytest.fixture(scope="session")
def aiogram() -> ModuleType:
    """Another library for bots, whose strict models know what Telegram sends; it takes seconds to import."""
    import aiogram
    import aiogram.utils.web_app

    return aiogram


def _folder(variable: str, default: str) -> Path:
    return (ROOT / os.environ.get(variable, default)).resolve()


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The data folder (``DATA_DIR``, else ``data``), possibly empty: see ``fashion_mnist_dir`` and ``photos_dir``."""
    return _folder("DATA_DIR", "data")


@pytest.fixture(scope="session")
def fashion_mnist_dir(data_dir: Path) -> Path:
    """A data folder that has the four Fashion-MNIST files; skips without them."""
    files = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    found = all((data_dir / "fashion-mnist" / f"{name}-ubyte.gz").is_file() for name in files)
    needs(found, "fetch Fashion-MNIST: python -m bot.datasets (or set DATA_DIR to a folder that has it)")
    return data_dir


@pytest.fixture(scope="session")
def photos_dir(data_dir: Path) -> Path:
    """A data folder that has the clothing photos; skips without them."""
    return _with_photos(data_dir, "clothing-photos")


@pytest.fixture(scope="session")
def street_photos_dir(data_dir: Path) -> Path:
    """A data folder that has the street photos; skips without them."""
    return _with_photos(data_dir, "street-photos")


@pytest.fixture(scope="session")
def shop_photos_dir(data_dir: Path) -> Path:
    """A data folder that has the shop photos; skips without them."""
    return _with_photos(data_dir, "shop-photos")


@pytest.fixture(scope="session")
def no_clothing_dir(data_dir: Path) -> Path:
    """A data folder that has the photos without clothing; skips without them."""
    return _with_photos(data_dir, "no-clothing")


def _with_photos(data_dir: Path, name: str) -> Path:
    images = data_dir / name / "images"
    found = images.is_dir() and any(images.iterdir())
    needs(
        found, f"fetch the photos: python -m bot.datasets --photos {name} (or set DATA_DIR to a folder that has them)"
    )
    return data_dir


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The models folder (``MODELS_DIR``, else ``models``); it may be without a model."""
    return _folder("MODELS_DIR", "models")


@pytest.fixture(scope="session")
def published_model(models_dir: Path) -> Path:
    """The shipped ``classifier.tflite``; skips without it."""
    path = models_dir / "classifier.tflite"
    needs(path.is_file(), "make a model: python -m training --preset lesson")
    return path
