import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import _serve_playground
from bot.network import proxy_for
from bot.settings import PROJECT_ROOT, Mode, Settings, SettingsError, choose_mode, load_settings

WITHOUT_DOTENV = """
import sys
from bot.__main__ import main
from pathlib import Path
import bot.settings
bot.settings.ENV_FILE = Path("nowhere/.env")  # a developer's own token must not come alive in a test
sys.exit(main(sys.argv[1:]))
"""
TOKEN = "123456789:AAHkq0secretsecretsecretsecretsecret"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr("bot.settings.ENV_FILE", tmp_path / ".env")


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


@pytest.mark.parametrize(
    ("value", "base"),
    [
        ("https://bot.example.org", "https://bot.example.org"),
        ("https://bot.example.org/", "https://bot.example.org"),
        ("https://bot.example.org/telegram", "https://bot.example.org"),
        (" https://bot.example.org/telegram/ ", "https://bot.example.org"),
        ("HTTPS://bot.example.org:8443/bots/telegram", "https://bot.example.org:8443/bots"),
        ("https://bot.example.org/mytelegram", "https://bot.example.org/mytelegram"),
        ("https://[2001:db8::1]:443", "https://[2001:db8::1]:443"),
    ],
)
def test_a_webhook_address_is_a_base(monkeypatch, value, base):
    monkeypatch.setenv("WEBHOOK_URL", value)
    assert load_settings().webhook_url == base


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("http://bot.example.org", "https only"),
        ("https://bot.example.org:8080", "443, 80, 88, 8443 only"),
        ("https://bot.example.org:99999", "no web address"),
        ("https://bot.example.org:port", "no web address"),
        ("https://[2001:db8::1", "no web address"),
        ("https://bot.example.org/?key=value", "everything from ?"),
        ("https://bot.example.org/telegram#top", "or # on"),
        ("https://ann:hush@bot.example.org", "user name"),
        ("https://:443", "names a host"),
        ("https:///telegram", "names a host"),
        ("https://bot example.org", "names a host"),
        ("ftp://bot.example.org", "http:// or https://"),
        ("bot.example.org", "http:// or https://"),
    ],
)
def test_an_address_to_which_telegram_cannot_deliver_is_one_line(monkeypatch, value, advice):
    monkeypatch.setenv("WEBHOOK_URL", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith("WEBHOOK_URL: ")
    assert advice in str(caught.value)
    assert "\n" not in str(caught.value)
    assert value not in str(caught.value)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("value", ["http://10.0.0.7:8080", "http://bot:5000/telegram", "https://bot.example.org:9000"])
def test_a_bot_api_server_of_ones_own_may_deliver_anywhere(monkeypatch, value):
    monkeypatch.setenv("BOT_API_URL", "http://bot-api:8081")
    monkeypatch.setenv("WEBHOOK_URL", value)
    assert load_settings().webhook_url == value.removesuffix("/telegram")


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
        ("PHOTO_LIMIT", "-1"),
        ("PHOTO_LIMIT", "many"),
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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_dotenv_is_read_as_editors_save_it(tmp_path: Path, encoding: str) -> None:
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    text = f"{mark}# 機器人的設定\r\nexport BOT_TOKEN='{TOKEN}'\r\nPORT = 9000\r\nBOT_TOKEN=\r\n"
    (tmp_path / ".env").write_bytes(text.replace("BOT_TOKEN=\r\n", "").encode(encoding))
    settings = load_settings()
    assert settings.port == 9000
    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == TOKEN


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (f"BOT_TOKEN={TOKEN} # 機器人".encode("cp950"), "save it again as UTF-8"),
        ("PORT=9000 # Größe".encode("latin-1"), "save it again as UTF-8"),
        ("PORT=9000".encode("utf-16-le"), "save it again as UTF-8"),
        (b"PORT=9000\0", "save it again as UTF-8"),
        (b"\xff\xfeP", "save it again as UTF-8"),
        (b"PORT=9000\nhush 'hush\n", "line 2"),
        (b"#" * 2_000_000, "too large"),
    ],
)
def test_a_dotenv_that_cannot_be_read_is_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(SettingsError, match=re.escape(says)) as raised:
        load_settings()
    line = str(raised.value)
    assert line.startswith(".env")
    assert "\n" not in line
    assert "hush" not in line
    assert TOKEN not in line


def test_a_dotenv_that_is_a_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(SettingsError, match=r"\.env cannot be read: Is a directory"):
        load_settings()


@pytest.mark.parametrize(
    "command",
    [["-m", "bot"], ["-m", "bot", "predict", "photo.jpg"], ["-m", "training", "runs"], ["-m", "benchmarks"]],
)
def test_every_command_says_in_one_line_that_dotenv_cannot_be_read(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / ".env").write_bytes("BOT_TOKEN=機器人".encode("cp950"))
    shim = "import sys, runpy, bot.settings; from pathlib import Path;"
    shim += f"bot.settings.ENV_FILE = Path({str(tmp_path / '.env')!r});"
    shim += f"sys.argv = {command[1:]!r}; runpy.run_module({command[1]!r}, run_name='__main__', alter_sys=True)"
    ended = subprocess.run(
        [sys.executable, "-c", shim], cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 2
    (line,) = ended.stderr.strip().splitlines()
    assert ".env is neither UTF-8" in line


def test_a_proxy_in_dotenv_counts_unless_the_environment_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("HTTPS_PROXY=http://ann:hush@proxy:1\nNO_PROXY=[::1],10.0.0.0/8\n")
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    settings = load_settings()
    assert proxy_for("https://api.telegram.org") == "http://ann:hush@proxy:1"
    assert "hush" in settings.secrets
    monkeypatch.setenv("HTTPS_PROXY", "http://other:2")
    load_settings()
    assert proxy_for("https://api.telegram.org") == "http://other:2"


def test_a_proxy_url_that_cannot_be_used_is_one_line_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROXY_URL", "gopher://ann:hush@proxy")
    with pytest.raises(SettingsError, match="PROXY_URL") as raised:
        load_settings()
    assert "hush" not in str(raised.value)


async def test_the_limit_of_photos_is_set_and_binds_no_playground(monkeypatch: pytest.MonkeyPatch) -> None:
    class Enough(Exception):
        """The settings have come."""

    async def build_bot(settings: Settings, _: str | None = None) -> None:
        raise Enough(settings.photo_limit)

    monkeypatch.setattr("bot.app.build_bot", build_bot)
    monkeypatch.setenv("PHOTO_LIMIT", "200")
    monkeypatch.setenv("PLAYGROUND_PORT", "0")
    settings = Settings()
    assert settings.photo_limit == 200
    with pytest.raises(Enough, match=r"^0$"):
        await _serve_playground(settings, asyncio.Event(), browser=False)
