"""The pictures of the course's steps, made of what is there of test images, recorded runs and models."""

import logging
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from bot.course.recorded_runs import Lessons
from bot.course.steps import Materials, Step, card
from bot.course.steps.keyboards import step_keyboard
from bot.datasets import DataError, TestImages
from bot.handlers.sending import Picture
from bot.jobs.executors import Executors
from bot.jobs.test_set import TestSet
from bot.registry.store import ModelStore
from bot.replies.texts import Language
from bot.settings import PROJECT_ROOT
from bot.vision.interpreter import ModelError
from bot.vision.recognizer import Recognition, Recognizer

_LOGGER = logging.getLogger(__name__)

RECORDED: Final = PROJECT_ROOT / "models" / "lesson"
"""The recorded runs that the course is taught with; they come with the project."""


@dataclass(frozen=True)
class CoursePictures:
    """Draws the steps of the course."""

    models: ModelStore
    recognizer: Recognizer
    executors: Executors
    test_set: TestSet
    recorded: Path = RECORDED

    async def step_picture(
        self,
        step: Step,
        recognition: Recognition | None,
        language: Language,
        *,
        asked: float | None = None,
    ) -> Picture:
        """Draw a step with what is there of test images, recorded runs and models."""
        test = await self.test_images()
        return await self.executors.draw(partial(self.drawn, step, test, recognition, language, asked=asked))

    def drawn(
        self,
        step: Step,
        test: TestImages | None,
        recognition: Recognition | None,
        language: Language,
        *,
        asked: float | None = None,
    ) -> Picture:
        """Draw a step; blocks."""
        materials = replace(self.materials_at_hand(test), recognition=recognition, asked=asked)
        try:
            made = card(step, materials, language)
        except ModelError as error:
            _LOGGER.warning("A step of the course goes without a model: %s", error)
            made = card(step, replace(materials, live=None, recognize=None), language)
        return Picture(made.image, made.caption, step_keyboard(step, language, has_photo=recognition is not None))

    def materials_at_hand(self, test: TestImages | None) -> Materials:
        """What steps are made from, as far as it is there; blocks."""
        try:
            live = self.models.live()
        except ModelError:
            live = None
        recognizer: Recognizer = self.recognizer
        recognize = None if live is None else recognizer.recognize
        return Materials(Lessons.read(self.recorded), test, live, recognize=recognize)

    async def test_images(self) -> TestImages | None:
        """The test images at hand; None where there are none."""
        try:
            return await self.test_set.images()
        except DataError as error:
            _LOGGER.warning("A step of the course goes without test images: %s", error)
            return None
