"""Between what a network was and what it has become: robust fine-tuning (Wortsman et al. 2022).

What is learnt from few photos costs what the weights knew of others; halfway there, most of it is learnt and little is
lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import keras
    import numpy as np
    from numpy.typing import NDArray

REFRESH_KEPT: Final = 0.5
"""Share of the published weights in what a refresh publishes."""


def interpolate(network: keras.Model, start: list[NDArray[np.float32]], share: float) -> None:
    """Leave a network with the mean of its weights and those that it started from; what is alike in both stays.

    Args:
        network: gets the mean.
        start: what it started from, in the order of ``get_weights()``.
        share: how much of that, 0..1.
    """
    if share:
        pairs = zip(start, network.get_weights(), strict=True)
        network.set_weights([now + share * (earlier - now) for earlier, now in pairs])
