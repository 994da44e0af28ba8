"""What a step of /learn is made from, and what it gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.course.recorded_runs import CourseNetwork, Lessons, RecordedRun
from bot.datasets import as_pixels
from bot.replies.texts import Language, texts
from bot.replies.texts.catalogue import Texts
from bot.replies.texts.learn import LearnTexts, learn_texts
from bot.replies.words import class_name

if TYPE_CHECKING:
    from bot.registry.store import LiveModel
    from bot.vision.recognizer import Recognition

FIRST: int = 0
"""Number of the test image that serves where somebody has sent no photo: the course's own example."""


class LabelledImages(Protocol):
    """Some or all of the test images: uint8 [n, 28, 28] with labels uint8 [n]."""

    @property
    def images(self) -> NDArray[np.uint8]:
        """Shape [n, 28, 28]."""

    @property
    def labels(self) -> NDArray[np.uint8]:
        """Shape [n], 0-9."""

    @property
    def numbers(self) -> NDArray[np.uint16]:
        """Shape [n]: where each stands among all test images, from 0."""

    def place(self, number: int) -> int:
        """Where the test image with this number stands among these."""


class Need(StrEnum):
    """What a step may not be able to do without; the value is the name of the text that says so."""

    TEST_IMAGES = "no_test_images"
    RECORDS = "no_records"
    MODEL = "no_model"


class Missing(Exception):
    """A step cannot be shown."""

    def __init__(self, need: Need) -> None:
        super().__init__(need.value)
        self.need = need


@dataclass(frozen=True, slots=True, eq=False)
class Materials:
    """What all steps are made from; each may be missing.

    Attributes:
        lessons: recorded runs.
        test: the test images.
        live: the model that answers.
        recognition: of the person's own photo.
        recognize: from the bytes of an image file to a recognition; blocks.
        chance: for what is different each time.
        asked: the x that somebody asks the neuron about.
    """

    lessons: Lessons = field(default_factory=Lessons)
    test: LabelledImages | None = None
    live: "LiveModel | None" = None
    recognition: "Recognition | None" = None
    recognize: "Callable[[bytes], Recognition] | None" = None
    chance: Random = field(default_factory=Random)
    asked: float | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """The picture that a step is about.

    Attributes:
        pixels: float32 [28, 28], 0..1, garment bright on black.
        label: its true class, 0-9; None for a photo.
    """

    pixels: NDArray[np.float32]
    label: int | None

    @property
    def levels(self) -> NDArray[np.uint8]:
        """The same as uint8, 0..255."""
        return np.rint(self.pixels * 255).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Slide:
    """A step, ready to be sent.

    Attributes:
        image: JPEG.
        text: HTML, what it explains.
        picture: HTML, what the picture shows.
    """

    image: bytes
    text: str
    picture: str


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """One step in one language, with everything that it may use.

    Attributes:
        title: of the step.
        number: of the step, from 1.
        total: how many steps there are.
        language: of the words.
        materials: what it is made from.
    """

    title: str
    number: int
    total: int
    language: Language
    materials: Materials

    @property
    def words(self) -> LearnTexts:
        """What all steps say."""
        return learn_texts(self.language)

    @property
    def texts(self) -> Texts:
        """What the bot says elsewhere."""
        return texts(self.language)

    def name_of(self, label: int) -> str:
        """The name of a class."""
        return class_name(label, self.language)

    @property
    def test(self) -> LabelledImages:
        """The test images.

        Raises:
            Missing: there are none.
        """
        if self.materials.test is None:
            raise Missing(Need.TEST_IMAGES)
        return self.materials.test

    @property
    def live(self) -> "LiveModel":
        """The model that answers.

        Raises:
            Missing: there is none.
        """
        if self.materials.live is None:
            raise Missing(Need.MODEL)
        return self.materials.live

    @property
    def network(self) -> CourseNetwork:
        """The course's network.

        Raises:
            Missing: it is not recorded.
        """
        if self.materials.lessons.network is None:
            raise Missing(Need.RECORDS)
        return self.materials.lessons.network

    @property
    def subject(self) -> Subject:
        """The person's own photo as the model sees it, else the first test image.

        Raises:
            Missing: there is neither.
        """
        recognition = self.materials.recognition
        if recognition is not None:
            return Subject(recognition.pixels, None)
        return self.test_image(FIRST)

    @property
    def subject_words(self) -> str:
        """What to call the subject in a sentence."""
        words = self.words.frame
        return words.first_image if self.materials.recognition is None else words.your_photo

    def test_image(self, number: int) -> Subject:
        """The test image with this number; raises Missing where there are none."""
        place = self.test.place(number)
        pixels = as_pixels(self.test.images[place])
        return Subject(pixels, int(self.test.labels[place]))


def recorded(run: RecordedRun | None) -> RecordedRun:
    """A run that a step needs.

    Raises:
        Missing: it is not recorded.
    """
    if run is None:
        raise Missing(Need.RECORDS)
    return run


def capitalised(words: str) -> str:
    """Words that begin a line of their own."""
    return words[:1].upper() + words[1:]


def several(runs: Sequence[RecordedRun]) -> Sequence[RecordedRun]:
    """Runs to compare, at least two; raises Missing where there are fewer."""
    if len(runs) < 2:
        raise Missing(Need.RECORDS)
    return runs
