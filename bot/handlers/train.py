"""/train: the course's network, trained in the chat, with the settings of whoever asks.

What is chosen stands in the buttons, so it outlives restarts. A training that runs is told in the message that it was
started from, by :func:`tell`; its network is kept for that person, and replaces the one before.
"""

import logging
import secrets
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from telegram import InlineKeyboardMarkup, Message
from telegram.error import TelegramError

from bot.course.choice import TrainingChoice
from bot.course.own_network import OwnNetwork, packed
from bot.course.recorded_runs import Lessons, RecordedRun
from bot.course.train.curve import training_curve
from bot.course.train.keyboards import again_keyboard, panel_keyboard, result_keyboard, running_keyboard
from bot.course.train.words import (
    done_text,
    end_caption,
    fetching_caption,
    loading_caption,
    panel_caption,
    result_caption,
    training_caption,
    waiting_caption,
)
from bot.handlers.class_tables import ClassTableHandlers, reached_with
from bot.handlers.course_pictures import RECORDED
from bot.handlers.errors import ErrorReporter, nobody_is_there
from bot.handlers.intake import sender_id
from bot.handlers.languages import Languages
from bot.handlers.own_network_offer import OwnNetworkOffer
from bot.handlers.sending import Picture, change_caption, change_picture, quote_with_text, reply_photo
from bot.handlers.taps import Tap
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import Executors
from bot.jobs.retrying_rate_limiter import telling_an_outcome
from bot.jobs.shared_trainings import SharedTrainings
from bot.jobs.training_jobs import AlreadyTraining, JobState, QueueFull, TrainingJob, TrainingQueue
from bot.replies.callback_data.actions import TrainCancel, TrainPanel, TrainStart
from bot.replies.callback_data.gallery import TEST_IMAGES
from bot.replies.keyboards import actions_of
from bot.replies.texts import Language
from bot.replies.texts.train import train_texts
from bot.storage import retention
from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage
from bot.storage.trainings import Cancelling, Place

_LOGGER = logging.getLogger(__name__)

TOLD_EVERY_S: Final = 3.0
"""Telegram takes about one edit a second in a chat, and somebody may want to press a button meanwhile."""

LONG_WAIT_S: Final = 60.0
"""Who has waited longer has put the phone away: an edit makes no sound, so a message says that it is done."""

_SEEDS: Final = 2**31


@dataclass(slots=True)
class _Told:
    """A training that is told.

    Attributes:
        job: the training.
        choice: its settings.
        message: ours, a picture.
        language: of whoever started it.
        course: the recorded run beside it.
        since: ``time.monotonic()`` when it was asked for.
        unreachable: whether the message is gone, or its owner has blocked the bot.
    """

    job: TrainingJob
    choice: TrainingChoice
    message: Message
    language: Language
    course: RecordedRun | None
    since: float = field(default_factory=time.monotonic)
    unreachable: bool = False


@dataclass(frozen=True)
class TrainHandlers:
    """Trainings in the chat."""

    languages: Languages
    storage: Storage
    executors: Executors
    training: TrainingQueue
    shared_trainings: SharedTrainings | None
    own_network_offer: OwnNetworkOffer
    class_tables: ClassTableHandlers
    detached_tasks: DetachedTasks
    errors: ErrorReporter
    told_every_s: float = TOLD_EVERY_S
    long_wait_s: float = LONG_WAIT_S

    async def train(self, message: Message) -> None:
        """Show what can be chosen."""
        language = await self.languages.of(message.chat, message.from_user)
        await reply_photo(message, await self.panel(sender_id(message), TrainingChoice(), language))

    async def choose(self, tap: Tap, asked: TrainPanel) -> None:
        """Show another choice in the same message; below something else, in a new one."""
        if await self._trains_at(_place(tap.message)):
            await tap.answer(train_texts(tap.language).toasts.already, alert=True)
            return
        await tap.answer()
        picture = await self.panel(tap.user_id, asked.choice, tap.language)
        await (change_picture(tap.message, picture) if _is_panel(tap.message) else reply_photo(tap.message, picture))

    async def start(self, tap: Tap, asked: TrainStart) -> None:
        """Take a training on, and tell it in this message."""
        toasts = train_texts(tap.language).toasts
        settings = asked.choice.settings(secrets.randbelow(_SEEDS))
        course = await self.executors.draw(partial(recorded, asked.choice))
        try:
            job = self.training.put(tap.user_id, settings, _place(tap.message))
            await self._tell_replicas(job)
        except AlreadyTraining:
            await tap.answer(toasts.already, alert=True)
            return
        except QueueFull:
            await tap.answer(toasts.full, alert=True)
            return
        told = _Told(job, asked.choice, tap.message, tap.language, course)
        self.detached_tasks.start(self.errors.guard(tap.message, self.tell(told)))
        await tap.answer()

    async def cancel(self, tap: Tap, asked: TrainCancel) -> None:
        """End the training of this message, where whoever taps has started it."""
        toasts = train_texts(tap.language).toasts
        try:
            outcome = await self._cancel(tap.user_id, _place(tap.message))
        except StoreUnavailable:
            await tap.answer(tap.texts.faults.store_away, alert=True)
            return
        if outcome is Cancelling.GONE:
            await tap.answer(toasts.gone, alert=True)
            await change_picture(tap.message, await self.panel(tap.user_id, asked.choice, tap.language))
        elif outcome is Cancelling.NOT_YOURS:
            await tap.answer(toasts.not_yours, alert=True)
        else:
            await tap.answer()

    async def _cancel(self, user_id: int, place: Place) -> Cancelling:
        """End the training of a message, here or at another replica, which tells of it within a second or two."""
        job = self.training.at(place)
        if job is None:
            elsewhere = self.shared_trainings
            return Cancelling.GONE if elsewhere is None else await elsewhere.cancel(user_id, place)
        if job.owner != user_id:
            return Cancelling.NOT_YOURS
        self.training.cancel(job)
        return Cancelling.ASKED

    async def _trains_at(self, place: Place) -> bool:
        if self.training.at(place) is not None:
            return True
        return self.shared_trainings is not None and await self.shared_trainings.runs_at(place)

    async def _tell_replicas(self, job: TrainingJob) -> None:
        """Tell other replicas of a training.

        Raises:
            AlreadyTraining: one of them has one of this person; this one is given up.
        """
        if self.shared_trainings is None:
            return
        try:
            await self.shared_trainings.begin(job)
        except AlreadyTraining:
            self.training.cancel(job)
            raise

    async def panel(self, user_id: int, choice: TrainingChoice, language: Language) -> Picture:
        """What is chosen, how long it would take, and the course's own curve."""
        course = await self.executors.draw(partial(recorded, choice))
        draw = partial(training_curve, choice.neurons, choice.epochs, (), course, language)
        ahead, time = self.training.expected(user_id, choice.settings(0))
        caption = panel_caption(choice, language, ahead=ahead, time=time, course=course)
        return Picture(await self.executors.draw(draw), caption, panel_keyboard(choice, language))

    async def tell(self, told: _Told) -> None:
        """Follow a training to its end in one message, and keep its network."""
        try:
            await self._follow(told)
        except Exception:
            self.training.cancel(told.job)  # whose network nobody would ever see
            raise
        finally:
            if self.shared_trainings is not None:
                await self.shared_trainings.end(told.job)
        if told.job.network is not None:
            await self._tell_result(told, told.job.network)
        elif not told.unreachable:
            await self._tell_end(told)

    async def _follow(self, told: _Told) -> None:
        drawn = 0
        while not told.job.ended.is_set():
            try:
                drawn = await self._tell_progress(told, drawn)
            except TelegramError as error:
                if nobody_is_there(error):
                    _LOGGER.info("Nobody to tell of a training: %s", error)
                    told.unreachable = True
                    self.training.cancel(told.job)
                else:
                    _LOGGER.warning("A training could not be told (%s)", type(error).__name__)
            await told.job.wait(self.told_every_s)

    async def _tell_progress(self, told: _Told, drawn: int) -> int:
        """Change words, and the picture where an epoch has been done; how many epochs it shows."""
        job, keyboard = told.job, running_keyboard(told.choice, told.language)
        caption, epochs = self.progress_caption(told.job, told.language), tuple(job.epochs)
        if len(epochs) == drawn:
            await change_caption(told.message, caption, keyboard)
            return drawn
        await change_picture(told.message, await self._picture(told, caption, keyboard))
        return len(epochs)

    def progress_caption(self, job: TrainingJob, language: Language) -> str:
        """Say how far a training is."""
        if job.state is JobState.WAITING:
            return waiting_caption(self.training.ahead(job), self.training.left(job), language)
        if job.fetching is not None:
            return fetching_caption(job.fetching.name, job.fetching.done, job.fetching.total, language)
        if job.state is JobState.LOADING:
            return loading_caption(language)
        latest = job.epochs[-1] if job.epochs else None
        return training_caption(job.settings.epochs, job.share, self.training.left(job), latest, language)

    async def _tell_end(self, told: _Told) -> None:
        """Say why there is no network."""
        has_earlier = False
        if told.job.state is not JobState.STOPPED:  # then there is little time left
            has_earlier = await self.own_network_offer.has_network(told.job.owner)
        caption = end_caption(told.job.state, told.language, told.job.missing, has_earlier=has_earlier)
        with telling_an_outcome():
            await change_caption(told.message, caption, again_keyboard(told.choice, told.language))

    async def _tell_result(self, told: _Told, network: OwnNetwork) -> None:
        """Keep the network, say what it reached, and tell the groups whose tables its owner has joined."""
        kept = await self._keep(told.job.owner, network)
        caption = result_caption(network.run, told.choice, told.language, kept=retention.NETWORK_KEPT if kept else None)
        first = secrets.randbelow(TEST_IMAGES)
        keyboard = (
            result_keyboard(told.choice, told.language, first=first)
            if kept
            else again_keyboard(told.choice, told.language)
        )
        record = self.class_tables.record(told.message.get_bot(), told.job.owner, reached_with(network))
        self.detached_tasks.start(record)
        picture = await self._picture(told, caption, keyboard)
        with telling_an_outcome():
            await change_picture(told.message, picture)
        if time.monotonic() - told.since > self.long_wait_s:
            await quote_with_text(told.message, done_text(network.run, told.language))

    async def _keep(self, user_id: int, network: OwnNetwork) -> bool:
        try:
            networks = self.storage.networks
            await self.storage.run(networks.keep, user_id, packed(network.network), network.record)
        except StoreUnavailable as error:
            _LOGGER.warning("A trained network could not be kept: %s", error)
            return False
        return True

    async def _picture(self, told: _Told, caption: str, keyboard: InlineKeyboardMarkup) -> Picture:
        job = told.job
        draw = partial(
            training_curve, job.settings.neurons, job.settings.epochs, tuple(job.epochs), told.course, told.language
        )
        return Picture(await self.executors.draw(draw), caption, keyboard)


def recorded(choice: TrainingChoice) -> RecordedRun | None:
    """The course's own run that is long enough to be compared; None where none is recorded. Blocks."""
    lessons = Lessons.read(RECORDED)
    short = lessons.short
    return short if short is not None and choice.epochs <= short.last.number else lessons.long or short


def _place(message: Message) -> Place:
    return message.chat_id, message.message_id


def _is_panel(message: Message) -> bool:
    return any(isinstance(action, TrainStart) for action in actions_of(message.reply_markup))
