"""The Containerfile, without a container engine: it is read as one reads it, and its steps are run in a folder."""

import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

from bot.datasets import photo_list
from bot.settings import Settings
from telegram_playground import Playground
from tests.conftest import ROOT, needs
from tests.e2e.running import environment_for

HOME = "/srv/garment-bot"
KNOWN = ("FROM", "ENV", "WORKDIR", "COPY", "RUN", "VOLUME", "USER", "EXPOSE", "ENTRYPOINT", "CMD")


QUICKLY = os.environ | {"PIP_NO_COMPILE": "no"}
"""Without bytecode of all that is installed, which takes longer than that of what is imported. ("no" is pip's way)"""


@dataclass(frozen=True)
class Step:
    """One instruction."""

    name: str
    value: str

    @property
    def words(self) -> list[str]:
        """Its value as a program gets it: the JSON form, else the words."""
        return json.loads(self.value) if self.value.startswith("[") else shlex.split(self.value)


def read(text: str) -> Iterator[Step]:
    joined = re.sub(r"\\\n\s*", "", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    for line in joined.splitlines():
        if line:
            name, _, value = line.partition(" ")
            yield Step(name, value.strip())


STEPS = tuple(read((ROOT / "Containerfile").read_text(encoding="utf-8")))


def all_of(name: str) -> list[Step]:
    return [step for step in STEPS if step.name == name]


def last(name: str) -> Step:
    return all_of(name)[-1]


def test_every_line_is_an_instruction() -> None:
    assert STEPS[0].name == "FROM"
    assert {step.name for step in STEPS} <= set(KNOWN)


def test_the_base_is_one_version_of_python_that_every_test_runs_on() -> None:
    (base,) = all_of("FROM")
    assert re.fullmatch(r"docker\.io/library/python:3\.11-slim-[a-z]+", base.value)


def test_nothing_secret_is_baked_in() -> None:
    variables = {word.partition("=")[0] for step in all_of("ENV") for word in step.words}
    assert not variables & {name.upper() for name in Settings.model_fields}


def test_pip_installs_what_is_pinned_and_before_the_code_changes() -> None:
    names = [f"{step.name} {step.value}" for step in STEPS]
    (install,) = (line for line in names if "pip install" in line)
    assert install.endswith("--require-hashes --requirement requirements.txt")
    assert names.index("COPY requirements.txt ./") < names.index(install) < names.index("COPY bot/ bot/")


def test_it_runs_as_nobody_special_who_may_write_only_where_it_must() -> None:
    user = last("USER").value
    making = next(step.value for step in all_of("RUN") if "useradd" in step.value)
    assert f"useradd --system --no-create-home {user}" in making
    writable = making.partition(f"chown {user}: ")[2].split()
    assert [f"{HOME}/{folder}" for folder in writable] == last("VOLUME").words
    assert STEPS.index(last("USER")) > STEPS.index(all_of("RUN")[-1])


def test_signals_reach_the_bot() -> None:
    assert last("ENTRYPOINT").value.startswith("[")  # without a shell in between
    assert [*last("ENTRYPOINT").words, *last("CMD").words] == (ROOT / "Procfile").read_text().split()[1:6]


def test_the_port_is_the_one_of_the_settings() -> None:
    assert last("EXPOSE").value == str(Settings.model_fields["port"].default)


def ignored(path: str) -> bool:
    """Whether .dockerignore keeps a path out; the last rule that fits decides."""
    result = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        rule = line.removeprefix("!")
        if line and not line.startswith("#"):
            parts = path.split("/")
            prefixes = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
            names = [*parts] if rule.startswith("**/") else prefixes
            if any(fnmatch(name, rule.removeprefix("**/")) for name in names):
                result = not line.startswith("!")
    return result


@pytest.mark.parametrize(
    "path", [".env", ".git/config", "data/x", "var/bot.sqlite3", "models/live/card.json", "tests/x"]
)
def test_the_builder_does_not_see(path: str) -> None:
    assert ignored(path)


def test_what_is_copied_is_seen() -> None:
    for step in all_of("COPY"):
        source, target = step.words
        assert not ignored(source.rstrip("/"))
        assert target in (source, "./")
    assert not ignored("models/classifier.tflite")
    assert not ignored("bot/vision/decode_worker.py")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the steps make, with a Python of its own that has only what they install."""
    folder = tmp_path_factory.mktemp("image")
    home, python = folder / "home", folder / "venv" / "bin" / "python"
    home.mkdir()
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    for step in STEPS:
        if step.name == "COPY":
            copy(step.words[0].rstrip("/"), home)
        elif step.name == "RUN" and step.value.startswith("python "):
            command = [python, *step.words[1:]]
            made = subprocess.run(command, cwd=home, env=QUICKLY, capture_output=True, text=True, check=False)
            needs(made.returncode == 0, f"reach the package index: {made.stderr.strip()[-300:]}")
        elif step.name == "RUN":
            subprocess.run(without_users(step.value), cwd=home, shell=True, check=True)
    return folder


def copy(source: str, home: Path) -> None:
    def left_out(folder: str, names: list[str]) -> set[str]:
        return {name for name in names if ignored(str((Path(folder) / name).relative_to(ROOT)))}

    if (ROOT / source).is_dir():
        shutil.copytree(ROOT / source, home / source, ignore=left_out)
    else:
        shutil.copy(ROOT / source, home / source)


def without_users(command: str) -> str:
    """A step without the parts that change the accounts of this machine."""
    return " && ".join(part for part in command.split("&& ") if not part.startswith(("useradd", "chown"))).strip()


@pytest.mark.slow
async def test_the_image_answers_a_photo(image: Path, published_model: Path, photos_dir: Path) -> None:
    photo = next(listed for listed in photo_list() if listed.split == "validation").path(photos_dir).read_bytes()
    async with Playground(port=0) as playground:
        environment = environment_for(playground, image, DATABASE_URL="", LOG_LEVEL="INFO")
        bot = await started(image, environment)
        try:
            sent = await playground.send_photo(playground.private(playground.person()), photo)
            answer = await playground.answer_to(sent, timeout=120)
        finally:
            bot.terminate()
            printed = (await bot.communicate())[1].decode()
    assert answer.is_photo, printed
    assert bot.returncode == 0, printed
    assert (image / "home" / "var" / "bot.sqlite3").is_file()


@pytest.mark.slow
async def test_without_a_token_the_image_says_what_it_needs(image: Path) -> None:
    unset = {name: "" for name in ("BOT_TOKEN", "WEBHOOK_URL", "BOT_API_URL")}
    bot = await started(image, os.environ | unset)
    printed = (await bot.communicate())[1].decode()
    assert bot.returncode == 2
    assert "BOT_TOKEN" in printed


async def started(image: Path, environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    """What the image runs, run in the folder that its steps made."""
    arguments = [*last("ENTRYPOINT").words[1:], *last("CMD").words]
    return await asyncio.create_subprocess_exec(
        image / "venv" / "bin" / "python",
        *arguments,
        cwd=image / "home",
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
