"""An answer's eleven shares as people see them: the ten classes, and none of them."""

from bot.replies.numerals import permille
from bot.vision.labels import CLASS_COUNT
from bot.vision.prediction import Prediction, Verdict


def shares_of(prediction: Prediction) -> tuple[int, ...]:
    """The eleven shares in tenths of a percent, in class order, none of the ten last; they sum to 1000."""
    return permille((*prediction.probabilities, prediction.outside))


def candidates(prediction: Prediction) -> tuple[int, int]:
    """What an answer hesitates between: the likeliest class, and what has most beside it; 10 is none of the ten."""
    first, second = prediction.ranking[:2]
    shares = shares_of(prediction)
    return first, CLASS_COUNT if shares[CLASS_COUNT] > shares[second] else second


def named_shares(prediction: Prediction) -> tuple[int, ...]:
    """Which of the shares the answer names: the winner's, both candidates', or that of none of the ten (10)."""
    if prediction.verdict is Verdict.NO_GARMENT:
        return (CLASS_COUNT,)
    if prediction.verdict is Verdict.UNSURE and not prediction.likely:
        return candidates(prediction)
    return (prediction.label,)


def ranked_shares(prediction: Prediction) -> tuple[int, ...]:
    """The ten classes and none of them (10), in the order in which they are shown: what is named first, then by share.

    Rounding may make two shares equal; what the words name stands first then.
    """
    shares = shares_of(prediction)
    places = (*prediction.ranking, CLASS_COUNT)
    if prediction.verdict is Verdict.NO_GARMENT:
        places = (CLASS_COUNT, *prediction.ranking)
    return tuple(sorted(places, key=lambda label: -shares[label]))
