"""What only admins may: see how the bot is doing, take a new model now, decide on corrections."""

import contextlib
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from telegram import Message

from bot.handlers.languages import Languages
from bot.handlers.sending import Picture, change_caption, change_picture, reply_photo, reply_text
from bot.handlers.taps import Tap
from bot.jobs.executors import Executors
from bot.jobs.photo_queue import PhotoQueue
from bot.monitoring.statistics import Statistics
from bot.registry.store import ModelStore, Outcome
from bot.replies.callback_data.actions import Review, ReviewStep
from bot.replies.cards.correction import correction_picture
from bot.replies.keyboards import review_keyboard
from bot.replies.messages import Status, reload_text, review_caption, status_text
from bot.replies.texts import Language, texts
from bot.settings import PROJECT_ROOT
from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage
from bot.storage.types import Correction, CorrectionId
from bot.storage.types import Status as Decision
from bot.vision.interpreter import ModelError, TfliteRuntime, runtime_name

_DECISIONS: Final = {ReviewStep.ACCEPT: Decision.ACCEPTED, ReviewStep.REJECT: Decision.REJECTED}
_NOTHING: Final = "–"


@dataclass(frozen=True)
class AdminHandlers:
    """What only admins may ask."""

    admin_ids: Collection[int]
    runtime: TfliteRuntime
    languages: Languages
    storage: Storage
    models: ModelStore
    executors: Executors
    photo_queue: PhotoQueue
    statistics: Statistics

    async def status(self, message: Message) -> None:
        """Say how the bot is doing."""
        language = await self.languages.of(message.chat, message.from_user)
        statistics = self.statistics
        now = Status(
            uptime=statistics.uptime,
            version=program_version(),
            runtime=self._runtime(),
            model=self._model(),
            queue=len(self.photo_queue),
            answered=statistics.answered,
            latency_ms=statistics.latency_ms,
            errors=statistics.errors,
            store="PostgreSQL" if self.storage.shared else "SQLite",
            corrections=await self._corrections(),
        )
        await reply_text(message, status_text(now, language))

    async def reload(self, message: Message) -> None:
        """Look for a new model now."""
        language = await self.languages.of(message.chat, message.from_user)
        refresh = await self.executors.draw(self.models.refresh)
        name = _NOTHING if refresh.model is None else refresh.model.version
        changed = refresh.outcome is Outcome.LOADED
        await reply_text(message, reload_text(name, language, changed=changed, refused=refresh.problem))

    async def corrections(self, message: Message) -> None:
        """Show the first correction that nobody has decided on."""
        language = await self.languages.of(message.chat, message.from_user)
        try:
            page = await self._page(None, language)
        except StoreUnavailable:
            await reply_text(message, texts(language).faults.store_away)
            return
        if page is None:
            await reply_text(message, texts(language).admin.corrections_none)
        else:
            await reply_photo(message, page)

    async def review(self, tap: Tap, step: Review) -> None:
        """Accept, reject, or look at another correction."""
        if tap.user_id not in self.admin_ids:
            await tap.answer(tap.texts.toasts.outdated, alert=True)
            return
        correction = CorrectionId(int(step.correction))
        try:
            if step.step is ReviewStep.SHOW:
                page, outcome = await self._page(correction, tap.language), tap.texts.admin.already_decided
            else:
                outcome = await self._decide(correction, step.step, tap.language)
                page = await self._page(None, tap.language)
        except StoreUnavailable:
            await tap.answer(tap.texts.faults.store_away, alert=True)
            return
        await tap.answer(None if step.step is ReviewStep.SHOW else outcome)
        if page is not None:
            await change_picture(tap.message, page)
        else:
            await change_caption(tap.message, outcome)
            await reply_text(tap.message, tap.texts.admin.corrections_none)

    async def _decide(self, correction: CorrectionId, step: ReviewStep, language: Language) -> str:
        """Accept or reject a correction; what became of it."""
        store, words, units = self.storage.corrections, texts(language).admin, texts(language).units
        if step is ReviewStep.ACCEPT_AGREED:
            count = await self.storage.run(store.accept_agreed)
            return words.many_accepted.format(corrections=units.corrections.of(count))
        found = await self.storage.run(store.correction, correction)
        if found is None or found.status is not Decision.PENDING:
            return words.already_decided
        if step is ReviewStep.REJECT_SENDER:
            count = await self.storage.run(store.reject_sender, found.user_group)
            return words.many_rejected.format(corrections=units.corrections.of(count))
        decided = await self.storage.run(store.decide, correction, _DECISIONS[step])
        outcomes = {ReviewStep.ACCEPT: words.accepted, ReviewStep.REJECT: words.rejected}
        return outcomes[step] if decided else words.already_decided

    async def _page(self, wanted: CorrectionId | None, language: Language) -> Picture | None:
        """The correction to look at, with the buttons to its neighbours; None when there is none.

        What surprises the live set most comes first: there people err most often, or the model does.
        """
        store = self.storage.corrections
        pending = await self.storage.run(store.surprising, self._model())
        if not pending:
            return None
        place = next((place for place, each in enumerate(pending) if each.id == wanted), 0)
        shown = pending[place]
        previous, following = pending[place - 1 : place], pending[place + 1 : place + 2]
        keyboard = review_keyboard(
            str(shown.id),
            language,
            previous=str(previous[0].id) if previous else None,
            following=str(following[0].id) if following else None,
        )
        drawing = partial(correction_picture, shown.photo, shown.outline, shown.box)
        return Picture(await self.executors.draw(drawing), _caption(shown, len(pending), language), keyboard)

    def _runtime(self) -> str:
        try:
            return runtime_name(self.runtime)
        except ModelError as error:
            return str(error)

    def _model(self) -> str:
        try:
            return self.models.live().version
        except ModelError:
            return _NOTHING

    async def _corrections(self) -> int | None:
        """How many corrections are kept; None while the store is away."""
        try:
            totals = await self.storage.run(self.storage.corrections.totals)
        except StoreUnavailable:
            return None
        return sum(totals.values())


def program_version() -> str:
    """The version of the program: of this checkout, else of the installed package."""
    with contextlib.suppress(OSError):
        project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return str(project["version"])
    try:
        return version("garment-bot")
    except PackageNotFoundError:
        return _NOTHING


def _caption(correction: Correction, waiting: int, language: Language) -> str:
    return review_caption(
        waiting=waiting,
        right=correction.right,
        predicted=correction.predicted,
        probability=correction.share,
        version=correction.model_version,
        created=correction.created.date(),
        language=language,
    )
