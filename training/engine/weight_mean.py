"""The mean of a network's weights and those that it started from (Wortsman et al. 2022)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras
    import numpy as np
    from numpy.typing import NDArray


def keep(network: keras.Model, before: list[NDArray[np.float32]], share: float) -> None:
    """Leave a network with the mean of its weights and those that it started from; what is alike in both stays.

    Args:
        network: gets the mean.
        before: what it started from.
        share: how much of that, 0..1.
    """
    if share:
        pairs = zip(before, network.get_weights(), strict=True)
        network.set_weights([now + share * (earlier - now) for earlier, now in pairs])
