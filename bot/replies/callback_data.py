"""What a button carries: ``v1:<verb>:<arguments>``, at most 64 bytes, complete in itself.

Buttons outlive restarts and model changes, so nothing they need is kept in the process. What does not fit into a button
is read from the message it hangs on (the photo that the message replies to, the other buttons below it).

* A photo's buttons carry the whole :class:`Answer`: ten probabilities in tenths of a percent (17 characters), the
  verdict, which garment of how many was judged, and a tag of the model's version, so that a changed model can be said.
* An album has one answer for up to ten photos, and a bot cannot fetch the other photos of an album again. Each numbered
  button therefore carries the answer for its own photo; the overview is rebuilt from the buttons below the message.
* A gallery's buttons carry its 25 images as one combinatorial number: a set of 25 out of 10,000 has 248 bits, 42
  characters. No seed is needed, and the sheet stays the same when the model behind "only wrong ones" changes.

Data that was forged, is of another version, or that today's code does not know gives ``None``.
"""

import hashlib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.replies.numerals import permille
from bot.replies.texts import Language
from bot.vision.labels import CLASS_COUNT
from bot.vision.prediction import Prediction, Verdict

VERSION: Final = "v1"
MAX_BYTES: Final = 64
TAG_LENGTH: Final = 6
MAX_GARMENTS: Final = 9
MAX_ALBUM: Final = 10
GALLERY_SIZE: Final = 25
TEST_IMAGES: Final = 10_000

_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_DIGITS: Final = {character: value for value, character in enumerate(_ALPHABET)}
_PERMILLE_BITS: Final = 10
_PERMILLE_LENGTH: Final = math.ceil(_PERMILLE_BITS * CLASS_COUNT / 6)
_GALLERY_LENGTH: Final = 42
_ANSWER_LENGTH: Final = TAG_LENGTH + 3 + _PERMILLE_LENGTH


def version_tag(version: str) -> str:
    """Return six characters that stand for a model version, the same on every machine."""
    digest = hashlib.blake2b(version.encode(), digest_size=8).digest()
    return _number_to_text(int.from_bytes(digest) % 64**TAG_LENGTH, TAG_LENGTH)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said about one photo, as far as a button remembers it.

    Attributes:
        version_tag: :func:`version_tag` of the model that answered.
        verdict: how the answer was given.
        permille: ten probabilities in tenths of a percent, in class order, sum 1000: the figures that were shown.
        chosen: which garment of the photo was judged, from 0.
        garments: how many garments were found, at least 1.
        other_clothing: with ``NO_GARMENT``: clothing outside the ten classes.
    """

    version_tag: str
    verdict: Verdict
    permille: tuple[int, ...]
    chosen: int = 0
    garments: int = 1
    other_clothing: bool = False

    @classmethod
    def of(cls, prediction: Prediction, version: str, *, chosen: int = 0, garments: int = 1) -> "Answer":
        """Make the answer for a prediction.

        Args:
            prediction: what the model said.
            version: the model's version in full.
            chosen: which garment was judged, from 0.
            garments: how many were found; more than nine count as nine.
        """
        garments = min(max(garments, 1), MAX_GARMENTS)
        return cls(
            version_tag=version_tag(version),
            verdict=prediction.verdict,
            permille=permille(prediction.probabilities),
            chosen=min(chosen, garments - 1),
            garments=garments,
            other_clothing=prediction.other_clothing,
        )

    @property
    def prediction(self) -> Prediction:
        """The prediction again, to a tenth of a percent."""
        return Prediction(
            probabilities=tuple(value / 1000 for value in self.permille),
            verdict=self.verdict,
            other_clothing=self.other_clothing,
        )

    def is_from(self, version: str) -> bool:
        """Tell whether the model with this version gave the answer."""
        return self.version_tag == version_tag(version)


@dataclass(frozen=True, slots=True)
class Right:
    """The answer was right."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Correct:
    """The answer was wrong: show the ten classes."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Back:
    """Show the photo's own buttons again."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Why:
    """Show which parts of the garment spoke for the answer."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class JudgeGarment:
    """Judge another garment of the same photo; ``chosen`` counts from 0."""

    chosen: int


@dataclass(frozen=True, slots=True)
class PickClass:
    """The right class is ``label``."""

    label: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether the photo may be kept for training; ``label`` is the class that the person named."""

    given: bool
    label: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class AskAgain:
    """After a no: ask at the next correction again whether the photo may be kept."""


@dataclass(frozen=True, slots=True)
class Undo:
    """Take a correction back; ``correction`` is its id in the store (1-20 of ``A-Za-z0-9_-``)."""

    correction: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class AnotherSample:
    """Another random test image."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """A sheet of test images.

    Attributes:
        images: 1-25 different indices into the test images, ascending; the sheet shows them in this order.
        version_tag: :func:`version_tag` of the model that was live when the sheet was made.
        only_wrong: the sheet shows images that this model got wrong.
    """

    images: tuple[int, ...]
    version_tag: str
    only_wrong: bool = False


@dataclass(frozen=True, slots=True)
class GallerySheet:
    """Show the sheet again."""

    gallery: Gallery


@dataclass(frozen=True, slots=True)
class GalleryItem:
    """Show the image at ``position`` (from 0) of a sheet."""

    gallery: Gallery
    position: int


@dataclass(frozen=True, slots=True)
class NewGallery:
    """Make a new sheet, of all test images or of those that the model gets wrong."""

    only_wrong: bool = False


@dataclass(frozen=True, slots=True)
class AlbumItem:
    """Show the ten percentages of one photo of an album.

    Attributes:
        position: which photo, from 0.
        count: how many photos the album has, also those that could not be read (they have no button).
        answer: what was said about this photo.
    """

    position: int
    count: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class AlbumOverview:
    """Show an album's overview again, rebuilt from the numbered buttons."""


@dataclass(frozen=True, slots=True)
class MeasureAgain:
    """Measure the live model on all test images."""


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """Answer in this language from now on."""

    language: Language


class ReviewStep(StrEnum):
    """What an admin does with a correction."""

    ACCEPT = "a"
    REJECT = "r"
    SHOW = "s"


@dataclass(frozen=True, slots=True)
class Review:
    """An admin's step on a correction; ``correction`` is its id in the store."""

    step: ReviewStep
    correction: str


@dataclass(frozen=True, slots=True)
class LearnStep:
    """Show a step of the course by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class LearnTry:
    """Try a step of the course with the person's own last photo."""

    name: str


Action = (
    Right
    | Correct
    | Back
    | Why
    | JudgeGarment
    | PickClass
    | Consent
    | AskAgain
    | Undo
    | AnotherSample
    | GallerySheet
    | GalleryItem
    | NewGallery
    | AlbumItem
    | AlbumOverview
    | MeasureAgain
    | SetLanguage
    | Review
    | LearnStep
    | LearnTry
)


def encode(action: Action) -> str:
    """Return the callback data of a button.

    Raises:
        ValueError: the action does not survive the way into a button and back (a label of 12, a foreign id).
    """
    data = ":".join((VERSION, *_arguments(action)))
    if len(data.encode()) > MAX_BYTES or parse(data) != action:
        raise ValueError(f"{type(action).__name__} does not fit into a button")
    return data


def parse(data: str | None) -> Action | None:
    """Read callback data; None when it is forged, of another version, or unknown."""
    if not data or not data.isascii() or len(data) > MAX_BYTES:
        return None
    version, _, rest = data.partition(":")
    verb, *arguments = rest.split(":")
    reader = _READERS.get(verb)
    if version != VERSION or reader is None:
        return None
    try:
        return reader(arguments)
    except (ValueError, KeyError, IndexError):
        return None


def _arguments(action: Action) -> tuple[str, ...]:
    match action:
        case Right(answer):
            return "ok", _answer_to_text(answer)
        case Correct(answer):
            return "fix", _answer_to_text(answer)
        case Back(answer):
            return "back", _answer_to_text(answer)
        case Why(answer):
            return "why", _answer_to_text(answer)
        case JudgeGarment(chosen):
            return "item", str(chosen)
        case PickClass(label, answer):
            return "class", str(label), _answer_to_text(answer)
        case Consent(given, label, answer):
            return "keep", "y" if given else "n", str(label), _answer_to_text(answer)
        case AskAgain():
            return ("ask",)
        case Undo(correction, answer):
            return "undo", correction, _answer_to_text(answer)
        case AnotherSample():
            return ("sample",)
        case GallerySheet(gallery):
            return "gs", _gallery_to_text(gallery)
        case GalleryItem(gallery, position):
            return "gi", _gallery_to_text(gallery) + _ALPHABET[position]
        case NewGallery(only_wrong):
            return "gn", "w" if only_wrong else "a"
        case AlbumItem(position, count, answer):
            return "album", str(position), str(count), _answer_to_text(answer)
        case AlbumOverview():
            return ("albums",)
        case MeasureAgain():
            return ("measure",)
        case SetLanguage(language):
            return "lang", language.value
        case Review(step, correction):
            return "review", step.value, correction
        case LearnStep(name):
            return "learn", name
        case LearnTry(name):
            return "try", name


def _one(arguments: Sequence[str]) -> str:
    (only,) = arguments
    return only


def _nothing(value: Action) -> Callable[[Sequence[str]], Action]:
    def read(arguments: Sequence[str]) -> Action:
        if arguments:
            raise ValueError("unexpected arguments")
        return value

    return read


def _read_class(arguments: Sequence[str]) -> PickClass:
    label, answer = arguments
    return PickClass(_integer(label, CLASS_COUNT - 1), _text_to_answer(answer))


def _read_consent(arguments: Sequence[str]) -> Consent:
    given, label, answer = arguments
    return Consent({"y": True, "n": False}[given], _integer(label, CLASS_COUNT - 1), _text_to_answer(answer))


def _read_undo(arguments: Sequence[str]) -> Undo:
    correction, answer = arguments
    return Undo(_identifier(correction), _text_to_answer(answer))


def _read_gallery_item(arguments: Sequence[str]) -> GalleryItem:
    text = _one(arguments)
    gallery, position = _text_to_gallery(text[:-1]), _DIGITS[text[-1]]
    if position >= len(gallery.images):
        raise ValueError("no such position")
    return GalleryItem(gallery, position)


def _read_album_item(arguments: Sequence[str]) -> AlbumItem:
    position, count, answer = arguments
    size = _integer(count, MAX_ALBUM)
    return AlbumItem(_integer(position, size - 1), size, _text_to_answer(answer))


def _read_review(arguments: Sequence[str]) -> Review:
    step, correction = arguments
    return Review(ReviewStep(step), _identifier(correction))


_READERS: Final[Mapping[str, Callable[[Sequence[str]], Action]]] = {
    "ok": lambda arguments: Right(_text_to_answer(_one(arguments))),
    "fix": lambda arguments: Correct(_text_to_answer(_one(arguments))),
    "back": lambda arguments: Back(_text_to_answer(_one(arguments))),
    "why": lambda arguments: Why(_text_to_answer(_one(arguments))),
    "item": lambda arguments: JudgeGarment(_integer(_one(arguments), MAX_GARMENTS - 1)),
    "class": _read_class,
    "keep": _read_consent,
    "ask": _nothing(AskAgain()),
    "undo": _read_undo,
    "sample": _nothing(AnotherSample()),
    "gs": lambda arguments: GallerySheet(_text_to_gallery(_one(arguments))),
    "gi": _read_gallery_item,
    "gn": lambda arguments: NewGallery({"a": False, "w": True}[_one(arguments)]),
    "album": _read_album_item,
    "albums": _nothing(AlbumOverview()),
    "measure": _nothing(MeasureAgain()),
    "lang": lambda arguments: SetLanguage(Language(_one(arguments))),
    "review": _read_review,
    "learn": lambda arguments: LearnStep(_identifier(_one(arguments))),
    "try": lambda arguments: LearnTry(_identifier(_one(arguments))),
}

_VERDICTS: Final[Mapping[str, tuple[Verdict, bool]]] = {
    "s": (Verdict.SURE, False),
    "u": (Verdict.UNSURE, False),
    "n": (Verdict.NO_GARMENT, False),
    "o": (Verdict.NO_GARMENT, True),
}
_VERDICT_LETTERS: Final = {verdict: letter for letter, verdict in _VERDICTS.items()}


def _integer(text: str, largest: int) -> int:
    if not re.fullmatch(r"0|[1-9][0-9]{0,5}", text) or int(text) > largest:
        raise ValueError("not a number in range")
    return int(text)


def _identifier(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,20}", text):
        raise ValueError("not an identifier")
    return text


def _number_to_text(number: int, length: int) -> str:
    characters = []
    for _ in range(length):
        number, digit = divmod(number, 64)
        characters.append(_ALPHABET[digit])
    if number:
        raise ValueError("number too large")
    return "".join(reversed(characters))


def _text_to_number(text: str) -> int:
    number = 0
    for character in text:
        number = number * 64 + _DIGITS[character]
    return number


def _answer_to_text(answer: Answer) -> str:
    number = 0
    for value in answer.permille:
        number = number << _PERMILLE_BITS | value
    verdict = _VERDICT_LETTERS.get((answer.verdict, answer.other_clothing), "")
    return f"{answer.version_tag}{verdict}{answer.chosen}{answer.garments}{_number_to_text(number, _PERMILLE_LENGTH)}"


def _text_to_answer(text: str) -> Answer:
    if len(text) != _ANSWER_LENGTH:
        raise ValueError("wrong length")
    tag, letter, chosen, garments = text[:TAG_LENGTH], text[TAG_LENGTH], text[TAG_LENGTH + 1], text[TAG_LENGTH + 2]
    number = _text_to_number(text[TAG_LENGTH + 3 :])
    mask = (1 << _PERMILLE_BITS) - 1
    values = tuple(number >> _PERMILLE_BITS * (CLASS_COUNT - 1 - label) & mask for label in range(CLASS_COUNT))
    if number >> _PERMILLE_BITS * CLASS_COUNT or sum(values) != 1000:
        raise ValueError("not ten probabilities")
    count = _integer(garments, MAX_GARMENTS)
    verdict, other_clothing = _VERDICTS[letter]
    return Answer(
        version_tag=_tag(tag),
        verdict=verdict,
        permille=values,
        chosen=_integer(chosen, count - 1),
        garments=count,
        other_clothing=other_clothing,
    )


def _tag(text: str) -> str:
    _text_to_number(text)
    return text


def _gallery_to_text(gallery: Gallery) -> str:
    """Write a gallery as filter, count, version tag and the set's rank among all sets of its size."""
    images = gallery.images
    if not 1 <= len(images) <= GALLERY_SIZE or images[-1] >= TEST_IMAGES:
        raise ValueError("not a gallery")
    rank = sum(math.comb(image, place) for place, image in enumerate(images, start=1))
    letter = "w" if gallery.only_wrong else "a"
    return f"{letter}{_ALPHABET[len(images)]}{gallery.version_tag}{_number_to_text(rank, _GALLERY_LENGTH)}"


def _text_to_gallery(text: str) -> Gallery:
    if len(text) != 2 + TAG_LENGTH + _GALLERY_LENGTH:
        raise ValueError("wrong length")
    only_wrong, count = {"a": False, "w": True}[text[0]], _DIGITS[text[1]]
    rank = _text_to_number(text[2 + TAG_LENGTH :])
    if not 1 <= count <= GALLERY_SIZE or rank >= math.comb(TEST_IMAGES, count):
        raise ValueError("not a gallery")
    images = []
    for place in range(count, 0, -1):
        image = _largest_with_combinations_up_to(rank, place)
        rank -= math.comb(image, place)
        images.append(image)
    return Gallery(tuple(reversed(images)), _tag(text[2 : 2 + TAG_LENGTH]), only_wrong)


def _largest_with_combinations_up_to(rank: int, place: int) -> int:
    low, high = place - 1, TEST_IMAGES
    while high - low > 1:
        middle = (low + high) // 2
        if math.comb(middle, place) <= rank:
            low = middle
        else:
            high = middle
    return low
