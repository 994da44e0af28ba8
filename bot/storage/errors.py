"""What can go wrong with the store, each with the sentence that an admin can act on."""

from enum import StrEnum


class StoreError(Exception):
    """The store could not do what it was asked."""


class StoreSettingsError(StoreError):
    """``DATABASE_URL`` or ``DATA_KEY`` is missing, malformed or not the one that the data was kept under."""


class StoreUnavailable(StoreError):
    """The database is away, too slow or cannot write. Photos are answered without it; try again later."""


class NoConsent(StoreError):
    """This user has not agreed that photos are kept, or has taken it back."""


class Limit(StrEnum):
    """Which cap was reached."""

    USER = "user"
    TOTAL = "total"


class StoreFull(StoreError):
    """No more pictures are kept: the cap of this user or of the whole store is reached.

    Attributes:
        limit: which of the two.
    """

    def __init__(self, limit: Limit) -> None:
        super().__init__(f"the {limit} limit of kept pictures is reached")
        self.limit = limit
