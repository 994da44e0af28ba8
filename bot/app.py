"""Puts the bot together: what is shared, the conversations, and what runs beside them."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackContext

from bot.conversations import Conversations
from bot.handlers.errors import ErrorReporter, nobody_is_there
from bot.handlers.profile import publish_bot_profile
from bot.jobs.housekeeping import purge_expired
from bot.jobs.kept_photos import coarsen_heads
from bot.jobs.live_opinions import ask_live_set
from bot.jobs.memory_upkeep import MemoryUpkeep
from bot.jobs.replica_models import ReplicaModels
from bot.lifecycle.runtime import TIMINGS, AnyApplication, Runtime, Timings
from bot.lifecycle.telegram_client import make_application
from bot.routing import first_words_of_admins, handlers
from bot.services import Services, make_services
from bot.settings import Settings
from bot.updates.answered import AnsweredUpdates
from bot.updates.tracker import UpdateTracker

if TYPE_CHECKING:
    from starlette.types import ASGIApp

AnyContext = CallbackContext[Any, Any, Any, Any]


@dataclass(frozen=True)
class Bot:
    """A bot that is ready to serve; close it in the end."""

    application: AnyApplication
    runtime: Runtime
    services: Services

    async def close(self) -> None:
        """End threads and worker processes, close the store."""
        self.services.close()


async def build_bot(settings: Settings, page_url: str | None = None, *, timings: Timings = TIMINGS) -> Bot:
    """Make a bot for these settings; nothing is sent yet.

    Args:
        settings: what the environment says.
        page_url: where the page inside Telegram is; None where there is none.
        timings: how long to wait.

    Raises:
        StartError: something that it cannot do without is missing.
    """
    application, tracker = make_application(settings), UpdateTracker()
    services = make_services(settings, page_url, application.bot, tracker)
    conversations = Conversations(services)
    application.add_handlers(handlers(services, conversations))
    application.add_handler(first_words_of_admins(services, conversations), group=1)  # beside the one that answers
    application.add_error_handler(_on_error(services.errors))
    await services.prepare()
    runtime = Runtime(
        tracker=tracker,
        photo_queue=services.photo_queue,
        detached_tasks=services.detached_tasks,
        answered=AnsweredUpdates(services.storage, application.bot.token, patience_s=timings.store_patience_s),
        background=_background(services, conversations),
        report=services.errors.note_trouble,
        give_up=services.errors.apologise,
        publish_bot_profile=partial(publish_bot_profile, application.bot, services.admin_menus),
        storage=services.storage,
        shared_albums=services.shared_albums,
        timings=timings,
    )
    return Bot(application, runtime, services)


def _background(services: Services, conversations: Conversations) -> dict[str, Callable[[], Coroutine[Any, Any, None]]]:
    """What runs for as long as the bot serves."""
    background: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
        "model watch": conversations.model_watch.watch,
        "housekeeping": partial(purge_expired, services.storage),
        "heads in kept photos": partial(coarsen_heads, services.storage, services.models, services.executors),
        "corrections by the live set": partial(ask_live_set, services.storage, services.models, services.executors),
        "memory": MemoryUpkeep(services.photo_queue).run,
        "training": services.training.run,
        "measuring": services.measuring.keep_known,
    }
    if services.shared_trainings is not None:
        background["trainings of other replicas"] = services.shared_trainings.run
    if services.shared_albums is not None:
        replica = ReplicaModels(services.storage, services.settings.models_dir)
        background["models from the database"] = replica.run
        services.shared_albums.answer_left = conversations.groups.left_album
        services.shared_albums.give_up = services.errors.apologise
    return background


def make_page(bot: Bot) -> "ASGIApp":
    """The page inside Telegram, for the bot that is signed for."""
    from bot.web_app.cards import SampleCards  # a bot that polls Telegram has no page
    from bot.web_app.pictures import Drawings, Pictures
    from bot.web_app.routes import make_web_app

    services = bot.services
    pictures = Pictures(services.models, services.recognizer, services.test_set, services.measuring, services.executors)
    drawings, token = Drawings(services.recognizer, services.executors), bot.application.bot.token
    cards = SampleCards(token, services.models, services.recognizer, services.test_set, services.executors)
    return make_web_app(token, pictures, drawings, cards)


def _on_error(errors: ErrorReporter) -> Callable[[object, AnyContext], Coroutine[Any, Any, None]]:
    async def callback(_: object, context: AnyContext) -> None:
        if context.error is not None and not nobody_is_there(context.error):
            errors.note(context.error)

    return callback
