"""What buttons stand for: one table of actions, each a dataclass with a codec for every field.

A new button is a class and a line of :data:`ACTIONS` here, its handler in :func:`bot.routing.taps`, and a label.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from bot.course.choice import TrainingChoice
from bot.replies.callback_data.answer import ANSWER, MAX_GARMENTS, Answer
from bot.replies.callback_data.codecs import (
    ALPHABET,
    DIGITS,
    IDENTIFIER,
    KNOWN_MESSAGE,
    Codec,
    choice,
    integer,
    member,
    read_integer,
)
from bot.replies.callback_data.gallery import CHOICE as GALLERY_CHOICE
from bot.replies.callback_data.gallery import EVERY_IMAGE, GALLERY, TEST_IMAGES, Gallery, GalleryChoice
from bot.replies.callback_data.quiz import SCORE, QuizScore
from bot.replies.callback_data.training import CHOICE
from bot.replies.texts import Language
from bot.vision.labels import SAID_COUNT

MAX_ALBUM: Final = 10
MAX_OFFSET: Final = 99_999
"""In a busy group other messages stand between the photos of an album, though never many."""


class ReviewStep(StrEnum):
    """What an admin does with a correction."""

    ACCEPT = "a"
    REJECT = "r"
    SHOW = "s"
    ACCEPT_AGREED = "g"
    """All that say what the model said."""
    REJECT_SENDER = "p"
    """All of the same person."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a button does; each kind is a class below."""


@dataclass(frozen=True, slots=True)
class Right(Action):
    """The answer was right."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Correct(Action):
    """The answer was wrong: show the ten classes."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Back(Action):
    """Show the photo's own buttons again."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Why(Action):
    """Show which parts of the garment spoke for the answer."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class JudgeGarment(Action):
    """Judge another garment of the same photo; ``chosen`` counts from 0."""

    chosen: int


@dataclass(frozen=True, slots=True)
class WrongOutline(Action):
    """The wrong thing is outlined: ask which of the other garments it should be, or none."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class PickClass(Action):
    """What is right: ``label`` is a class, 0-9, or one of the three that :mod:`bot.vision.labels` adds."""

    label: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Consent(Action):
    """Whether the photo may be kept for training.

    Attributes:
        given: yes or no.
        label: what the person said, as in :class:`PickClass`.
        answer: what was said about the photo.
        card: the number of our message with that answer; None in old buttons.
    """

    given: bool
    label: int
    answer: Answer
    card: int | None = None


@dataclass(frozen=True, slots=True)
class AskAgain(Action):
    """After a no: ask at the next correction again whether the photo may be kept."""


@dataclass(frozen=True, slots=True)
class Forget(Action):
    """Whether to delete everything about whoever taps, as /forget asked."""

    sure: bool


@dataclass(frozen=True, slots=True)
class Undo(Action):
    """Take a correction back; ``correction`` is its id in the store (1-20 of ``A-Za-z0-9_-``)."""

    correction: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class AnotherSample(Action):
    """Another random test image."""


@dataclass(frozen=True, slots=True)
class GallerySheet(Action):
    """Show the sheet again."""

    gallery: Gallery


@dataclass(frozen=True, slots=True)
class GalleryItem(Action):
    """Show the image at ``position`` (from 0) of a sheet."""

    gallery: Gallery
    position: int

    def __post_init__(self) -> None:
        if not 0 <= self.position < len(self.gallery.images):
            raise ValueError("no such position")


@dataclass(frozen=True, slots=True)
class NewGallery(Action):
    """Make a new sheet."""

    choice: GalleryChoice = EVERY_IMAGE


@dataclass(frozen=True, slots=True)
class GalleryClasses(Action):
    """Show the ten classes to choose the next sheet by, below this one."""

    gallery: Gallery


@dataclass(frozen=True, slots=True)
class AlbumItem(Action):
    """Show the ten percentages of one photo of an album.

    Attributes:
        position: which photo, from 0.
        count: how many photos the album has, also those that could not be read (they have no button).
        answer: what was said about this photo.
        offset: how far its message's number is behind that of the album's first photo; None in old buttons.
    """

    position: int
    count: int
    answer: Answer
    offset: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.position < self.count:
            raise ValueError("no such position")


@dataclass(frozen=True, slots=True)
class AlbumCorrect(Action):
    """Answer one photo of an album on its own, and let it be corrected there; ``offset`` as in :class:`AlbumItem`."""

    offset: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class AlbumWhy(Action):
    """Show which parts spoke for the answer to one photo of an album; ``offset`` as in :class:`AlbumItem`."""

    offset: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class AlbumOverview(Action):
    """Show an album's overview again, rebuilt from the numbered buttons."""


@dataclass(frozen=True, slots=True)
class MeasureAgain(Action):
    """Measure the live model on all test images."""


@dataclass(frozen=True, slots=True)
class SetLanguage(Action):
    """Answer in this language from now on."""

    language: Language


@dataclass(frozen=True, slots=True)
class Review(Action):
    """An admin's step on a correction; ``correction`` is its id in the store."""

    step: ReviewStep
    correction: str


@dataclass(frozen=True, slots=True)
class LearnStep(Action):
    """Show a step of the course by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class LearnTry(Action):
    """Try a step of the course with the person's own last photo."""

    name: str


@dataclass(frozen=True, slots=True)
class LearnOther(Action):
    """Ask for another photo for a step of the course."""

    name: str


@dataclass(frozen=True, slots=True)
class LearnContents(Action):
    """Show the course's contents, where this step is shown."""

    name: str


@dataclass(frozen=True, slots=True)
class LearnCode(Action):
    """Show the lines of the course's program that do a step."""

    name: str


class CourseFile(StrEnum):
    """What of the course can be had as a file."""

    NOTEBOOK = "notebook"
    TFLITE = "tflite"


@dataclass(frozen=True, slots=True)
class LearnFile(Action):
    """Send something of the course as a file."""

    file: CourseFile


@dataclass(frozen=True, slots=True)
class TrainPanel(Action):
    """Show what is chosen for a training."""

    choice: TrainingChoice


@dataclass(frozen=True, slots=True)
class TrainStart(Action):
    """Train a network."""

    choice: TrainingChoice


@dataclass(frozen=True, slots=True)
class TrainCancel(Action):
    """End the training that is told in this message."""

    choice: TrainingChoice


@dataclass(frozen=True, slots=True)
class TrainJoin(Action):
    """Join a group's table, and train in private."""


@dataclass(frozen=True, slots=True)
class OwnSample(Action):
    """Ask one's own network about a test image (from 0), beside the bot."""

    image: int


@dataclass(frozen=True, slots=True)
class OwnGallery(Action):
    """Make a sheet to ask one's own network about, of all test images or of those that it gets wrong."""

    only_wrong: bool = False


@dataclass(frozen=True, slots=True)
class OwnGallerySheet(Action):
    """Show such a sheet again."""

    gallery: Gallery


@dataclass(frozen=True, slots=True)
class OwnGalleryItem(Action):
    """Show the image at ``position`` (from 0) of such a sheet."""

    gallery: Gallery
    position: int

    def __post_init__(self) -> None:
        if not 0 <= self.position < len(self.gallery.images):
            raise ValueError("no such position")


@dataclass(frozen=True, slots=True)
class OwnPhoto(Action):
    """Ask for a photo to show to one's own network."""


@dataclass(frozen=True, slots=True)
class QuizAsk(Action):
    """Ask the next question of a game."""

    score: QuizScore


@dataclass(frozen=True, slots=True)
class QuizGuess(Action):
    """Guess that a test image (from 0) is of the class ``label``; the score is that before the question."""

    image: int
    label: int
    score: QuizScore


@dataclass(frozen=True, slots=True)
class QuizPoll(Action):
    """Ask a group about another picture."""


class ActionFormat:
    """How one kind of action is written: its verb, then its fields in order, parted by colons."""

    def __init__(self, verb: str, action: type[Action], *codecs: Codec[Any], separator: str = ":") -> None:
        """Describe an action.

        Args:
            verb: what the button's data begins with, behind the version.
            action: the dataclass.
            codecs: one for each of its fields, in their order.
            separator: what stands between the fields; without one, the last field is one character.
        """
        if len(codecs) != len(fields(action)):
            raise TypeError(f"{action.__name__} needs a codec for each of its fields")
        self.verb = verb
        self.action = action
        self._codecs = codecs
        self._separator = separator

    def write(self, action: Action) -> str:
        """The verb and the fields of an action."""
        values = (getattr(action, field.name) for field in fields(action))
        written = [codec.write(value) for codec, value in zip(self._codecs, values, strict=True)]
        return ":".join((self.verb, self._separator.join(written))) if written else self.verb

    def read(self, arguments: list[str]) -> Action:
        """The action that some arguments make; ValueError, KeyError, IndexError or TypeError when they make none.

        Older buttons lack the fields behind their own, which have defaults then.
        """
        if not self._separator:
            (joined,) = arguments
            arguments = [joined[:-1], joined[-1]]
        if len(arguments) > len(self._codecs):
            raise ValueError("too many fields")
        return self.action(*(codec.read(text) for codec, text in zip(self._codecs, arguments, strict=False)))


LABEL: Final = integer(SAID_COUNT - 1)
OFFSET: Final = integer(MAX_OFFSET)
KNOWN_OFFSET: Final[Codec[int | None]] = Codec(
    lambda offset: "-" if offset is None else str(offset),
    lambda text: None if text == "-" else read_integer(text, MAX_OFFSET),
)
YES_OR_NO: Final = choice({"y": True, "n": False})
ONE_CHARACTER: Final = Codec(ALPHABET.__getitem__, DIGITS.__getitem__)

ACTIONS: Final = (
    ActionFormat("ok", Right, ANSWER),
    ActionFormat("fix", Correct, ANSWER),
    ActionFormat("back", Back, ANSWER),
    ActionFormat("why", Why, ANSWER),
    ActionFormat("item", JudgeGarment, integer(MAX_GARMENTS - 1)),
    ActionFormat("lost", WrongOutline, ANSWER),
    ActionFormat("class", PickClass, LABEL, ANSWER),
    ActionFormat("keep", Consent, YES_OR_NO, LABEL, ANSWER, KNOWN_MESSAGE),
    ActionFormat("ask", AskAgain),
    ActionFormat("forget", Forget, YES_OR_NO),
    ActionFormat("undo", Undo, IDENTIFIER, ANSWER),
    ActionFormat("sample", AnotherSample),
    ActionFormat("gs", GallerySheet, GALLERY),
    ActionFormat("gi", GalleryItem, GALLERY, ONE_CHARACTER, separator=""),
    ActionFormat("gn", NewGallery, GALLERY_CHOICE),
    ActionFormat("gc", GalleryClasses, GALLERY),
    ActionFormat("album", AlbumItem, integer(MAX_ALBUM - 1), integer(MAX_ALBUM), ANSWER, KNOWN_OFFSET),
    ActionFormat("afix", AlbumCorrect, OFFSET, ANSWER),
    ActionFormat("awhy", AlbumWhy, OFFSET, ANSWER),
    ActionFormat("albums", AlbumOverview),
    ActionFormat("measure", MeasureAgain),
    ActionFormat("lang", SetLanguage, member(Language)),
    ActionFormat("review", Review, member(ReviewStep), IDENTIFIER),
    ActionFormat("learn", LearnStep, IDENTIFIER),
    ActionFormat("try", LearnTry, IDENTIFIER),
    ActionFormat("other", LearnOther, IDENTIFIER),
    ActionFormat("toc", LearnContents, IDENTIFIER),
    ActionFormat("code", LearnCode, IDENTIFIER),
    ActionFormat("file", LearnFile, member(CourseFile)),
    ActionFormat("tp", TrainPanel, CHOICE),
    ActionFormat("tr", TrainStart, CHOICE),
    ActionFormat("tx", TrainCancel, CHOICE),
    ActionFormat("tj", TrainJoin),
    ActionFormat("os", OwnSample, integer(TEST_IMAGES - 1)),
    ActionFormat("on", OwnGallery, choice({"a": False, "w": True})),
    ActionFormat("oe", OwnGallerySheet, GALLERY),
    ActionFormat("oi", OwnGalleryItem, GALLERY, ONE_CHARACTER, separator=""),
    ActionFormat("op", OwnPhoto),
    ActionFormat("qa", QuizAsk, SCORE),
    ActionFormat("qg", QuizGuess, integer(TEST_IMAGES - 1), LABEL, SCORE),
    ActionFormat("qp", QuizPoll),
)
"""Every kind of button."""
