"""為什麼: which parts of the garment spoke for the answer, found with the model file alone."""

from functools import partial

from bot.handlers.again import recognise_again
from bot.handlers.sending import Picture, indicate_picture, show_about
from bot.handlers.services import Services
from bot.handlers.taps import Tap
from bot.replies.callback_data import Why
from bot.replies.captions import WhyFacts, why_caption
from bot.replies.cards import why_card
from bot.replies.texts import Language
from bot.vision.recognizer import Recognition, Recognizer


async def explain(services: Services, tap: Tap, asked: Why) -> None:
    """Show the heat map below the answer."""
    await tap.answer_saying_if_model_changed(services, asked.answer)
    services.errands.start(indicate_picture(tap.message))
    recognition = await recognise_again(services, tap, asked.answer.chosen)
    if recognition is None:
        await tap.say_that_photo_is_gone()
        return
    changed = not asked.answer.is_from(recognition.model_version)
    draw = partial(drawn, services.recognizer, recognition, tap.language, model_changed=changed)
    await show_about(tap.message, await services.workshop.look(draw))


def drawn(recognizer: Recognizer, recognition: Recognition, language: Language, *, model_changed: bool) -> Picture:
    """Hide parts of the garment, ask again each time, and draw what that did; blocks."""
    heat = recognizer.explain(recognition)
    facts = WhyFacts(
        places=heat.places,
        before=heat.before,
        after=heat.after,
        second=heat.second,
        second_places=heat.second_places,
        second_before=heat.second_before,
        second_after=heat.second_after,
        in_colour=recognition.garment.opinion is not None,
    )
    return Picture(
        why_card(recognition, heat.photo, language, decisive=facts.names_a_part),
        why_caption(recognition.prediction, facts, language, model_changed=model_changed),
    )
