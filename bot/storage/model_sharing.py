"""Brings the live set of a models folder into the database, from where replicas fetch it.

Publishing has one commit point, the folder's; the database follows, and it may be away. So it is noted in the folder,
before the commit, that the database has to follow, and the note goes when it has. Whoever finds the note later, the
next command of an admin or a bot on that folder, makes up for it: the same version, never a second one.
"""

import contextlib
import json
import logging
from pathlib import Path
from typing import Final

from bot.registry.files import sync_folder
from bot.registry.folder import ModelsFolder, StoredModel
from bot.registry.layout import LIVE_FOLDER
from bot.registry.model_set import ModelSet, described
from bot.storage.models import ModelTable
from bot.storage.types import SharedModel
from bot.vision.interpreter import ModelError

_LOGGER = logging.getLogger(__name__)

NOTE: Final = Path(LIVE_FOLDER) / "unshared"
"""In the models folder: the database does not know yet what is live there."""


def note_unshared(models_dir: Path) -> None:
    """Note that the database has to follow.

    Raises:
        OSError: the folder cannot be written.
    """
    note = models_dir / NOTE
    note.parent.mkdir(parents=True, exist_ok=True)
    note.touch()
    sync_folder(note.parent)


def is_unshared(models_dir: Path) -> bool:
    """Whether the database has to follow."""
    return (models_dir / NOTE).exists()


def forget_note(models_dir: Path) -> None:
    """The database has followed, or nothing was published after all."""
    with contextlib.suppress(FileNotFoundError):
        (models_dir / NOTE).unlink()


def share(models_dir: Path, table: ModelTable) -> ModelSet | None:
    """Put the live set into the database, unless it is the newest there; the note goes.

    Args:
        models_dir: the models folder.
        table: where replicas look.

    Returns:
        The set that is live in the folder; None where there is none with a card of its own.

    Raises:
        StoreUnavailable: the database is away; the note stays.
        OSError: the folder cannot be read.
    """
    model = live_model(models_dir)
    if model is not None:
        newest = table.latest_model()
        if newest is None or not is_same(newest, model):
            table.put_model(model)
    forget_note(models_dir)
    return model


def is_same(shared: SharedModel, live: ModelSet | StoredModel) -> bool:
    """Whether what is in the database is a set that is here: the card describes the files."""
    try:
        return bool(json.loads(shared.card) == live.card)
    except ValueError:
        return False


def live_model(models_dir: Path) -> ModelSet | None:
    """The live set of a models folder, of a former one its classifier; None where there is none with a card of its own.

    Raises:
        OSError: the folder cannot be read.
    """
    live = ModelsFolder(models_dir).live()
    if live is None or not live.card.get("sha256"):
        return None
    try:
        found = live.read()
    except ModelError as error:
        _LOGGER.error("%s is not shared with replicas: %s", live.version, error)
        return None
    own = {name: data for name, data in found.networks.items() if name in described(live.card)}
    return ModelSet(live.card, own)
