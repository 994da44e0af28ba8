"""Every variable that the environment or ``.env`` may set, its default and what it means."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as UnreadableSetting

PROJECT_ROOT: Final = Path(__file__).resolve().parent.parent
"""The folder that holds ``bot/``: relative paths start here, and ``.env`` lies here."""

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
        env_file=PROJECT_ROOT / ".env",
        env_file_encoding="utf-8",
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

    @field_validator("bot_token")
    @classmethod
    def _token_form(cls, value: SecretStr | None) -> SecretStr | None:
        return _secret_of_form(value, TOKEN_FORM, "a bot token looks like 123456789:AAE..., as @BotFather gives it")

    @field_validator("webhook_secret")
    @classmethod
    def _webhook_secret_form(cls, value: SecretStr | None) -> SecretStr | None:
        return _secret_of_form(value, SECRET_FORM, "use 1 to 256 of the characters A-Z a-z 0-9 _ -")

    @field_validator("bot_api_url", "webhook_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        scheme, _, rest = value.strip().partition("://")
        if scheme not in ("http", "https") or not rest:
            raise ValueError("an address starts with http:// or https://")
        return value.strip().rstrip("/")

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
        return tuple(values)

    def with_bot(self, token: str, api_url: str) -> Self:
        """These settings, for another bot on another Bot API server."""
        return self.model_copy(update={"bot_token": SecretStr(token), "bot_api_url": api_url.rstrip("/")})


def load_settings() -> Settings:
    """Read the environment and ``.env``.

    Raises:
        SettingsError: something in them is bad; the message names each variable, never its value.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, each['loc'][:1])).upper()}: {_plain(each['msg'])}" for each in error.errors())
        raise SettingsError("; ".join(dict.fromkeys(problems))) from None
    except UnreadableSetting as error:
        raise SettingsError(str(error).splitlines()[0]) from None


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
