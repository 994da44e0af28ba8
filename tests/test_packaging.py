"""What is installed is what is committed, and what the documents say is what the program does."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from tests.conftest import ROOT, needs

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ("requirements.txt", "requirements-training.txt", "requirements-dev.txt", "requirements-tflite-runtime.txt")


def tracked(*folders: str) -> list[PurePosixPath]:
    needs((ROOT / ".git").exists(), "run this test in a git checkout: git clone")
    listing = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", "HEAD", "--", *folders],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [PurePosixPath(line) for line in listing.splitlines()]


def pins(name: str) -> dict[str, str]:
    """Versions by package of a requirements file."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return dict(re.match(r"([a-z0-9-]+)==([^ ;]+)", line).groups() for line in lines if line[:1].isalnum())  # type: ignore[union-attr,misc]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel of the committed tree."""
    needs((ROOT / ".git").exists(), "run this test in a git checkout: git clone")
    folder = tmp_path_factory.mktemp("wheel")
    source, out = folder / "source", folder / "out"
    source.mkdir()
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", source], input=archive, check=True)
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    made = subprocess.run([sys.executable, "-c", build, out], cwd=source, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    (path,) = out.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        return set(opened.namelist())


def test_a_wheel_has_every_file_that_the_program_reads(wheel: set[str]) -> None:
    card = [*tracked("models/pictures"), *(path for path in tracked("models") if path.suffix == ".md")]
    wanted = [
        path
        for path in tracked("bot", "telegram_playground", "training", "models")
        if path not in card and path.suffix != ".md"
    ]
    assert [str(path) for path in wanted if str(path) not in wheel] == []


def test_a_wheel_has_nothing_else(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} <= {
        "bot",
        "telegram_playground",
        "training",
        "models",
    }
    assert not any(name.startswith(("models/live/", "models/README")) for name in wheel)


@pytest.mark.parametrize("name", LOCKS)
def test_requirements_are_pinned_with_hashes_and_name_no_place(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for block in re.split(r"\n(?=[a-z0-9])", text)[1:]:
        assert re.match(r"[a-z0-9-]+==\S+( ; [^\\]+)? \\\n +--hash=sha256:[0-9a-f]{64}", block), block[:80]
    assert not re.search(r"index-url|find-links|https?:|file:| @ |^-|^/", text, re.MULTILINE)


def test_serving_training_and_tests_share_their_versions() -> None:
    everything = pins("requirements-dev.txt").items()
    assert pins("requirements.txt").items() <= everything
    assert pins("requirements-training.txt").items() <= everything


def test_serving_needs_no_tensorflow() -> None:
    heavy = {"tensorflow", "keras", "matplotlib", "tensorboard", "torch", "scipy"}
    assert not heavy & (pins("requirements.txt").keys() | pins("requirements-tflite-runtime.txt").keys())
    assert {"tensorflow", "keras-tuner"} <= pins("requirements-training.txt").keys()


def test_the_older_interpreter_comes_instead_of_the_newer_one() -> None:
    older = pins("requirements-tflite-runtime.txt")
    assert older["tflite-runtime"] == "2.14.0"
    assert int(older["numpy"].split(".")[0]) < 2
    assert older["opencv-python-headless"].startswith("4.11.")
    assert "ai-edge-litert" not in older


def imported(folder: str) -> set[str]:
    """The top-level modules that a folder's code imports, wherever the import stands."""
    modules = set()
    for path in tracked(folder):
        if path.suffix == ".py":
            for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    modules |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    modules.add(node.module.split(".")[0])
                elif isinstance(node, ast.Constant) and str(node.value).startswith(
                    ("ai_edge_litert", "tflite_runtime")
                ):
                    modules.add(node.value.split(".")[0])  # chosen at run time
    return modules - sys.stdlib_module_names - {"bot", "telegram_playground", "training"}


def declared(*requirements: str) -> set[str]:
    """The top-level modules that requirements bring."""
    module_names = {
        "opencv-python-headless": "cv2",
        "pillow": "PIL",
        "python-dotenv": "dotenv",
        "python-telegram-bot": "telegram",
        "scikit-image": "skimage",
        "scikit-learn": "sklearn",
    }
    names = {re.split(r"[\[<>=;]", requirement)[0] for requirement in requirements}
    return {module_names.get(name, name.replace("-", "_")) for name in names}


def test_serving_depends_on_what_it_imports_and_on_nothing_else() -> None:
    chosen_by_settings = {"tflite_runtime", "psycopg"}
    of_starlette = {"python_multipart"}  # it reads forms with it, where that is installed
    of_httpcore = {"sniffio"}  # it looks for it in vain at each request, where that is not installed
    assert imported("bot") - chosen_by_settings | of_starlette | of_httpcore == declared(*PROJECT["dependencies"])


def test_training_imports_only_what_its_extras_bring() -> None:
    extras = PROJECT["optional-dependencies"]
    brought = declared(*PROJECT["dependencies"], *extras["training"], *extras["tune"], *extras["jax"])
    assert imported("training") - brought - {"keras"} == set()  # TensorFlow brings Keras


def test_the_tree_names_no_place_of_one_machine() -> None:
    found = subprocess.run(
        [
            "git",
            "grep",
            "-nIE",
            r"(^|[^a-z0-9_.-])/(root|work|home/[a-z]+|Users)/[a-z.]|-(extra-)?index-url|file:///opt",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    allowed = ("tests/test_packaging.py", "README")
    assert "tests/test_packaging.py" in found.stdout, f"this file names some: {found.stderr}"
    assert [line for line in found.stdout.splitlines() if not line.startswith(allowed)] == []


def test_no_large_file_is_tracked() -> None:
    assert [str(path) for path in tracked() if (ROOT / path).is_file() and (ROOT / path).stat().st_size > 5 << 20] == []


def test_procfile_names_the_modes() -> None:
    assert (ROOT / "Procfile").read_text(encoding="utf-8").splitlines() == [
        "worker: python -m bot run --polling",
        "web: python -m bot run --webhook",
    ]


@pytest.mark.parametrize("process", ["worker", "web"])
def test_a_process_of_the_procfile_without_a_token_ends_with_one_clear_line(process: str) -> None:
    needs(not (ROOT / ".env").exists(), "run this test without a .env, which may hold a token: mv .env .env.off")
    commands = dict(line.split(": ") for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines())
    command = commands[process].replace("python", sys.executable, 1)
    environment = {name: value for name, value in os.environ.items() if name not in {"BOT_TOKEN", "WEBHOOK_URL"}}
    ended = subprocess.run(
        command.split(), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert "BOT_TOKEN" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_nothing_is_skipped_for_good() -> None:
    for path in Path(ROOT / "tests").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"pytest\.mark\.(skip|xfail)\b", text), path
