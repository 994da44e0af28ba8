"""The ten classes of Fashion-MNIST, in the order of the model's outputs."""

from typing import Final

CLASS_NAMES: Final[tuple[str, ...]] = (
    "T恤/上衣",
    "褲子",
    "毛衣",
    "連衣裙",
    "外套",
    "涼鞋",
    "襯衫",
    "運動鞋",
    "包包",
    "ankle boot(踝靴)",
)
"""Traditional Chinese names, as the course gives them."""

CLASS_NAMES_EN: Final[tuple[str, ...]] = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
"""English names, as the data set's README gives them."""

CLASS_COUNT: Final = len(CLASS_NAMES)

T_SHIRT, TROUSER, PULLOVER, DRESS, COAT, SANDAL, SHIRT, SNEAKER, BAG, ANKLE_BOOT = range(CLASS_COUNT)

SHOES: Final[tuple[int, ...]] = (SANDAL, SNEAKER, ANKLE_BOOT)
"""The classes that a photo labelled only ``footwear`` may be."""

OTHER_CLOTHING, NO_CLOTHING, WRONG_OUTLINE = range(CLASS_COUNT, CLASS_COUNT + 3)
"""What people may say beside the ten classes: clothing outside them, nothing to see, the wrong thing is outlined."""

SAID_NAMES: Final[tuple[str, ...]] = (*CLASS_NAMES, "其他衣物", "沒有衣物", "圈錯了")

SAID_COUNT: Final = len(SAID_NAMES)
