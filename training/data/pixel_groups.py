"""What a pixel may be, as a set of groups in one number: bit k is set where group k is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bot.vision.garment import Group

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray


def allowed(*groups: Group) -> int:
    """The number of a set of groups."""
    return sum(1 << group for group in set(groups))


ANYTHING: Final = allowed(*Group)
"""Nothing is known of such a pixel."""

NO_CLOTHING: Final = allowed(Group.BACKGROUND, Group.PERSON)
BACKGROUND: Final = allowed(Group.BACKGROUND)

STREET_KINDS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("skin", "hair", "bracelet", "earrings", "glasses", "necklace", "ring", "sunglasses", "watch"),
                    allowed(Group.PERSON)),
    **dict.fromkeys(("belt", "gloves", "hat", "scarf", "socks", "stockings", "tights", "tie"), allowed(Group.OTHER)),
    **dict.fromkeys(("bag", "purse"), allowed(Group.BAG)),
    **dict.fromkeys(("blazer", "coat", "cape", "jacket"), allowed(Group.OUTER)),
    **dict.fromkeys(("cardigan", "hoodie", "vest"), allowed(Group.UPPER, Group.OUTER)),
    **dict.fromkeys(("blouse", "shirt", "t-shirt", "top", "sweater", "sweatshirt", "jumper"), allowed(Group.UPPER)),
    **dict.fromkeys(("dress", "romper"), allowed(Group.DRESS)),
    **dict.fromkeys(("jeans", "pants", "leggings", "shorts", "skirt"), allowed(Group.LOWER)),
    **dict.fromkeys(("boots", "clogs", "flats", "heels", "loafers", "pumps", "sandals", "shoes", "sneakers", "wedges"),
                    allowed(Group.SHOE)),
    "background": BACKGROUND,
    "accessories": allowed(Group.OTHER, Group.PERSON, Group.BACKGROUND),
    "wallet": allowed(Group.BAG, Group.OTHER),
    "suit": allowed(Group.OUTER, Group.LOWER),
    "bodysuit": allowed(Group.UPPER, Group.DRESS),
    "bra": allowed(Group.UPPER, Group.OTHER),
    "intimate": allowed(Group.UPPER, Group.DRESS, Group.OTHER),
    "swimwear": allowed(Group.UPPER, Group.DRESS, Group.OTHER),
    "panties": allowed(Group.LOWER, Group.OTHER),
}  # fmt: skip
"""What the pixels of each kind in the street photos may be."""

GROUP_OF_LABEL: Final[Mapping[str, Group]] = {
    **dict.fromkeys(("t-shirt", "pullover", "shirt"), Group.UPPER),
    "coat": Group.OUTER,
    "dress": Group.DRESS,
    **dict.fromkeys(("trouser", "shorts", "skirt"), Group.LOWER),
    **dict.fromkeys(("sandal", "sneaker", "ankle-boot", "footwear"), Group.SHOE),
    "bag": Group.BAG,
    **dict.fromkeys(("hat", "belt", "tie", "socks", "gloves"), Group.OTHER),
}
"""The group of what a flat or shop photo shows alone."""


_BESIDE_A_TOP: Final = (Group.LOWER, Group.PERSON, Group.OTHER, Group.SHOE)

WORN_WITH: Final[Mapping[str, int]] = {
    **dict.fromkeys(("t-shirt", "shirt", "t-shirt|shirt"), allowed(Group.UPPER, *_BESIDE_A_TOP)),
    **dict.fromkeys(("pullover", "coat", "pullover|coat"), allowed(Group.UPPER, Group.OUTER, *_BESIDE_A_TOP)),
    **dict.fromkeys(("kurta", "dress|shirt"), allowed(Group.UPPER, Group.DRESS, *_BESIDE_A_TOP)),
    **dict.fromkeys(
        ("trouser", "shorts", "skirt", "trouser|shorts"), allowed(Group.UPPER, Group.OUTER, *_BESIDE_A_TOP)
    ),
}
"""What there may be on the shop photo of a product that somebody wears, by its label: with a shirt never a dress."""


def tagged(tags: Iterable[str]) -> int:
    """What there may be on a street photo, by the names of what is worn; shoes are often not named."""
    known = [STREET_KINDS[tag] for tag in tags if STREET_KINDS.get(tag, ANYTHING) != ANYTHING]
    groups = allowed(Group.BACKGROUND, Group.PERSON, Group.SHOE)
    for each in known:
        groups |= each
    return groups


def street_table(names: Mapping[int, str]) -> NDArray[np.uint16]:
    """What a pixel of a street photo may be, by its value: uint16 [256].

    Args:
        names: of the values.
    """
    table = np.full(256, ANYTHING, np.uint16)
    for value, name in names.items():
        table[value] = STREET_KINDS[name]
    return table
