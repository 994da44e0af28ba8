"""What the handlers share: made once in :mod:`bot.application` and handed to each of them."""

from dataclasses import dataclass

from telegram import Message

from bot.corrections.storage import Storage
from bot.handlers.alerts import Alerts
from bot.handlers.languages import Languages
from bot.serving.errands import Errands
from bot.serving.fair_use import FairUse
from bot.serving.gathering import Gatherer
from bot.serving.measuring import Measuring
from bot.serving.photo_queue import PhotoQueue
from bot.serving.shared_albums import SharedAlbums
from bot.serving.statistics import Statistics
from bot.serving.test_set import TestSet
from bot.serving.workshop import Workshop
from bot.settings import Settings
from bot.vision.model_store import ModelStore
from bot.vision.recognizer import Recognizer


@dataclass(frozen=True)
class Services:
    """The parts behind the conversations.

    Attributes:
        settings: what the environment says.
        models: which model is live.
        recognizer: from the bytes of a photo to an answer; blocks, so it runs in the workshop.
        test_set: the 10,000 test images.
        storage: what people told the bot.
        languages: who is answered in which language.
        workshop: threads for what blocks.
        photos: where photos wait for their turn.
        errands: what runs beside the handlers.
        shared_albums: collects albums over all replicas; None where there is only this process.
        bursts: collects albums here, and photos beyond the limit, until the last one has come.
        fair_use: how many photos a person may send in a while.
        statistics: what /status tells.
        measuring: measures the live model on all test images.
        alerts: tells admins of trouble.
    """

    settings: Settings
    models: ModelStore
    recognizer: Recognizer
    test_set: TestSet
    storage: Storage
    languages: Languages
    workshop: Workshop
    photos: PhotoQueue
    errands: Errands
    shared_albums: SharedAlbums | None
    bursts: Gatherer[Message]
    fair_use: FairUse
    statistics: Statistics
    measuring: Measuring
    alerts: Alerts

    def close(self) -> None:
        """End threads and worker processes; close the store."""
        self.measuring.close()
        self.workshop.close()
        self.recognizer.close()
        self.storage.close()

    def is_admin(self, user_id: int) -> bool:
        """Whether ``ADMIN_IDS`` names this person."""
        return user_id in self.settings.admin_ids
