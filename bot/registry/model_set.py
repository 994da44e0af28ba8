"""A set of networks as one version: their bytes, and the card that describes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.registry.layout import CARD_FILE, MODEL_FILE, NETWORK_FILES
from bot.vision.interpreter import ModelError


@dataclass(frozen=True, slots=True)
class ModelSet:
    """What is published.

    Attributes:
        card: the model card, as JSON values.
        networks: TFLite files by name, of :data:`~bot.registry.layout.NETWORK_FILES`; publishing takes those that are
            left out from the live set.
        start: what a refresh starts from, files by name.
    """

    card: Mapping[str, Any]
    networks: Mapping[str, bytes] = field(repr=False)
    start: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def version(self) -> str:
        """The name that the card gives it."""
        return str(self.card.get("version") or "")

    @property
    def model(self) -> bytes:
        """The file that classifies 28x28 pixels."""
        return self.networks[MODEL_FILE]


def sha256(data: bytes) -> str:
    """The SHA-256 of a file, in hex."""
    return hashlib.sha256(data).hexdigest()


def networks_entry(networks: Mapping[str, bytes]) -> dict[str, dict[str, str | int]]:
    """The card's ``networks``: SHA-256 and size of each file."""
    return {name: {"sha256": sha256(networks[name]), "bytes": len(networks[name])} for name in sorted(networks)}


def card_bytes(card: Mapping[str, Any]) -> bytes:
    """``card.json`` of these values."""
    return (json.dumps(dict(card), ensure_ascii=False, indent=2) + "\n").encode()


def is_whole_set(card: Mapping[str, Any]) -> bool:
    """Whether a card describes a set; one of the former form describes the classifier alone."""
    return "networks" in card


def described(card: Mapping[str, Any]) -> dict[str, str]:
    """The files that a card describes.

    Args:
        card: as read; damaged entries describe no file.

    Returns:
        File name -> SHA-256 in hex; the classifier alone for a card of the former form, nothing for one without.
    """
    if is_whole_set(card):
        entries = card["networks"] if isinstance(card["networks"], dict) else {}
        return {name: _sha256_of(entries.get(name)) for name in NETWORK_FILES}
    digest = card.get("sha256")
    return {MODEL_FILE: digest.lower()} if isinstance(digest, str) and digest else {}


def foreign_files(card: Mapping[str, Any], networks: Mapping[str, bytes]) -> list[str]:
    """The names of networks that are not those that the card describes."""
    digests = {name: sha256(data) for name, data in networks.items()}
    found = [name for name, digest in described(card).items() if digests.get(name) != digest]
    model = card.get("sha256")
    if MODEL_FILE not in found and isinstance(model, str) and model and model.lower() != digests.get(MODEL_FILE):
        found.append(MODEL_FILE)
    return found


def check_described(card: Mapping[str, Any], networks: Mapping[str, bytes]) -> None:
    """Make sure that networks are those that a card describes: thresholds and weights are of them alone.

    Raises:
        ModelError: with the names of those that are not.
    """
    if foreign := foreign_files(card, networks):
        raise ModelError(told_foreign(foreign))


def told_foreign(names: Iterable[str]) -> str:
    """One line about files that are not those of their card."""
    listed = list(names)
    verb = "is not the file" if len(listed) == 1 else "are not the files"
    return f"{', '.join(listed)} {verb} that {CARD_FILE} describes; put the whole set in place"


def _sha256_of(entry: object) -> str:
    digest = entry.get("sha256") if isinstance(entry, dict) else None
    return digest.lower() if isinstance(digest, str) else ""
