"""What was said about a photo, as far as a button remembers it."""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.replies.callback_data.codecs import Codec, read_integer, read_number, write_number
from bot.replies.numerals import permille
from bot.vision.labels import CLASS_COUNT, OTHER_CLOTHING
from bot.vision.prediction import Prediction, Verdict

TAG_LENGTH: Final = 6
MAX_GARMENTS: Final = 9

_PERMILLE_BITS: Final = 10
_SHARES: Final = CLASS_COUNT + 1
_HEAD: Final = TAG_LENGTH + 3
_SHARES_LENGTH: Final = math.ceil(_PERMILLE_BITS * _SHARES / 6)
_OLD_LENGTH: Final = _HEAD + math.ceil(_PERMILLE_BITS * CLASS_COUNT / 6)
"""Of buttons from before there was a share of none of the ten."""

_MOST_KINDS: Final = 6
_KIND_BITS: Final = 4
_KINDS_LENGTH: Final = _MOST_KINDS * _KIND_BITS // 6
_LENGTHS: Final = (_OLD_LENGTH, _HEAD + _SHARES_LENGTH, _HEAD + _SHARES_LENGTH + _KINDS_LENGTH)


def version_tag(version: str) -> str:
    """Return six characters that stand for a model version, the same on every machine."""
    digest = hashlib.blake2b(version.encode(), digest_size=8).digest()
    return write_number(int.from_bytes(digest) % 64**TAG_LENGTH, TAG_LENGTH)


def read_tag(text: str) -> str:
    """Read a version tag; ValueError or KeyError when it is none."""
    if len(text) != TAG_LENGTH:
        raise ValueError("not a version tag")
    read_number(text)
    return text


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said about one photo, as far as a button remembers it.

    Attributes:
        version_tag: :func:`version_tag` of the model that answered.
        verdict: how the answer was given.
        permille: ten probabilities in tenths of a percent, in class order: the figures that were shown.
        outside: the share of none of the ten, in tenths of a percent; everything sums to 1000.
        chosen: which garment of the photo was judged, from 0.
        garments: how many garments were found, at least 1.
        kinds: what each of them was called, 0-9 or ``OTHER_CLOTHING``, at most six; empty where there is but one, and
            in old buttons.
        other_clothing: with ``NO_GARMENT``: clothing outside the ten classes.
        likely: with ``UNSURE``: one class is named alone.
    """

    version_tag: str
    verdict: Verdict
    permille: tuple[int, ...]
    chosen: int = 0
    garments: int = 1
    other_clothing: bool = False
    outside: int = 0
    likely: bool = False
    kinds: tuple[int, ...] = ()

    @classmethod
    def of(cls, prediction: Prediction, version: str, *, chosen: int = 0, kinds: Iterable[int] = ()) -> "Answer":
        """Make the answer for a prediction.

        Args:
            prediction: what the model said.
            version: the model's version in full.
            chosen: which garment was judged, from 0.
            kinds: what each garment that was found is called; those behind the sixth are left out.
        """
        named = tuple(kinds)[:_MOST_KINDS]
        garments = max(len(named), 1)
        *shares, outside = permille((*prediction.probabilities, prediction.outside))
        return cls(
            version_tag=version_tag(version),
            verdict=prediction.verdict,
            permille=tuple(shares),
            chosen=min(chosen, garments - 1),
            garments=garments,
            other_clothing=prediction.other_clothing,
            outside=outside,
            likely=prediction.likely and prediction.verdict is Verdict.UNSURE,
            kinds=named if garments > 1 else (),
        )

    @property
    def found_nothing(self) -> bool:
        """Whether there was no garment to judge."""
        return self.verdict is Verdict.NO_GARMENT and not self.other_clothing

    @property
    def prediction(self) -> Prediction:
        """The prediction again, to a tenth of a percent."""
        return Prediction(
            probabilities=tuple(value / 1000 for value in self.permille),
            verdict=self.verdict,
            other_clothing=self.other_clothing,
            outside=self.outside / 1000,
            likely=self.likely,
        )

    def is_from(self, version: str) -> bool:
        """Tell whether the model with this version gave the answer."""
        return self.version_tag == version_tag(version)


_VERDICTS: Final[Mapping[str, tuple[Verdict, bool, bool]]] = {
    "s": (Verdict.SURE, False, False),
    "l": (Verdict.UNSURE, False, True),
    "u": (Verdict.UNSURE, False, False),
    "n": (Verdict.NO_GARMENT, False, False),
    "o": (Verdict.NO_GARMENT, True, False),
}
_VERDICT_LETTERS: Final = {verdict: letter for letter, verdict in _VERDICTS.items()}


def _write(answer: Answer) -> str:
    number = 0
    for value in (*answer.permille, answer.outside):
        number = number << _PERMILLE_BITS | value
    verdict = _VERDICT_LETTERS[answer.verdict, answer.other_clothing, answer.likely]
    head = f"{answer.version_tag}{verdict}{answer.chosen}{answer.garments}"
    return f"{head}{write_number(number, _SHARES_LENGTH)}{_written_kinds(answer.kinds)}"


def _read(text: str) -> Answer:
    if len(text) not in _LENGTHS:
        raise ValueError("not an answer")
    shares = CLASS_COUNT if len(text) == _OLD_LENGTH else _SHARES
    tag, letter, chosen, garments = text[:TAG_LENGTH], text[TAG_LENGTH], text[TAG_LENGTH + 1], text[TAG_LENGTH + 2]
    number = read_number(text[_HEAD : _HEAD + _SHARES_LENGTH])
    mask = (1 << _PERMILLE_BITS) - 1
    values = tuple(number >> _PERMILLE_BITS * (shares - 1 - place) & mask for place in range(shares))
    if number >> _PERMILLE_BITS * shares or sum(values) != 1000:
        raise ValueError("not the shares of an answer")
    count = read_integer(garments, MAX_GARMENTS)
    verdict, other_clothing, likely = _VERDICTS[letter]
    return Answer(
        version_tag=read_tag(tag),
        verdict=verdict,
        permille=values[:CLASS_COUNT],
        chosen=read_integer(chosen, count - 1),
        garments=count,
        other_clothing=other_clothing,
        outside=sum(values[CLASS_COUNT:]),
        likely=likely,
        kinds=_read_kinds(text[_HEAD + _SHARES_LENGTH :], count),
    )


def _written_kinds(kinds: tuple[int, ...]) -> str:
    """Nothing, or four characters: four bits a garment, the places of those that there are not filled with ones."""
    if not kinds:
        return ""
    number = 0
    for kind in (*kinds, *[(1 << _KIND_BITS) - 1] * (_MOST_KINDS - len(kinds))):
        number = number << _KIND_BITS | kind
    return write_number(number, _KINDS_LENGTH)


def _read_kinds(text: str, garments: int) -> tuple[int, ...]:
    if not text:
        return ()
    number, most = read_number(text), (1 << _KIND_BITS) - 1
    values = [number >> _KIND_BITS * place & most for place in reversed(range(_MOST_KINDS))]
    kinds, rest = values[:garments], values[garments:]
    if len(text) != _KINDS_LENGTH or len(kinds) < 2 or max(kinds) > OTHER_CLOTHING or set(rest) - {most}:
        raise ValueError("not the kinds of garments")
    return tuple(kinds)


ANSWER: Final = Codec(_write, _read)
"""28 characters: six of the model's version, verdict, which garment of how many, eleven shares; where there are several
garments, four more say what each is called."""
