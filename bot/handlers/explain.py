"""為什麼: which parts of the garment spoke for the answer, found with the model file alone."""

from dataclasses import dataclass, replace
from functools import partial

from telegram import Message

from bot.handlers.second_look import SecondLook, album_photo
from bot.handlers.sending import Picture, indicate_picture, quote_with_photo, quote_with_text
from bot.handlers.taps import Tap
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import Executors
from bot.registry.store import ModelStore
from bot.replies.callback_data.actions import AlbumWhy, Why
from bot.replies.callback_data.answer import Answer
from bot.replies.captions import names_a_part, why_caption, why_two_caption
from bot.replies.cards.why import why_card, why_two_card
from bot.replies.shares import named_shares
from bot.replies.texts import Language
from bot.vision.recognizer import Recognition, Recognizer


@dataclass(frozen=True)
class ExplainHandlers:
    """Heat maps below answers."""

    models: ModelStore
    recognizer: Recognizer
    executors: Executors
    second_look: SecondLook
    detached_tasks: DetachedTasks

    async def explain(self, tap: Tap, asked: Why) -> None:
        """Show the heat map below the answer."""
        await tap.answer_saying_if_model_changed(self.models, asked.answer)
        self.detached_tasks.start(indicate_picture(tap.message))
        recognition = await self.second_look.recognize_again(tap, asked.answer.chosen)
        await self._send_photo(tap, tap.message, recognition, asked.answer)

    async def explain_one_of_album(self, tap: Tap, asked: AlbumWhy) -> None:
        """Show the heat map of one photo of an album below that photo."""
        await tap.answer_saying_if_model_changed(self.models, asked.answer)
        async with album_photo(tap, asked.offset) as photo:
            recognition = await self.second_look.recognize_in(photo, asked.answer.chosen)
        await self._send_photo(tap, photo or tap.message, recognition, asked.answer)

    async def _send_photo(self, tap: Tap, message: Message, recognition: Recognition | None, earlier: Answer) -> None:
        if recognition is None:
            await tap.say_that_photo_is_gone()
            return
        if not recognition.garments:
            await quote_with_text(message, tap.texts.photo.nothing)
            return
        changed = not earlier.is_from(recognition.model_version)
        draw = partial(drawn, self.recognizer, recognition, tap.language, model_changed=changed)
        picture = await self.executors.look(draw)
        await quote_with_photo(message, replace(picture, covered=tap.is_covered))


def drawn(recognizer: Recognizer, recognition: Recognition, language: Language, *, model_changed: bool) -> Picture:
    """Hide parts of the garment, ask again each time, and draw what that did; blocks.

    An answer between two candidates shows what spoke for either.
    """
    prediction = recognition.prediction
    heat, *other_heats = recognizer.explain(recognition, *named_shares(prediction)[1:])
    about = {"in_colour": not recognition.from_data_set, "model_changed": model_changed}
    if not other_heats:
        return Picture(
            why_card(recognition, heat.label, heat.photo, language, decisive=names_a_part(heat)),
            why_caption(prediction, heat, language, **about),
        )
    (other,) = other_heats
    columns = [(each.label, each.photo, names_a_part(each)) for each in (heat, other)]
    return Picture(
        why_two_card(recognition, columns, language),
        why_two_caption(prediction, (heat, other), language, **about),
    )
