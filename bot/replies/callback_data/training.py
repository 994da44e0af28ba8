"""What was chosen for a training, in five digits."""

from typing import Final

from bot.course.choice import EPOCHS, LEARNING_RATES, NEURONS, TrainingChoice
from bot.replies.callback_data.codecs import Codec

_YES_OR_NO: Final = (False, True)


def _write(choice: TrainingChoice) -> str:
    places = (
        NEURONS.index(choice.neurons),
        EPOCHS.index(choice.epochs),
        LEARNING_RATES.index(choice.learning_rate),
        _YES_OR_NO.index(choice.normalise),
        _YES_OR_NO.index(choice.stop_early),
    )
    return "".join(map(str, places))


def _read(text: str) -> TrainingChoice:
    if len(text) != 5 or not (text.isascii() and text.isdigit()):
        raise ValueError("no choice")
    neurons, epochs, rate, normalise, stop_early = map(int, text)
    return TrainingChoice(
        NEURONS[neurons], EPOCHS[epochs], LEARNING_RATES[rate], _YES_OR_NO[normalise], _YES_OR_NO[stop_early]
    )


CHOICE: Final = Codec(_write, _read)
"""Five digits; what is not offered is none."""
