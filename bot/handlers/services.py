"""What the handlers share: made once in :mod:`bot.app` and handed to each of them."""

from dataclasses import dataclass

from telegram import Message

from bot.handlers.course_places import CoursePlaces
from bot.handlers.errors import ErrorReporter
from bot.handlers.languages import Languages
from bot.handlers.menus import AdminMenus
from bot.handlers.recent_photos import RecentPhotos
from bot.handlers.shown_images import ShownImages
from bot.jobs.albums import SharedAlbums
from bot.jobs.debounce import Debouncer
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import Executors
from bot.jobs.measuring import Measuring
from bot.jobs.photo_queue import PhotoQueue
from bot.jobs.photo_rate_limit import PhotoRateLimit
from bot.jobs.shared_trainings import SharedTrainings
from bot.jobs.test_set import TestSet
from bot.jobs.training_jobs import TrainingQueue
from bot.monitoring.alerts import Alerts
from bot.monitoring.statistics import Statistics
from bot.registry.store import ModelStore
from bot.settings import Settings
from bot.storage.storage import Storage
from bot.vision.recognizer import Recognizer


@dataclass(frozen=True)
class Services:
    """The parts behind the conversations.

    Attributes:
        settings: what the environment says.
        page_url: where the page inside Telegram is; None where there is none.
        models: which model is live.
        recognizer: from the bytes of a photo to an answer; blocks, so it runs in the executors.
        test_set: the test images that are at hand.
        storage: what people told the bot.
        admin_menus: which admins have their menu.
        languages: who is answered in which language.
        course_places: who is at which step of the course.
        recent_photos: the photo that somebody has just sent.
        shown_images: which test images Telegram has as pictures.
        executors: threads for what blocks.
        photos: where photos wait for their turn.
        detached_tasks: what runs beside the handlers.
        shared_albums: collects albums over all replicas; None where there is only this process.
        debouncer: collects albums here, and photos beyond the limit, until the last one has come.
        photo_rate_limit: how many photos a person who is no admin may send in a while.
        statistics: what /status tells.
        measuring: measures the live model on all test images.
        training: trains people's own networks, one at a time.
        shared_trainings: what other replicas train; None where there is only this process.
        alerts: tells admins of trouble.
        errors: tells of answers that failed.
    """

    settings: Settings
    page_url: str | None
    models: ModelStore
    recognizer: Recognizer
    test_set: TestSet
    storage: Storage
    admin_menus: AdminMenus
    languages: Languages
    course_places: CoursePlaces
    recent_photos: RecentPhotos
    shown_images: ShownImages
    executors: Executors
    photos: PhotoQueue
    detached_tasks: DetachedTasks
    shared_albums: SharedAlbums | None
    debouncer: Debouncer[Message]
    photo_rate_limit: PhotoRateLimit
    statistics: Statistics
    measuring: Measuring
    training: TrainingQueue
    shared_trainings: SharedTrainings | None
    alerts: Alerts
    errors: ErrorReporter

    def close(self) -> None:
        """End threads and worker processes; close the store."""
        self.measuring.close()
        self.executors.close()
        self.recognizer.close()
        self.storage.close()

    def is_admin(self, user_id: int) -> bool:
        """Whether ``ADMIN_IDS`` names this person."""
        return user_id in self.settings.admin_ids
