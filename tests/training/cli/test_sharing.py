"""A published model reaches the replicas' database, also when that is away at the wrong moment: once, never twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.jobs.replica_models import ReplicaModels
from bot.registry.history import Event
from bot.settings import Settings
from bot.storage.model_sharing import is_unshared, share
from bot.storage.storage import open_for_admin, open_storage
from tests.postgres import PostgresServer
from tests.training.small import SMALL_DEPENDENCIES, entry_of, files_of, put_live
from training.cli.admin import roll_back_and_say
from training.cli.main import Dependencies, main
from training.runs.folders import list_runs
from training.runs.history import Models
from training.runs.publish import publish, roll_back
from training.runs.store import note_to_share, share_with_replicas

ROOT = Path(__file__).resolve().parents[3]


class Place:
    """A models folder whose replicas share a real database."""

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        self.models = Models(folder / "models")
        self.root = folder
        self.url = server.new_database()
        self.settings = Settings(database_url=SecretStr(self.url))
        (folder / "runs").mkdir()
        self.folders = ("--models-dir", str(self.models.folder), "--runs-dir", str(folder / "runs"))

    def publish(self, label: int, version: str) -> None:
        """As a training does after the gate."""
        files = files_of(label, version)
        note_to_share(self.models, self.settings, self.root)
        publish(self.models, files, entry_of(files))

    def shared(self) -> list[str]:
        """The versions in the database, the newest last."""
        storage = open_for_admin(self.url, root=self.root)
        with storage.models._database.read() as connection:
            from sqlalchemy import select

            from bot.storage.schema import models

            versions = list(connection.scalars(select(models.c.version).order_by(models.c.id)))
        storage.close()
        return versions


@pytest.fixture
def place(tmp_path: Path, postgres_server: PostgresServer) -> Place:
    return Place(tmp_path, postgres_server)


def test_what_goes_live_follows_in_the_database_once(place: Place) -> None:
    place.publish(1, "first")
    assert "first is in the database" in share_with_replicas(place.models, place.settings, place.root)
    assert share_with_replicas(place.models, place.settings, place.root) == ""
    assert place.shared() == ["first"]
    assert not is_unshared(place.models.folder)


def test_a_database_that_went_away_after_the_commit_gets_it_with_the_next_command(
    place: Place, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place.publish(1, "first")
    share_with_replicas(place.models, place.settings, place.root)
    place.publish(2, "second")
    postgres_server.stop()
    try:
        told = share_with_replicas(place.models, place.settings, place.root)
        assert told.startswith("Replicas get the live model later")
        assert "\n" not in told
        assert place.models.live().version == "second"
        assert is_unshared(place.models.folder)
    finally:
        postgres_server.start()
    monkeypatch.setenv("DATABASE_URL", place.url)
    assert main(["runs", *place.folders], Dependencies(root=place.root)) == 0
    assert "second is in the database for all replicas" in capsys.readouterr().out
    assert place.shared() == ["first", "second"]


async def test_a_bot_on_the_admins_folder_makes_up_for_it_and_never_fetches_the_old_one(place: Place) -> None:
    place.publish(1, "first")
    share_with_replicas(place.models, place.settings, place.root)
    place.publish(2, "second")
    storage = open_storage(place.url, "key", root=place.root)
    replica = ReplicaModels(storage, place.models.folder)
    assert await replica.fetch() is None
    assert await replica.fetch() is None
    storage.close()
    assert place.models.live().version == "second"
    assert place.shared() == ["first", "second"]


def test_a_rollback_follows_in_the_same_way(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    for label, version in enumerate(("first", "second"), start=1):
        place.publish(label, version)
        share_with_replicas(place.models, place.settings, place.root)
    roll_back_and_say(place.models, None, place.settings, place.root)
    assert "first is live again" in capsys.readouterr().out
    assert place.shared() == ["first", "second", "first"]
    assert not is_unshared(place.models.folder)


def test_a_model_without_a_card_of_its_own_is_not_shared(place: Place) -> None:
    place.publish(1, "first")
    (place.models.folder / "card.json").write_text("{}")
    storage = open_for_admin(place.url, root=place.root)
    assert share(place.models.folder, storage.models) is None
    storage.close()
    assert place.shared() == []


def test_one_process_without_replicas_notes_nothing(tmp_path: Path) -> None:
    models, settings = Models(tmp_path / "models"), Settings(database_url=SecretStr("sqlite:///var/bot.sqlite3"))
    note_to_share(models, settings, tmp_path)
    assert not is_unshared(models.folder)
    assert share_with_replicas(models, settings, tmp_path) == ""


@pytest.mark.parametrize("at_the_top", [True, False])
def test_a_run_whose_model_went_live_is_known_without_its_history(tmp_path: Path, at_the_top: bool) -> None:
    """Killed between the commit and its report, it looks as if it could be resumed."""
    models = Models(tmp_path / "models")
    if not at_the_top:
        put_live(models, files_of(1, "first"))
    put_live(models, files_of(2, "second", run="run-7", run_id="7f"))
    models.history_path.write_text("")  # as if the process had died before it wrote down what it did
    published = models.published_by("7f")
    assert published is not None
    assert published.version == "second"
    assert models.published_by("80") is None
    assert models.published_by("") is None


def lesson_that_dies(place: Place, step: str) -> None:
    """Trains over a small data set and is killed right after a step of publishing."""
    process = subprocess.run(
        [sys.executable, "-m", "tests.training.small_training", "--die-after-step", step,
         "--preset", "lesson", "--epochs", "1", "--force", *place.folders],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": place.url}, check=False, capture_output=True,
    )  # fmt: skip
    assert process.returncode == -signal.SIGKILL, process.stderr.decode()


@pytest.mark.timeout(300)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of TensorFlow, with many names
@pytest.mark.parametrize(("step", "was_live"), [("folder", False), ("commit", True), ("history", True)])
def test_killed_while_the_database_is_away_and_resumed_one_version_is_everywhere(
    place: Place, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch, step: str, was_live: bool
) -> None:
    pytest.importorskip("tensorflow")
    place.publish(1, "first")
    share_with_replicas(place.models, place.settings, place.root)
    postgres_server.stop()
    try:
        lesson_that_dies(place, step)
    finally:
        postgres_server.start()
    assert (place.models.live().version != "first") == was_live
    (run,) = list_runs(place.root / "runs")
    assert run.state == "resumable"

    monkeypatch.setenv("DATABASE_URL", place.url)
    small = Dependencies(**SMALL_DEPENDENCIES, root=place.root)
    assert main(["--resume", "--force", *place.folders], small) == 0
    live = place.models.live().version
    assert [entry.version for entry in place.models.history()] == ["first", live]
    assert [path.name for path in place.models.live_folder.iterdir() if path.is_dir()] == [live]
    assert place.shared() == ["first", live]
    (run,) = list_runs(place.root / "runs")
    assert (run.state, run.outcome["version"]) == ("done", live)
    assert main(["--resume", *place.folders], small) == 2


@pytest.mark.parametrize("step", ["begin", "commit", "history"])
def test_a_rollback_killed_while_the_database_is_away_is_finished_by_the_next_command(
    place: Place, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class KilledError(BaseException):
        """In the place of SIGKILL: nothing of ours catches it."""

    def die(done: str) -> None:
        if done == step:
            raise KilledError

    for label, version in enumerate(("first", "second", "third"), start=1):
        place.publish(label, version)
        share_with_replicas(place.models, place.settings, place.root)
    postgres_server.stop()
    try:
        note_to_share(place.models, place.settings, place.root)
        with pytest.raises(KilledError):
            roll_back(place.models, after_step=die)
    finally:
        postgres_server.start()
    live = "third" if step == "begin" else "second"
    assert place.models.live().version == live
    monkeypatch.setenv("DATABASE_URL", place.url)
    assert main(["runs", *place.folders], Dependencies(root=place.root)) == 0
    assert place.shared() == ["first", "second", "third", *([] if step == "begin" else ["second"])]
    events = [(entry.event, entry.version) for entry in place.models.history()]
    assert events[3:] == ([] if step == "begin" else [(Event.ROLLED_BACK, "second")])


def test_a_run_that_bears_the_name_of_one_that_was_published_is_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runs folder may be gone, as in a container, while the models stay: names then come again."""
    pytest.importorskip("tensorflow")
    monkeypatch.setenv("DATABASE_URL", "")
    small = Dependencies(**SMALL_DEPENDENCIES, root=tmp_path)
    models = Models(tmp_path / "models")
    for number in (1, 2):
        folders = ("--models-dir", str(models.folder), "--runs-dir", str(tmp_path / f"runs-{number}"))
        assert main(["--preset", "lesson", "--epochs", "1", "--seed", str(number), "--force", *folders], small) == 0
    first, second = models.history()
    assert first.run == second.run
    assert first.version != second.version
