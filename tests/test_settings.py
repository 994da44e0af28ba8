import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import PROJECT_ROOT, Mode, Settings, SettingsError, choose_mode, load_settings

WITHOUT_DOTENV = """
import sys
from bot.__main__ import main
from bot.settings import Settings
Settings.model_config["env_file"] = None  # a developer's own token must not come alive in a test
sys.exit(main(sys.argv[1:]))
"""
TOKEN = "123456789:AAHkq0secretsecretsecretsecretsecret"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")


def test_defaults_are_those_of_the_documentation():
    settings = load_settings()
    assert settings.bot_api_url == "https://api.telegram.org"
    assert (settings.port, settings.playground_port) == (8080, 8081)
    assert settings.data_dir == PROJECT_ROOT / "data"
    assert settings.models_dir == PROJECT_ROOT / "models"
    assert settings.bot_token is None
    assert settings.tflite_runtime == "auto"


def test_environment_beats_dotenv_and_empty_counts_as_unset(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text(f"BOT_TOKEN={TOKEN}\nPORT=9000\nADMIN_IDS=1, 22,\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "9001")
    monkeypatch.setenv("BOT_TOKEN", "")
    settings = load_settings()
    assert settings.port == 9001
    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.admin_ids == (1, 22)


def test_addresses_lose_their_last_slash(monkeypatch):
    monkeypatch.setenv("BOT_API_URL", "http://127.0.0.1:8081/")
    assert load_settings().bot_api_url == "http://127.0.0.1:8081"


def test_no_secret_in_repr(monkeypatch):
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hush-hush@db/name")
    monkeypatch.setenv("DATA_KEY", "key-key-key")
    settings = load_settings()
    for text in (repr(settings), str(settings), repr(settings.model_dump())):
        assert TOKEN not in text
        assert "hush" not in text
        assert "key-key" not in text
    assert "hush-hush" in settings.secrets


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "not a token"),
        ("BOT_TOKEN", "123456:with/slash"),
        ("BOT_API_URL", "api.telegram.org"),
        ("ADMIN_IDS", "1,me"),
        ("PORT", "99999"),
        ("TFLITE_RUNTIME", "cuda"),
        ("WEBHOOK_SECRET", "with space"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_bad_value_is_named_on_one_line_and_not_repeated(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(f"{name}: ")
    assert "\n" not in str(caught.value)
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    ("environment", "mode"),
    [
        ({}, Mode.PLAYGROUND),
        ({"BOT_TOKEN": TOKEN}, Mode.POLLING),
        ({"BOT_TOKEN": TOKEN, "WEBHOOK_URL": "https://x.example", "WEBHOOK_SECRET": "abc"}, Mode.WEBHOOK),
    ],
)
def test_without_a_flag_the_settings_choose_the_mode(monkeypatch, environment, mode):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert choose_mode(load_settings(), None) is mode
    assert choose_mode(load_settings(), Mode.PLAYGROUND) is Mode.PLAYGROUND


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        (["--polling"], {}, "--polling needs BOT_TOKEN"),
        (["run", "--polling"], {}, "--polling needs BOT_TOKEN"),
        (["run", "--webhook"], {}, "--webhook needs BOT_TOKEN and WEBHOOK_URL and WEBHOOK_SECRET"),
        (["--webhook"], {"BOT_TOKEN": TOKEN, "WEBHOOK_URL": "https://x.example"}, "--webhook needs WEBHOOK_SECRET"),
        ([], {"BOT_TOKEN": "nonsense"}, "BOT_TOKEN: "),
        ([], {"BOT_TOKEN": TOKEN, "PORT": "many"}, "PORT: "),
    ],
)
def test_the_command_line_refuses_with_one_clear_line(arguments, environment, expected):
    settings = {name.upper(): "" for name in Settings.model_fields}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DOTENV, *arguments],
        env=os.environ | settings | environment,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"python -m bot: {expected}")
    assert TOKEN not in line
