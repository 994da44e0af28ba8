"""Puts the bot together: what is shared is made here, once, and every handler stands in one list."""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from starlette.types import ASGIApp
from telegram import Bot as TelegramBot
from telegram import CallbackQuery, Update
from telegram.ext import (
    BaseHandler,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    PollAnswerHandler,
    filters,
)

from bot.handlers import (
    accuracy,
    admin,
    albums,
    basics,
    class_tables,
    corrections,
    course,
    course_code,
    errors,
    explain,
    gallery,
    garments,
    group_quiz,
    groups,
    inline,
    language,
    links,
    model_watch,
    own_network,
    photos,
    profile,
    quiz,
    sample,
    taps,
    train,
)
from bot.handlers.course_places import CoursePlaces
from bot.handlers.errors import ErrorReporter
from bot.handlers.languages import Languages
from bot.handlers.links import OnMessage
from bot.handlers.menus import AdminMenus
from bot.handlers.recent_photos import RecentPhotos
from bot.handlers.services import Services
from bot.handlers.shown_images import ShownImages
from bot.jobs.albums import SharedAlbums
from bot.jobs.debounce import Debouncer
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import DRAWING_THREADS, VISION_THREADS, Executors
from bot.jobs.housekeeping import purge_expired
from bot.jobs.measuring import Measuring
from bot.jobs.photo_queue import PhotoQueue
from bot.jobs.photo_rate_limit import PhotoRateLimit
from bot.jobs.replica_models import ReplicaModels
from bot.jobs.shared_trainings import SharedTrainings
from bot.jobs.test_set import TestSet
from bot.jobs.training_jobs import TrainingQueue
from bot.lifecycle.runtime import AnyApplication, Runtime, StartError
from bot.lifecycle.telegram_client import make_application
from bot.monitoring.alerts import Alerts
from bot.monitoring.statistics import Statistics
from bot.recognition import open_recognizer
from bot.registry.store import ModelStore
from bot.replies import callback_data
from bot.replies.messages import ADMIN_COMMANDS
from bot.settings import PROJECT_ROOT, Settings
from bot.storage.errors import StoreSettingsError, StoreUnavailable
from bot.storage.storage import Storage, open_storage
from bot.updates.answered import AnsweredUpdates
from bot.updates.tracker import UpdateTracker
from bot.vision.interpreter import ModelError, TfliteRuntime
from bot.web_app.pictures import Drawings, Pictures
from bot.web_app.routes import make_web_app

_LOGGER = logging.getLogger(__name__)

PRIVATE: Final = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
"""New messages in private chats; without the first part edited ones would come, too."""

GROUP: Final = filters.UpdateType.MESSAGE & filters.ChatType.GROUPS

Callback = Callable[[Update, CallbackContext[Any, Any, Any, Any]], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Bot:
    """A bot that is ready to serve; close it in the end."""

    application: AnyApplication
    runtime: Runtime
    services: Services

    async def close(self) -> None:
        """End threads and worker processes, close the store."""
        self.services.close()


def handlers(services: Services) -> list[BaseHandler[Any, Any, Any]]:
    """Every handler; the first that fits gets the update, so the order matters."""
    from_admin = PRIVATE & filters.User(services.settings.admin_ids)

    def command(
        name: str | Collection[str], on_message: OnMessage, where: filters.BaseFilter = PRIVATE
    ) -> BaseHandler[Any, Any, Any]:
        return CommandHandler(name, _on_message(services, on_message), where)

    def message(what: filters.BaseFilter, on_message: OnMessage) -> BaseHandler[Any, Any, Any]:
        return MessageHandler(what, _on_message(services, on_message))

    return [
        command("start", partial(links.follow, COMMANDS, basics.start)),
        *(command(name, on_message) for name, on_message in COMMANDS.items()),
        command(groups.COMMAND, groups.classify),
        command("status", admin.status, from_admin),
        command("reload", admin.reload, from_admin),
        command("corrections", admin.corrections, from_admin),
        message(PRIVATE & inline.SENT_WITH_US, basics.anything_else),
        message(PRIVATE & course.TRIES_A_STEP, course.receive),
        message(PRIVATE & ~filters.COMMAND & course.ASKS_THE_NEURON, course.receive_number),
        message(PRIVATE & own_network.ASKED_OF_IT, own_network.receive),
        message(PRIVATE & albums.PART, albums.receive),
        message(PRIVATE & photos.LOOKABLE, photos.receive),
        message(PRIVATE & ~filters.COMMAND & ~filters.StatusUpdate.ALL & photos.MEANS_A_PHOTO, groups.classify),
        message(PRIVATE & filters.COMMAND, basics.unknown_command),
        message(PRIVATE & ~filters.StatusUpdate.ALL, basics.anything_else),
        command("help", groups.show_help, GROUP),
        command("sample", sample.sample, GROUP),
        command("gallery", gallery.gallery, GROUP),
        command("accuracy", accuracy.accuracy, GROUP),
        command("learn", course.learn, GROUP),
        command("train", class_tables.show_table, GROUP),
        command("quiz", group_quiz.quiz, GROUP),
        command(("start", "language", "privacy", "forget"), links.only_in_private, GROUP),
        command(ADMIN_COMMANDS, links.only_in_private, GROUP & filters.User(services.settings.admin_ids)),
        message(GROUP & course.TRIES_A_STEP, course.receive),
        message(GROUP & ~filters.COMMAND & course.ASKS_THE_NEURON, course.receive_number),
        message(GROUP & (photos.LOOKABLE | albums.PART), groups.photo),
        message(GROUP & groups.ASKS, groups.classify),
        CallbackQueryHandler(_on_tap(services)),
        PollAnswerHandler(_on_poll_answer(services)),
        InlineQueryHandler(_on_inline_query(services)),
    ]


COMMANDS: Final[Mapping[str, OnMessage]] = {
    "help": basics.show_help,
    "sample": sample.sample,
    "gallery": gallery.gallery,
    "accuracy": accuracy.accuracy,
    "learn": course.learn,
    "train": train.train,
    "quiz": quiz.quiz,
    "language": language.ask,
    "privacy": basics.privacy,
    "forget": basics.forget,
}
"""What everybody may ask in private, by a command of this name and by a link that begins with it."""

TAPS: Final[dict[type, taps.OnTap]] = {
    callback_data.Right: corrections.right,
    callback_data.Correct: corrections.correct,
    callback_data.Back: corrections.back,
    callback_data.WrongOutline: corrections.wrong_outline,
    callback_data.PickClass: corrections.pick,
    callback_data.Consent: corrections.consent,
    callback_data.AskAgain: basics.ask_again,
    callback_data.Forget: basics.forget_if_sure,
    callback_data.Undo: corrections.undo,
    callback_data.Why: explain.explain,
    callback_data.JudgeGarment: garments.judge_another,
    callback_data.AlbumItem: albums.show_item,
    callback_data.AlbumOverview: albums.show_overview,
    callback_data.AlbumCorrect: albums.correct_item,
    callback_data.AlbumWhy: explain.explain_one_of_album,
    callback_data.AnotherSample: sample.another,
    callback_data.NewGallery: gallery.another,
    callback_data.GallerySheet: gallery.show_sheet,
    callback_data.GalleryItem: gallery.show_item,
    callback_data.GalleryClasses: gallery.show_classes,
    callback_data.LearnStep: course.show_step,
    callback_data.LearnTry: course.try_step,
    callback_data.LearnOther: course.ask_for_another,
    callback_data.LearnContents: course.show_contents,
    callback_data.LearnCode: course_code.show_code,
    callback_data.LearnFile: course_code.send_file,
    callback_data.TrainPanel: train.choose,
    callback_data.TrainStart: train.start,
    callback_data.TrainCancel: train.cancel,
    callback_data.TrainJoin: class_tables.join,
    callback_data.OwnSample: own_network.sample,
    callback_data.OwnGallery: own_network.gallery,
    callback_data.OwnGallerySheet: own_network.show_sheet,
    callback_data.OwnGalleryItem: own_network.show_item,
    callback_data.OwnPhoto: own_network.ask_photo,
    callback_data.QuizAsk: quiz.ask,
    callback_data.QuizGuess: quiz.guess,
    callback_data.QuizPoll: group_quiz.following,
    callback_data.MeasureAgain: accuracy.measure_again,
    callback_data.SetLanguage: language.choose,
    callback_data.Review: admin.review,
}
"""What each kind of button does."""


async def build_bot(settings: Settings, page_url: str | None = None) -> Bot:
    """Make a bot for these settings; nothing is sent yet.

    Args:
        settings: what the environment says.
        page_url: where the page inside Telegram is; None where there is none.

    Raises:
        StartError: something that it cannot do without is missing.
    """
    application, tracker = make_application(settings), UpdateTracker()
    services = _make_services(settings, page_url, application.bot, tracker)
    application.add_handlers(handlers(services))
    application.add_handler(_first_words_of_admins(services), group=1)  # beside the one that answers
    application.add_error_handler(_on_error(services))
    services.storage.when_away = services.errors.note_trouble
    await services.executors.draw(services.models.refresh)
    await _prepare_storage(services.storage)
    runtime = Runtime(
        tracker=tracker,
        photos=services.photos,
        detached_tasks=services.detached_tasks,
        answered=AnsweredUpdates(services.storage, application.bot.token),
        background=_background(services),
        report=services.errors.note_trouble,
        give_up=services.errors.apologise,
        publish_bot_profile=partial(profile.publish_bot_profile, application.bot, services.admin_menus),
        storage=services.storage,
        shared_albums=services.shared_albums,
    )
    return Bot(application, runtime, services)


def _background(services: Services) -> dict[str, Callable[[], Coroutine[Any, Any, None]]]:
    """What runs for as long as the bot serves."""
    background: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
        "model watch": partial(model_watch.watch, services),
        "housekeeping": partial(purge_expired, services.storage),
        "training": services.training.run,
        "measuring": services.measuring.keep_known,
    }
    if services.shared_trainings is not None:
        background["trainings of other replicas"] = services.shared_trainings.run
    if services.shared_albums is not None:
        replica = ReplicaModels(services.storage, services.settings.models_dir)
        background["models from the database"] = replica.run
        services.shared_albums.answer_left = partial(groups.left_album, services)
        services.shared_albums.give_up = services.errors.apologise
    return background


def make_page(bot: Bot) -> ASGIApp:
    """The page inside Telegram, for the bot that is signed for."""
    services = bot.services
    pictures = Pictures(services.models, services.recognizer, services.test_set, services.measuring, services.executors)
    return make_web_app(bot.application.bot.token, pictures, Drawings(services.recognizer, services.executors))


def _make_services(settings: Settings, page_url: str | None, bot: TelegramBot, tracker: UpdateTracker) -> Services:
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
        photos=PhotoQueue(tracker, detached_tasks),
        detached_tasks=detached_tasks,
        shared_albums=SharedAlbums(storage, tracker, bot) if storage.shared else None,
        debouncer=Debouncer(tracker, detached_tasks),
        photo_rate_limit=PhotoRateLimit(settings.photo_limit, unbound=settings.admin_ids),
        statistics=statistics,
        measuring=Measuring(models, test_set),
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


async def _prepare_storage(storage: Storage) -> None:
    try:
        await asyncio.to_thread(storage.prepare)  # a slow disk may take its time once
    except StoreSettingsError as error:
        raise StartError(str(error)) from error
    except StoreUnavailable as error:
        _LOGGER.warning("The store is away; photos are answered without it: %s", error)


def _first_words_of_admins(services: Services) -> BaseHandler[Any, Any, Any]:
    from_admin = PRIVATE & filters.User(services.settings.admin_ids)
    return MessageHandler(from_admin, _on_message(services, profile.give_admin_menu))


def _on_message(services: Services, on_message: OnMessage) -> Callback:
    async def callback(update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        if update.message is not None:
            await services.errors.guard(update.message, on_message(services, update.message))

    return callback


def _on_tap(services: Services) -> Callback:
    async def callback(update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        query: CallbackQuery | None = update.callback_query
        if query is not None:
            await taps.dispatch(services, TAPS, query)

    return callback


def _on_poll_answer(services: Services) -> Callback:
    async def callback(update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        if update.poll_answer is not None:
            await group_quiz.count(services, update.poll_answer)

    return callback


def _on_inline_query(services: Services) -> Callback:
    async def callback(update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        if update.inline_query is not None:
            await inline.answer(services, update.inline_query)

    return callback


def _on_error(services: Services) -> Callable[[object, CallbackContext[Any, Any, Any, Any]], Coroutine[Any, Any, None]]:
    async def callback(_: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        if context.error is not None and not errors.nobody_is_there(context.error):
            services.errors.note(context.error)

    return callback


def live_version(services: Services) -> str | None:
    """The version of the model that answers; None without one."""
    try:
        return services.models.live().version
    except ModelError:
        return None
