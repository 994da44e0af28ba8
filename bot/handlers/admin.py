"""What only admins may: see how the bot is doing, take a new model now, decide on corrections."""

from importlib.metadata import PackageNotFoundError, version
from typing import Final

from telegram import Message

from bot.corrections.errors import StoreUnavailable
from bot.corrections.types import BEFORE_THE_FIRST, Correction, CorrectionId
from bot.corrections.types import Status as Decision
from bot.handlers.sending import Picture, change_picture, say, show
from bot.handlers.services import Services
from bot.handlers.taps import Tap
from bot.replies.callback_data import Review, ReviewStep
from bot.replies.keyboards import review_keyboard
from bot.replies.messages import Status, reload_text, review_caption, status_text
from bot.replies.texts import Language, texts
from bot.vision.interpreter import ModelError, Runtime, runtime_name
from bot.vision.model_store import Outcome

_DECISIONS: Final = {ReviewStep.ACCEPT: Decision.ACCEPTED, ReviewStep.REJECT: Decision.REJECTED}
_NOTHING: Final = "–"


async def status(services: Services, message: Message) -> None:
    """Say how the bot is doing."""
    language = await services.languages.of(message.chat, message.from_user)
    statistics = services.statistics
    now = Status(
        uptime=statistics.uptime,
        version=program_version(),
        runtime=_runtime(services),
        model=_model(services),
        queue=len(services.photos),
        answered=statistics.answered,
        latency_ms=statistics.latency_ms,
        errors=statistics.errors,
        store=await _store(services),
    )
    await say(message, status_text(now, language))


async def reload(services: Services, message: Message) -> None:
    """Look for a new model now."""
    language = await services.languages.of(message.chat, message.from_user)
    refresh = await services.workshop.draw(services.models.refresh)
    name = _NOTHING if refresh.model is None else refresh.model.version
    changed = refresh.outcome is Outcome.LOADED
    await say(message, reload_text(name, language, changed=changed, refused=refresh.problem))


async def corrections(services: Services, message: Message) -> None:
    """Show the first correction that nobody has decided on."""
    language = await services.languages.of(message.chat, message.from_user)
    try:
        page = await _page(services, None, language)
    except StoreUnavailable:
        await say(message, texts(language).faults.store_away)
        return
    if page is None:
        await say(message, texts(language).admin.corrections_none)
    else:
        await show(message, page)


async def review(services: Services, tap: Tap, step: Review) -> None:
    """Accept, reject, or look at another correction."""
    if not services.is_admin(tap.user_id):
        await tap.answer(tap.texts.toasts.outdated, alert=True)
        return
    try:
        shown = await _take_step(services, tap, step)
        page = await _page(services, shown, tap.language)
    except StoreUnavailable:
        await tap.answer(tap.texts.faults.store_away, alert=True)
        return
    if page is not None:
        await change_picture(tap.message, page)
    else:
        await say(tap.message, tap.texts.admin.corrections_none)
        await tap.message.edit_reply_markup(None)


def program_version() -> str:
    """The version of the installed program, where it is installed."""
    try:
        return version("garment-bot")
    except PackageNotFoundError:
        return _NOTHING


async def _take_step(services: Services, tap: Tap, step: Review) -> CorrectionId | None:
    """Do what the button says; which correction to show next, None for the first."""
    correction = CorrectionId(int(step.correction))
    decision = _DECISIONS.get(step.step)
    if decision is None:
        await tap.answer()
        return correction
    store = services.storage.corrections
    found = await services.storage.run(store.correction, correction)
    decided = found is not None and found.status is Decision.PENDING
    decided = decided and await services.storage.run(store.decide, correction, decision)
    toasts = tap.texts.toasts
    words = {ReviewStep.ACCEPT: toasts.accepted, ReviewStep.REJECT: toasts.rejected}[step.step]
    await tap.answer(words if decided else tap.texts.admin.already_decided)
    return None


async def _page(services: Services, shown: CorrectionId | None, language: Language) -> Picture | None:
    """The correction to look at, with the buttons to its neighbours; None when there is none."""
    store = services.storage.corrections
    pending = await services.storage.run(store.pending, after=BEFORE_THE_FIRST)
    if not pending:
        return None
    place = next((place for place, each in enumerate(pending) if each.id == shown), 0)
    previous, following = pending[place - 1 : place], pending[place + 1 : place + 2]
    keyboard = review_keyboard(
        str(pending[place].id),
        language,
        previous=str(previous[0].id) if previous else None,
        following=str(following[0].id) if following else None,
    )
    return Picture(pending[place].photo, _caption(pending[place], len(pending), language), keyboard)


def _caption(correction: Correction, waiting: int, language: Language) -> str:
    return review_caption(
        waiting=waiting,
        right=correction.right,
        predicted=correction.predicted,
        probability=correction.probabilities[correction.predicted],
        version=correction.model_version,
        created=correction.created.date(),
        language=language,
    )


def _runtime(services: Services) -> str:
    try:
        return runtime_name(Runtime(services.settings.tflite_runtime))
    except ModelError as error:
        return str(error)


def _model(services: Services) -> str:
    try:
        return services.models.live().version
    except ModelError:
        return _NOTHING


async def _store(services: Services) -> str:
    kind = "PostgreSQL" if services.storage.shared else "SQLite"
    try:
        totals = await services.storage.run(services.storage.corrections.totals)
    except StoreUnavailable:
        return f"{kind} ✗"
    return f"{kind} ✓ ({sum(totals.values())})"
