"""The two READMEs, .env.example and the program say the same."""

import re

import pytest

from bot.replies.messages import ADMIN_COMMANDS, GROUP_COMMANDS, PRIVATE_COMMANDS
from bot.settings import Settings
from tests.conftest import ROOT

READMES = ("README.md", "README.zh-TW.md")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", READMES)
def test_the_command_table_lists_every_command_once(name: str) -> None:
    rows = re.findall(r"^\| `/([a-z]+)`", read(name), re.MULTILINE)
    assert rows == [*PRIVATE_COMMANDS[:3], *rows[3:]]
    assert sorted(rows) == sorted({*PRIVATE_COMMANDS, *GROUP_COMMANDS, *ADMIN_COMMANDS})


def test_env_example_explains_every_setting_with_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = read(".env.example").splitlines()
    examples = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    assert list(examples) == [name.upper() for name in Settings.model_fields]
    for name in examples:
        before = lines[lines.index(f"{name}={examples[name]}") - 1]
        assert before.startswith("#"), name
        monkeypatch.delenv(name, raising=False)
    plain = Settings()
    for name, value in examples.items():
        monkeypatch.setenv(name, value)
    assert Settings() == plain


def test_both_readmes_have_the_same_parts_and_commands() -> None:
    english, chinese = map(read, READMES)
    for counted in (r"^(#+) ", r"^\|.*\|$", r"^\d+\. "):
        found = [len(re.findall(counted, text, re.MULTILINE)) for text in (english, chinese)]
        assert found[0] == found[1], counted
    for same in (r"```.*?```", r"\]\((?!README)([^)]*)\)", r"`[^`\n]*`"):
        assert sorted(re.findall(same, english, re.DOTALL)) == sorted(re.findall(same, chinese, re.DOTALL)), same


@pytest.mark.parametrize("name", READMES)
def test_a_readme_links_the_other_one_and_only_what_exists(name: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)]*)\)", read(name)) if not link.startswith("https://")]
    assert set(links) & set(READMES) == set(READMES) - {name}
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_every_make_command_of_a_readme_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", read(name), re.MULTILINE)) <= targets


def test_what_contributing_names_is_there() -> None:
    text = read("CONTRIBUTING.md")
    places = re.findall(r"`((?:bot|training|tests|tools|docs)/[a-z_/.]+)`", text)
    assert [place for place in places if not (ROOT / place).exists()] == []
    named = re.findall(r"`(\w+)`\s+in\s+`([a-z_/.]+\.py)`", text)
    assert len(named) >= 6
    assert [(name, place) for name, place in named if not re.search(rf"\b{name}\b", read(place))] == []
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets


def test_the_architecture_tells_of_every_folder_and_names_only_what_is_there() -> None:
    text = read("docs/architecture.md")
    told = set(re.findall(r"\*\*`([a-z_/]+)`\*\*", text))
    folders = {
        f"{top}/{path.name}"
        for top in ("bot", "training")
        for path in (ROOT / top).iterdir()
        if (path / "__init__.py").is_file()
    }
    assert told >= folders
    assert [
        name
        for name in re.findall(r"`((?:bot|training|tests|benchmarks)/[a-z_/.]+)`", text)
        if not (ROOT / name).exists()
    ] == []
