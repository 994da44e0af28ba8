"""Every variable that the environment or ``.env`` may set, its default and what it means."""

import os
import re
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as UnreadableSetting

from bot.env_file import EnvFileError, read_env_file
from bot.network import USUAL_VARIABLES, passwords, proxy_address
from bot.webhook_url import webhook_base

PROJECT_ROOT: Final = Path(__file__).resolve().parent.parent
"""The folder that holds ``bot/``: relative paths start here, and ``.env`` lies here."""

ENV_FILE: Final = PROJECT_ROOT / ".env"
"""Settings for those who do not set them in the environment."""

TOKEN_FORM: Final = r"[0-9]+:[A-Za-z0-9_-]+"  # noqa: S105 - the form of a token, not a token
SECRET_FORM: Final = r"[A-Za-z0-9_-]{1,256}"  # noqa: S105 - what setWebhook accepts

WEBHOOK_NEEDS: Final = ("BOT_TOKEN", "WEBHOOK_URL", "WEBHOOK_SECRET")


class SettingsError(Exception):
    """A setting is bad, or one that a mode needs is missing; the message is one line without any value."""


class Mode(StrEnum):
    """How updates reach the bot."""

    POLLING = "polling"
    WEBHOOK = "webhook"
    PLAYGROUND = "playground"


class Settings(BaseSettings):
    """What the environment says; empty values count as unset, and no secret shows in ``repr``."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    bot_token: SecretStr | None = None
    """From @BotFather."""
    bot_api_url: str = "https://api.telegram.org"
    """Where the Bot API answers: the bot uses ``{url}/bot`` and ``{url}/file/bot``."""
    admin_ids: Annotated[tuple[int, ...], NoDecode] = ()
    """Telegram ids of the admins, separated by commas."""
    photo_limit: int = Field(default=60, ge=0)
    """How many photos a person may send in ten minutes; 0: as many as they like. Admins may, always."""
    webhook_url: str | None = None
    """The public base address; ``/telegram`` is appended."""
    webhook_secret: SecretStr | None = None
    """What Telegram sends along with every webhook call."""
    port: int = Field(default=8080, ge=0, le=65535)
    """Where the webhook server listens."""
    metrics_token: SecretStr | None = None
    """When set, ``/metrics`` asks for it."""
    database_url: SecretStr | None = None
    """An SQLAlchemy address; by default SQLite in ``var/``."""
    data_key: SecretStr | None = None
    """HMAC key under which user ids are stored."""
    data_dir: Path = Path("data")
    """The data sets."""
    models_dir: Path = Path("models")
    """The shipped model, and refreshed ones in ``live/``."""
    tflite_runtime: Literal["auto", "litert", "tflite-runtime"] = "auto"
    """Which interpreter runs the model."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    """The least severe log lines to write."""
    playground_port: int = Field(default=8081, ge=0, le=65535)
    """Where the playground's page and its Bot API server listen; 0 takes a free port."""
    proxy_url: SecretStr | None = None
    """The proxy that leads to Telegram and to the data; by default the system's own variables say."""

    @field_validator("bot_token")
    @classmethod
    def _token_form(cls, value: SecretStr | None) -> SecretStr | None:
        return _secret_of_form(value, TOKEN_FORM, "a bot token looks like 123456789:AAE..., as @BotFather gives it")

    @field_validator("webhook_secret")
    @classmethod
    def _webhook_secret_form(cls, value: SecretStr | None) -> SecretStr | None:
        return _secret_of_form(value, SECRET_FORM, "use 1 to 256 of the characters A-Z a-z 0-9 _ -")

    @field_validator("bot_api_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        scheme, _, rest = value.strip().partition("://")
        if scheme not in ("http", "https") or not rest:
            raise ValueError("an address starts with http:// or https://")
        return value.strip().rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _webhook_base(cls, value: str | None, info: ValidationInfo) -> str | None:
        return None if value is None else webhook_base(value, info.data.get("bot_api_url", ""))

    @field_validator("proxy_url")
    @classmethod
    def _proxy(cls, value: SecretStr | None) -> SecretStr | None:
        return None if value is None else SecretStr(proxy_address(value.get_secret_value()))

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _split_ids(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("data_dir", "models_dir")
    @classmethod
    def _from_root(cls, value: Path) -> Path:
        return PROJECT_ROOT / value.expanduser()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret value in force: what may stand in no output."""
        fields = (self.bot_token, self.webhook_secret, self.metrics_token, self.data_key, self.database_url)
        values = [field.get_secret_value() for field in fields if field is not None]
        if self.database_url is not None and (password := urlsplit(values[-1]).password):
            values.append(password)
        proxy = None if self.proxy_url is None else self.proxy_url.get_secret_value()
        return (*values, *passwords(proxy))

    def with_bot(self, token: str, api_url: str) -> Self:
        """These settings, for another bot on another Bot API server."""
        return self.model_copy(update={"bot_token": SecretStr(token), "bot_api_url": api_url.rstrip("/")})

    def with_admin(self, admin_id: int) -> Self:
        """These settings with one more admin."""
        return self.model_copy(update={"admin_ids": (*self.admin_ids, admin_id)})

    def without_photo_limit(self) -> Self:
        """These settings, for a bot that only its owner reaches."""
        return self.model_copy(update={"photo_limit": 0})


def load_settings() -> Settings:
    """Read the environment and ``.env``; the environment wins, and its empty values count as unset.

    Raises:
        SettingsError: something in them is bad; the message names each variable, never its value.
    """
    try:
        written = read_env_file(ENV_FILE)
        values = {name.lower(): value for name, value in written.items() if value}
        unset = {name for name in Settings.model_fields if not _in_environment(name)}
        settings = Settings(**{name: values[name] for name in unset & values.keys()})  # type: ignore[arg-type]
    except EnvFileError as error:
        raise SettingsError(str(error)) from None
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, each['loc'][:1])).upper()}: {_plain(each['msg'])}" for each in error.errors())
        raise SettingsError("; ".join(dict.fromkeys(problems))) from None
    except UnreadableSetting as error:
        raise SettingsError(str(error).splitlines()[0]) from None
    _take_usual_variables(written)
    return settings


def settings_or_exit(program: str) -> Settings:
    """As :func:`load_settings`, for a program that has nothing to add: what is bad ends it with one line, status 2."""
    try:
        return load_settings()
    except SettingsError as error:
        print(f"{program}: {error}", file=sys.stderr, flush=True)
        raise SystemExit(2) from None


def _in_environment(name: str) -> bool:
    return any(value for variable, value in os.environ.items() if variable.lower() == name)


def _take_usual_variables(written: Mapping[str, str]) -> None:
    """Let proxies and certificates that ``.env`` names count as if they stood in the environment."""
    for name, value in written.items():
        if name.upper() in ("PROXY_URL", *USUAL_VARIABLES) and value:
            os.environ.setdefault(name, value)


def choose_mode(settings: Settings, flag: Mode | None) -> Mode:
    """The mode that the flag names, else the one that the settings allow.

    Raises:
        SettingsError: what the mode needs is missing.
    """
    if flag is not None:
        mode = flag
    elif settings.webhook_url is not None:
        mode = Mode.WEBHOOK
    else:
        mode = Mode.PLAYGROUND if settings.bot_token is None else Mode.POLLING
    needs = {Mode.PLAYGROUND: (), Mode.POLLING: ("BOT_TOKEN",), Mode.WEBHOOK: WEBHOOK_NEEDS}[mode]
    missing = [name for name in needs if getattr(settings, name.lower()) is None]
    if missing:
        raise SettingsError(
            f"--{mode} needs {' and '.join(missing)}: set it in the environment or in .env (see .env.example)"
        )
    return mode


def _secret_of_form(value: SecretStr | None, form: str, advice: str) -> SecretStr | None:
    if value is None:
        return None
    stripped = value.get_secret_value().strip()
    if re.fullmatch(form, stripped) is None:
        raise ValueError(advice)
    return SecretStr(stripped)


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")
