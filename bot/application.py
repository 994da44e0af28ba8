"""Puts the bot together: what is shared is made here, once, and every handler stands in one list."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr
from telegram import Bot as TelegramBot
from telegram import CallbackQuery, Message, Update
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot.corrections.errors import StoreSettingsError, StoreUnavailable
from bot.corrections.storage import Storage, open_storage
from bot.handlers import (
    accuracy,
    admin,
    albums,
    basics,
    corrections,
    errors,
    gallery,
    garments,
    groups,
    language,
    learn,
    model_watch,
    photos,
    profile,
    sample,
    taps,
    why,
)
from bot.handlers.alerts import Alerts
from bot.handlers.languages import Languages
from bot.handlers.services import Services
from bot.replies import callback_data
from bot.serving.answered import AnsweredUpdates
from bot.serving.errands import Errands
from bot.serving.fair_use import FairUse
from bot.serving.gathering import Gatherer
from bot.serving.housekeeping import keep_house
from bot.serving.ledger import Ledger
from bot.serving.lifecycle import AnyApplication, Machinery, StartError
from bot.serving.measuring import Measuring
from bot.serving.patience import Patience
from bot.serving.photo_queue import PhotoQueue
from bot.serving.replica_models import ReplicaModels
from bot.serving.shared_albums import SharedAlbums
from bot.serving.statistics import Statistics
from bot.serving.test_set import TestSet
from bot.serving.workshop import DRAWING_THREADS, VISION_THREADS, Workshop
from bot.settings import PROJECT_ROOT, Settings
from bot.vision.interpreter import ModelError, Runtime
from bot.vision.model_store import ModelStore
from bot.vision.recognizer import open_recognizer

_LOGGER = logging.getLogger(__name__)

READ_TIMEOUT_S: Final = 15.0
CONNECT_TIMEOUT_S: Final = 10.0
POOL_TIMEOUT_S: Final = 60.0
CONNECTIONS: Final = 64

PRIVATE: Final = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
"""New messages in private chats; without the first part edited ones would come, too."""

GROUP: Final = filters.UpdateType.MESSAGE & filters.ChatType.GROUPS

OnMessage = Callable[[Services, Message], Awaitable[None]]
Callback = Callable[[Update, CallbackContext[Any, Any, Any, Any]], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Bot:
    """A bot that is ready to serve; close it in the end."""

    application: AnyApplication
    machinery: Machinery
    services: Services

    async def close(self) -> None:
        """End threads and worker processes, close the store."""
        self.services.close()


def handlers(services: Services) -> list[BaseHandler[Any, Any, Any]]:
    """Every handler; the first that fits gets the update, so the order matters."""
    from_admin = PRIVATE & filters.User(services.settings.admin_ids)

    def command(name: str, on_message: OnMessage, where: filters.BaseFilter = PRIVATE) -> BaseHandler[Any, Any, Any]:
        return CommandHandler(name, _on_message(services, on_message), where)

    def message(what: filters.BaseFilter, on_message: OnMessage) -> BaseHandler[Any, Any, Any]:
        return MessageHandler(what, _on_message(services, on_message))

    return [
        command("start", basics.start),
        command("help", basics.show_help),
        command("sample", sample.sample),
        command("gallery", gallery.gallery),
        command("accuracy", accuracy.accuracy),
        command("learn", learn.learn),
        command("language", language.ask),
        command("privacy", basics.privacy),
        command("forget", basics.forget),
        command(groups.COMMAND, groups.classify),
        command("status", admin.status, from_admin),
        command("reload", admin.reload, from_admin),
        command("corrections", admin.corrections, from_admin),
        message(PRIVATE & learn.TRIES_A_STEP, learn.receive),
        message(PRIVATE & photos.LOOKABLE & albums.PART, albums.receive),
        message(PRIVATE & photos.LOOKABLE, photos.receive),
        message(PRIVATE & filters.COMMAND, basics.unknown_command),
        message(PRIVATE & ~filters.StatusUpdate.ALL, basics.anything_else),
        command("help", groups.show_help, GROUP),
        message(GROUP & photos.LOOKABLE, groups.photo),
        message(GROUP & groups.ASKS, groups.classify),
        CallbackQueryHandler(_on_tap(services)),
    ]


TAPS: Final[dict[type, taps.OnTap]] = {
    callback_data.Right: corrections.right,
    callback_data.Correct: corrections.correct,
    callback_data.Back: corrections.back,
    callback_data.PickClass: corrections.pick,
    callback_data.Consent: corrections.consent,
    callback_data.AskAgain: basics.ask_again,
    callback_data.Undo: corrections.undo,
    callback_data.Why: why.explain,
    callback_data.JudgeGarment: garments.judge_another,
    callback_data.AlbumItem: albums.show_item,
    callback_data.AlbumOverview: albums.show_overview,
    callback_data.AnotherSample: sample.another,
    callback_data.NewGallery: gallery.another,
    callback_data.GallerySheet: gallery.show_sheet,
    callback_data.GalleryItem: gallery.show_item,
    callback_data.LearnStep: learn.show_step,
    callback_data.LearnTry: learn.try_step,
    callback_data.MeasureAgain: accuracy.measure_again,
    callback_data.SetLanguage: language.choose,
    callback_data.Review: admin.review,
}
"""What each kind of button does."""


async def build_bot(settings: Settings) -> Bot:
    """Make a bot for these settings; nothing is sent yet.

    Raises:
        StartError: something that it cannot do without is missing.
    """
    application, ledger = _make_application(settings), Ledger()
    services = _make_services(settings, application.bot, ledger)
    application.add_handlers(handlers(services))
    application.add_error_handler(_on_error(services))
    services.storage.when_away = partial(errors.note_trouble, services)
    await services.workshop.draw(services.models.refresh)
    await _prepare_storage(services.storage)
    machinery = Machinery(
        ledger=ledger,
        photos=services.photos,
        errands=services.errands,
        answered=AnsweredUpdates(services.storage, application.bot.token),
        background=_background(services),
        report=partial(errors.note_trouble, services),
        greet=partial(profile.introduce, application.bot, settings.admin_ids),
        last_words=() if services.shared_albums is None else (services.shared_albums.leave,),
    )
    return Bot(application, machinery, services)


def _background(services: Services) -> list[Callable[[], Coroutine[Any, Any, None]]]:
    """What runs for as long as the bot serves."""
    background: list[Callable[[], Coroutine[Any, Any, None]]] = [
        partial(model_watch.watch, services),
        partial(keep_house, services.storage),
    ]
    if services.shared_albums is not None:
        live = services.models.refresh().model
        replica = ReplicaModels(services.storage, services.settings.models_dir, None if live is None else live.sha256)
        background += [replica.run, partial(services.shared_albums.run, partial(groups.left_album, services))]
    return background


def _make_services(settings: Settings, bot: TelegramBot, ledger: Ledger) -> Services:
    runtime = Runtime(settings.tflite_runtime)
    errands, workshop = Errands(), Workshop()
    models = ModelStore(settings.models_dir, runtime=runtime, interpreters=VISION_THREADS + DRAWING_THREADS + 1)
    storage = _open_storage(settings)
    languages = Languages(storage)
    test_set = TestSet(settings.data_dir, workshop)
    return Services(
        settings=settings,
        models=models,
        recognizer=open_recognizer(settings.models_dir, runtime=runtime, workers=VISION_THREADS, store=models),
        test_set=test_set,
        storage=storage,
        languages=languages,
        workshop=workshop,
        photos=PhotoQueue(ledger, errands),
        errands=errands,
        shared_albums=SharedAlbums(storage, ledger, bot) if storage.shared else None,
        bursts=Gatherer(ledger, errands),
        fair_use=FairUse(),
        statistics=Statistics(),
        measuring=Measuring(models, test_set),
        alerts=Alerts(bot, settings.admin_ids, languages, errands),
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


def _plain(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


def _make_application(settings: Settings) -> AnyApplication:
    assert settings.bot_token is not None
    url = settings.bot_api_url
    # No update is processed but by our dispatcher, so PTB's own updater and job queue stay out.
    return (
        Application.builder()
        .token(settings.bot_token.get_secret_value())
        .base_url(f"{url}/bot")
        .base_file_url(f"{url}/file/bot")
        .request(_request(url, CONNECTIONS))
        .get_updates_request(_request(url, 1))
        .rate_limiter(Patience())
        .updater(None)
        .job_queue(None)
        .build()
    )


def _request(url: str, connections: int) -> HTTPXRequest:
    on_this_machine = urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
    return HTTPXRequest(
        connection_pool_size=connections,
        read_timeout=READ_TIMEOUT_S,
        write_timeout=READ_TIMEOUT_S,
        connect_timeout=CONNECT_TIMEOUT_S,
        pool_timeout=POOL_TIMEOUT_S,
        httpx_kwargs={"trust_env": not on_this_machine},  # no proxy stands between us and ourselves
    )


def _on_message(services: Services, on_message: OnMessage) -> Callback:
    async def callback(update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        if update.message is not None:
            await errors.guard(services, update.message, on_message(services, update.message))

    return callback


def _on_tap(services: Services) -> Callback:
    async def callback(update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        query: CallbackQuery | None = update.callback_query
        if query is not None:
            await taps.dispatch(services, TAPS, query)

    return callback


def _on_error(services: Services) -> Callable[[object, CallbackContext[Any, Any, Any, Any]], Coroutine[Any, Any, None]]:
    async def callback(_: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        if context.error is not None and not errors.nobody_is_there(context.error):
            errors.note(services, context.error)

    return callback


def live_version(services: Services) -> str | None:
    """The version of the model that answers; None without one."""
    try:
        return services.models.live().version
    except ModelError:
        return None
