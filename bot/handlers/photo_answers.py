"""The answer to a photo, whichever conversation gives it: drawn, sent and reacted to, or why there is none."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from telegram import Message
from telegram.error import TelegramError

from bot.handlers.errors import ErrorReporter, nobody_is_there
from bot.handlers.images import ImageGone, ServerFilesUnreadable
from bot.handlers.reactions import Reactions
from bot.handlers.sending import ANSWERED, ANSWERED_UNSURELY, Picture, quote_with_photo, quote_with_text
from bot.replies.callback_data.answer import Answer
from bot.replies.captions import photo_caption
from bot.replies.cards.photo import photo_card
from bot.replies.keyboards import photo_keyboard
from bot.replies.messages import download_failed_text, problem_text
from bot.replies.texts import Language, texts
from bot.vision.classifier import ModelError
from bot.vision.photo import PhotoError
from bot.vision.prediction import Prediction, Verdict
from bot.vision.recognizer import Recognition

_LOGGER = logging.getLogger(__name__)


async def quote_and_react(
    reactions: Reactions, message: Message, picture: Picture, predictions: Sequence[Prediction]
) -> Message:
    """Answer a photo, and react to it when the answer has been sent.

    Args:
        reactions: does the reacting.
        message: with the photo.
        picture: the answer.
        predictions: what the answer says; one that names two candidates makes it an unsure one.
    """
    sent = await quote_with_photo(message, picture)
    unsure = any(each.verdict is Verdict.UNSURE and not each.likely for each in predictions)
    reactions.change(message, ANSWERED_UNSURELY if unsure else ANSWERED)
    return sent


async def deliver(
    errors: ErrorReporter,
    reactions: Reactions,
    message: Message,
    picture: Picture,
    predictions: Sequence[Prediction],
) -> None:
    """:func:`quote_and_react`, where what goes wrong meanwhile is told as in a handler."""
    await errors.guard(message, quote_and_react(reactions, message, picture, predictions))


def picture_of(
    recognition: Recognition, language: Language, *, model_changed: bool = False, covered: bool = False
) -> Picture:
    """Draw the answer to a photo; blocks."""
    answer, shown = remembered(recognition), as_remembered(recognition)
    return Picture(
        image=photo_card(shown, language),
        caption=photo_caption(shown, language, model_changed=model_changed),
        keyboard=photo_keyboard(answer, language),
        covered=covered,
    )


def remembered(recognition: Recognition) -> Answer:
    """What the buttons below an answer remember of it."""
    return Answer.of(
        recognition.prediction,
        recognition.model_version,
        chosen=recognition.chosen,
        kinds=[garment.prediction.said for garment in recognition.garments],
    )


def as_remembered(recognition: Recognition) -> Recognition:
    """The same with the probabilities that its buttons remember: two equal figures stand in one order everywhere."""
    judged = replace(recognition.judged, prediction=remembered(recognition).prediction)
    garments = tuple(judged if each is recognition.judged else each for each in recognition.garments)
    return replace(recognition, garments=garments, judged=judged)


async def reply_failure(
    errors: ErrorReporter, reactions: Reactions, message: Message, error: Exception, language: Language
) -> None:
    """Say why there is no answer to a photo, which nobody looks at any more."""
    said = failure_text(error, language)
    if isinstance(error, TelegramError) and not nobody_is_there(error):
        said = download_failed_text(errors.note(error), language)
    elif isinstance(error, ServerFilesUnreadable):
        errors.note(error)
    if said is None:
        await errors.apologise(message, error)
    else:
        _LOGGER.info("No answer to a photo: %s", error)
        await errors.guard(message, quote_with_text(message, said))
    reactions.change(message, None)


def failure_text(error: Exception, language: Language) -> str | None:
    """What a person can do about it; None for what only an admin can."""
    if isinstance(error, PhotoError):
        return problem_text(error.problem, language)
    if isinstance(error, ImageGone):
        return texts(language).faults.photo_gone
    if isinstance(error, ServerFilesUnreadable):
        return texts(language).faults.files_unreadable
    if isinstance(error, ModelError):
        return texts(language).faults.no_model
    return None
