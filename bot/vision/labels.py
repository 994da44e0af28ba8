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
