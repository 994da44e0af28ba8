"""How long things are kept and how many: what ``/privacy`` promises, in one place."""

from datetime import timedelta
from typing import Final

MAX_PICTURES_PER_USER: Final = 200
"""Enough for a wardrobe; one enthusiast must not become the training set."""

MAX_PICTURES: Final = 5_000
"""In all. About 60 KB each: 300 MB."""

MAX_PICTURE_BYTES: Final = 512 * 1024
"""One kept JPEG."""

CONSENT_KEPT: Final = timedelta(days=730)
"""A consent ends after two years, and every photo kept under it goes with it."""

REFUSAL_KEPT: Final = CONSENT_KEPT
"""Nobody is asked again for this long after a no."""

PENDING_KEPT: Final = timedelta(days=180)
"""A correction that no admin has looked at."""

REJECTED_KEPT: Final = timedelta(days=30)
"""Long enough to take a mistaken rejection back."""

ACCEPTED_KEPT: Final = timedelta(days=730)
"""A correction that is trained on, since it was made."""

LANGUAGE_KEPT: Final = timedelta(days=730)
"""Since it was last chosen."""

COURSE_PLACE_KEPT: Final = timedelta(days=180)
"""At which step of the course somebody is: a term."""

COUNTS_KEPT: Final = timedelta(days=730)
"""How many answers of a day were called right or wrong, by whomever."""

NETWORK_KEPT: Final = timedelta(days=7)
"""A network that somebody trained in the chat, since it was trained."""

MAX_NETWORK_BYTES: Final = 200_000_000
"""For the networks of everybody; beyond it the oldest go first."""

CLASS_TABLE_KEPT: Final = timedelta(days=7)
"""First names in a group's table of who reached what, since they joined."""

QUIZ_KEPT: Final = timedelta(days=1)
"""What a group was asked, and who was right."""

LAST_ANSWER_KEPT: Final = timedelta(hours=1)
"""The answer that somebody may share, since it was sent."""

UPDATES_KEPT: Final = timedelta(hours=48)
"""Telegram delivers an update again for at most 24 hours."""

ALBUMS_KEPT: Final = timedelta(hours=1)
"""Since its first photo came; it is answered within seconds."""

MODELS_KEPT: Final = 5
"""Published models in the table, the newest included."""
