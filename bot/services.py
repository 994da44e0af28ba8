"""What the conversations share: made here, once, and closed in the end. A handler gets of it only what it names."""

import asyncio
import logging
from dataclasses import dataclass

from telegram import Bot, Message

from bot.handlers.course_places import CoursePlaces
from bot.handlers.errors import ErrorReporter
from bot.handlers.languages import Languages
from bot.handlers.menus import AdminMenus
from bot.handlers.recent_photos import RecentPhotos
from bot.handlers.shown_images import ShownImages
from bot.jobs.albums import SharedAlbums
from bot.jobs.debounce import Debouncer
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import DRAWING_THREADS, VISION_THREADS, Executors
from bot.jobs.kept_measurement import KeptMeasurement
from bot.jobs.measuring import Measuring
from bot.jobs.photo_queue import PhotoQueue
from bot.jobs.photo_rate_limit import PhotoRateLimit
from bot.jobs.shared_trainings import SharedTrainings
from bot.jobs.test_set import TestSet
from bot.jobs.training_jobs import TrainingQueue
from bot.lifecycle.runtime import StartError
from bot.monitoring.alerts import Alerts
from bot.monitoring.statistics import Statistics
from bot.recognition import open_recognizer
from bot.registry.layout import MEASURED_FILE
from bot.registry.store import ModelStore
from bot.settings import PROJECT_ROOT, Settings
from bot.storage.errors import StoreSettingsError, StoreUnavailable
from bot.storage.storage import Storage, open_storage
from bot.updates.tracker import UpdateTracker
from bot.vision.interpreter import ModelError, TfliteRuntime
from bot.vision.recognizer import Recognizer

_LOGGER = logging.getLogger(__name__)


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
        photo_queue: where photos wait for their turn.
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
    photo_queue: PhotoQueue
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

    async def prepare(self) -> None:
        """Take the live model, and the store as far as it is there.

        Raises:
            StartError: a setting of the store is bad.
        """
        self.storage.when_away = self.errors.note_trouble
        await self.executors.draw(self.models.refresh)
        try:
            await asyncio.to_thread(self.storage.prepare)  # a slow disk may take its time once
        except StoreSettingsError as error:
            raise StartError(str(error)) from error
        except StoreUnavailable as error:
            _LOGGER.warning("The store is away; photos are answered without it: %s", error)

    def live_version(self) -> str | None:
        """The version of the model that answers; None without one."""
        try:
            return self.models.live().version
        except ModelError:
            return None

    def close(self) -> None:
        """End threads and worker processes; close the store."""
        self.measuring.close()
        self.executors.close()
        self.recognizer.close()
        self.storage.close()


def make_services(settings: Settings, page_url: str | None, bot: Bot, tracker: UpdateTracker) -> Services:
    """Make the parts of a bot; nothing is read or sent yet.

    Args:
        settings: what the environment says.
        page_url: where the page inside Telegram is; None where there is none.
        bot: writes to Telegram.
        tracker: which updates are being answered.

    Raises:
        StartError: a setting of the store is bad.
    """
    runtime = TfliteRuntime(settings.tflite_runtime)
    detached_tasks, executors = DetachedTasks(), Executors()
    models = ModelStore(
        settings.models_dir,
        runtime=runtime,
        interpreters=VISION_THREADS + DRAWING_THREADS + 1,
        photo_interpreters=1,  # a second one would take as much memory as everything else that a photo needs
    )
    storage = _open_storage(settings)
    languages = Languages(storage)
    test_set = TestSet(settings.data_dir, executors)
    training = TrainingQueue(settings.data_dir)
    statistics = Statistics()
    alerts = Alerts(bot, settings.admin_ids, languages.of_admin, detached_tasks.start)
    return Services(
        settings=settings,
        page_url=page_url,
        models=models,
        recognizer=open_recognizer(settings.models_dir, runtime=runtime, workers=VISION_THREADS, store=models),
        test_set=test_set,
        storage=storage,
        admin_menus=AdminMenus(settings.admin_ids),
        languages=languages,
        course_places=CoursePlaces(storage, detached_tasks),
        recent_photos=RecentPhotos(),
        shown_images=ShownImages(),
        executors=executors,
        photo_queue=PhotoQueue(tracker, detached_tasks),
        detached_tasks=detached_tasks,
        shared_albums=SharedAlbums(storage, tracker, bot) if storage.shared else None,
        debouncer=Debouncer(tracker, detached_tasks),
        photo_rate_limit=PhotoRateLimit(settings.photo_limit, unbound=settings.admin_ids),
        statistics=statistics,
        measuring=Measuring(models, test_set, KeptMeasurement(settings.models_dir / MEASURED_FILE)),
        training=training,
        shared_trainings=SharedTrainings(storage, training) if storage.shared else None,
        alerts=alerts,
        errors=ErrorReporter(statistics, alerts, languages),
    )


def _open_storage(settings: Settings) -> Storage:
    url, key = (
        None if secret is None else secret.get_secret_value() for secret in (settings.database_url, settings.data_key)
    )
    try:
        return open_storage(url, key, root=PROJECT_ROOT)
    except StoreSettingsError as error:
        raise StartError(str(error)) from error
