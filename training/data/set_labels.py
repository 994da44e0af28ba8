"""What the labels of the photo sets say about the ten classes: partial labels, where a kind may be one of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bot.datasets.street_photos import street_names
from bot.vision.labels import (
    ANKLE_BOOT,
    BAG,
    CLASS_COUNT,
    COAT,
    DRESS,
    NO_CLOTHING,
    OTHER_CLOTHING,
    PULLOVER,
    SANDAL,
    SHIRT,
    SHOES,
    SNEAKER,
    T_SHIRT,
    TROUSER,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

NO_CLOTHES: Final = frozenset({"background", "skin", "hair"})
"""Kinds of the street photos that are no clothing, and are not counted as any."""

LEFT_OUT: Final[frozenset[int]] = frozenset()
"""Of a kind that says nothing: a "wallet" of the streets is a clutch, an "accessory" may be anything."""

_ANY_SHOE: Final = frozenset(SHOES)
_OTHER: Final = frozenset({OTHER_CLOTHING})
_NONE: Final = frozenset({NO_CLOTHING})


def _by_kind(groups: Mapping[str, frozenset[int]]) -> dict[str, frozenset[int]]:
    return {kind: outcomes for kinds, outcomes in groups.items() for kind in kinds.split()}


STREET_KINDS: Final[Mapping[str, frozenset[int]]] = _by_kind(
    {
        "t-shirt": frozenset({T_SHIRT}),
        "top blouse": frozenset({T_SHIRT, SHIRT}),
        "jeans pants leggings": frozenset({TROUSER}),
        "sweater sweatshirt jumper": frozenset({PULLOVER}),
        "hoodie cardigan": frozenset({PULLOVER, COAT}),
        "dress": frozenset({DRESS}),
        "romper": frozenset({TROUSER, DRESS}),
        "coat jacket blazer cape": frozenset({COAT}),
        "suit": frozenset({TROUSER, COAT}),
        "shirt": frozenset({SHIRT}),
        "vest": frozenset({T_SHIRT, PULLOVER, COAT, SHIRT}),
        "sandals": frozenset({SANDAL}),
        "sneakers": frozenset({SNEAKER}),
        "boots": frozenset({ANKLE_BOOT}),
        "shoes heels flats pumps loafers wedges clogs": _ANY_SHOE,
        "bag purse": frozenset({BAG}),
        "skirt shorts hat scarf socks stockings tights tie belt gloves bodysuit swimwear bra panties intimate": _OTHER,
        "bracelet earrings necklace ring glasses sunglasses watch background skin hair": _NONE,
        "accessories wallet": LEFT_OUT,
    }
)
"""The outcomes that each of :func:`bot.datasets.street_names` allows."""

LABEL_CLASSES: Final[dict[str, frozenset[int]]] = {
    "t-shirt": frozenset({T_SHIRT}),
    "trouser": frozenset({TROUSER}),
    "pullover": frozenset({PULLOVER}),
    "dress": frozenset({DRESS}),
    "coat": frozenset({COAT}),
    "shirt": frozenset({SHIRT}),
    "sandal": frozenset({SANDAL}),
    "sneaker": frozenset({SNEAKER}),
    "ankle-boot": frozenset({ANKLE_BOOT}),
    "footwear": _ANY_SHOE,
}
"""The classes by which a label of :func:`bot.datasets.photo_list` is scored; hats, shorts and skirts have none."""

FLAT_KINDS: Final[dict[str, frozenset[int]]] = LABEL_CLASSES | _by_kind(
    {"bag": frozenset({BAG}), "hat scarf belt tie socks shorts skirt gloves": _OTHER}
)
"""The outcomes that each label of :func:`bot.datasets.photo_list` allows."""

SHOP_KINDS: Final[Mapping[str, frozenset[int]]] = FLAT_KINDS | _by_kind(
    {"kurta": frozenset({DRESS, OTHER_CLOTHING}), "wallet watch sunglasses": _NONE}
)
"""The outcomes that each kind of :func:`bot.datasets.shop_photo_list` allows. Here a wallet is a purse, no clutch."""

LARGE: Final = 0.25
"""Share of all clothing pixels of a street photo from which on a kind may be what it shows first."""


def flat_outcomes(label: str) -> frozenset[int]:
    """What a single garment may be, by its label.

    Raises:
        KeyError: no such label.
    """
    return FLAT_KINDS[label]


def worn_most(labels: NDArray[np.uint8]) -> frozenset[int]:
    """The classes of what covers most of a person: of every kind of the ten that covers a quarter of the clothing.

    Args:
        labels: uint8 [h, w], positions in :func:`bot.datasets.street_photos.street_names`.

    Returns:
        Class numbers; where no kind is so large, those of every kind of the ten.
    """
    areas = {street_names()[value]: int((labels == value).sum()) for value in np.unique(labels).tolist()}
    worn = {kind: area for kind, area in areas.items() if kind not in NO_CLOTHES}
    of_the_ten = {kind: area for kind, area in worn.items() if ten_classes(kind)}
    large = [kind for kind, area in of_the_ten.items() if area >= LARGE * sum(worn.values())] or list(of_the_ten)
    return frozenset().union(*(ten_classes(kind) for kind in large))


def ten_classes(kind: str) -> frozenset[int]:
    """The classes of the ten that a kind of the street photos may be; none of a kind outside."""
    return frozenset(outcome for outcome in STREET_KINDS[kind] if outcome < CLASS_COUNT)


def street_outcomes(kind: str) -> frozenset[int]:
    """What a kind of the street photos may be: class numbers, :data:`OTHER_CLOTHING`, :data:`NO_CLOTHING`.

    Empty (:data:`LEFT_OUT`) where nothing should be learnt from it or measured on it.

    Raises:
        KeyError: no such kind.
    """
    return STREET_KINDS[kind]


def shop_outcomes(label: str) -> frozenset[int]:
    """What a product may be, by its label: one kind, or several joined by ``|`` of which any may be right.

    Raises:
        KeyError: no such kind.
    """
    return frozenset().union(*(SHOP_KINDS[kind] for kind in label.split("|")))
