"""The files that messages carry, in memory and within a budget."""

import mimetypes
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from telegram_playground.errors import bad_request
from telegram_playground.images import EncodedSize

MAX_DOWNLOAD_BYTES: Final = 20 * 1024 * 1024
"""Larger files cannot be fetched by a bot."""
_EXTRA_TYPES: Final = {".heic": "image/heic", ".heif": "image/heif", ".avif": "image/avif", ".webp": "image/webp"}


@dataclass(frozen=True, slots=True, eq=False)
class StoredFile:
    """A file and the ids that Telegram would give it."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime: str
    data: bytes

    def api(self) -> dict[str, Any]:
        """The fields that every file object has."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}


class FileStore:
    """Files by id and by path; the oldest go when the budget is spent.

    Args:
        budget: Bytes kept at most.
        bot_id: Part of every file id, as in Telegram, where ids are valid for one bot.

    Attributes:
        local_folder: When not empty, the server is in local mode: getFile names paths below this folder of the server's
            disk, and files cannot be fetched over HTTP.
    """

    def __init__(self, budget: int, bot_id: int) -> None:
        self.local_folder = ""
        self._budget = budget
        self._bot_id = bot_id
        self._held = 0
        self._count = 0
        self._by_id: OrderedDict[str, StoredFile] = OrderedDict()
        self._by_path: dict[str, StoredFile] = {}
        self._photos: dict[str, list[dict[str, Any]]] = {}

    def add(self, data: bytes, *, folder: str, name: str, mime: str = "") -> StoredFile:
        """Keeps a file.

        Args:
            data: The file.
            folder: "photos", "documents" and so on.
            name: The sender's file name, of which the path shows only the extension.
            mime: Its MIME type; guessed by the name when empty.
        """
        self._count += 1
        extension = "." + name.rpartition(".")[2] if "." in name else ""
        stored = StoredFile(
            file_id=f"AgACAgUAAxkBAAI{secrets.token_urlsafe(36)}{self._bot_id % 100}",
            unique_id=f"AQAD{secrets.token_urlsafe(9)}",
            # A random folder: PTB reads a relative path from the disk when such a file exists there.
            path=f"{folder}/{secrets.token_hex(12)}/file_{self._count}{quote(extension[:12])}",
            name=name,
            mime=mime or guess_mime(name),
            data=data,
        )
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored
        self._held += len(data)
        while self._held > self._budget and len(self._by_id) > 1:
            _, dropped = self._by_id.popitem(last=False)
            del self._by_path[dropped.path]
            self._photos.pop(dropped.file_id, None)
            self._held -= len(dropped.data)
        return stored

    def add_photo(self, sizes: tuple[EncodedSize, ...]) -> list[dict[str, Any]]:
        """Keeps every size of a photo and returns Telegram's list of PhotoSize objects, smallest first."""
        result = []
        for size in sizes:
            stored = self.add(size.data, folder="photos", name="photo.jpg")
            result.append({**stored.api(), "width": size.width, "height": size.height})
        self._photos |= {size["file_id"]: result for size in result}
        return result

    def photo(self, file_id: str) -> list[dict[str, Any]]:
        """All sizes of the photo that has this id for one of them.

        Raises:
            ApiError: There is no such photo, or no longer.
        """
        stored = self.get(file_id)
        if file_id not in self._photos:
            raise bad_request(f"can't use file of type {stored.path.split('/')[0].rstrip('s').title()} as Photo")
        return self._photos[file_id]

    def get(self, file_id: str) -> StoredFile:
        """The file with this id.

        Raises:
            ApiError: There is none, or no longer.
        """
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        """The file with this id, if it is still kept."""
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """The file at a path that getFile gave out."""
        return self._by_path.get(path)


def guess_mime(name: str) -> str:
    """The MIME type that a phone would send with a file of this name."""
    extension = "." + name.rpartition(".")[2].lower()
    return _EXTRA_TYPES.get(extension) or mimetypes.guess_type(name)[0] or "application/octet-stream"
