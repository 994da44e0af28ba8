"""How long things are kept and how many: what ``/privacy`` promises, in one place."""

from datetime import timedelta
from typing import Final

MAX_PICTURES_PER_USER: Final = 200
"""Enough for a wardrobe; one enthusiast must not become the training set."""

MAX_PICTURES: Final = 5_000
"""In all. About 60 KB each: 300 MB."""

MAX_PICTURE_BYTES: Final = 512 * 1024

CONSENT_KEPT: Final = timedelta(days=730)
"""A consent ends after two years, and every photo kept under it goes with it."""

REFUSAL_KEPT: Final = CONSENT_KEPT
"""Nobody is asked again for this long after a no."""

PENDING_KEPT: Final = timedelta(days=180)
"""A correction that no admin has looked at."""

REJECTED_KEPT: Final = timedelta(days=30)
"""Long enough to take a mistaken rejection back."""

ACCEPTED_KEPT: Final = timedelta(days=730)

LANGUAGE_KEPT: Final = timedelta(days=730)
"""Since it was last chosen."""

COUNTS_KEPT: Final = timedelta(days=730)

UPDATES_KEPT: Final = timedelta(hours=48)
"""Telegram delivers an update again for at most 24 hours."""

ALBUMS_KEPT: Final = timedelta(hours=1)

MODELS_KEPT: Final = 5
"""Published models in the table, the newest included."""
