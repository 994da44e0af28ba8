"""Who a row belongs to, without saying who it is.

Telegram ids are ten-digit numbers, so a plain hash of one is undone by trying them all. The store knows people by an
HMAC-SHA256 of their id under a secret key instead (RFC 2104). The key has nothing to do with the bot's token: a new
token loses nobody's corrections.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from bot.registry.files import sync_folder
from bot.storage.errors import StoreSettingsError

_KEY_BYTES = 32


class DataKey:
    """Turns Telegram ids into the references that the store keeps."""

    def __init__(self, secret: str) -> None:
        if not secret.strip():
            raise StoreSettingsError("DATA_KEY is empty: set it to a long random text")
        self._secret = secret.strip().encode()

    def __repr__(self) -> str:
        return "DataKey(...)"

    def reference(self, telegram_id: int) -> str:
        """The reference of a user or chat: 64 hexadecimal digits."""
        return self.digest(str(telegram_id))

    def digest(self, text: str) -> str:
        """HMAC-SHA256 of ``text``, hex."""
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def key_beside(path: Path) -> DataKey:
    """Read the key from ``path``; make it on the first run.

    Two processes that start together end with the same key: the file is written whole under another name and linked
    into place, which only one of them can do.

    Args:
        path: the key file, beside the SQLite file.

    Raises:
        StoreSettingsError: it cannot be read or made.
    """
    try:
        if not path.exists():
            _make_key(path)
        secret = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a key"
        raise StoreSettingsError(f"cannot keep the data key in {path} ({reason}): set DATA_KEY instead") from error
    if len(secret.strip()) < _KEY_BYTES:
        raise StoreSettingsError(f"the data key in {path} is damaged: bring the file back, or set DATA_KEY")
    return DataKey(secret)


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return  # the other process was first; its key counts
    finally:
        draft.unlink()
    sync_folder(path.parent)
