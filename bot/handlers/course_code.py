"""The course's program: the lines of a step in a message, all of it as a notebook, its network as a file."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from telegram import InputFile
from telegram.constants import ParseMode

from bot.course.program import EPOCHS
from bot.course.recorded_runs import Lessons
from bot.course.steps import step_named
from bot.course.steps.code import NOTEBOOK_NAME, code_text, notebook_file, tflite_text
from bot.course.steps.keyboards import code_keyboard
from bot.handlers.course_pictures import RECORDED, CoursePictures
from bot.handlers.sending import quote_with_text, quoting
from bot.handlers.taps import Tap
from bot.jobs.executors import Executors
from bot.replies.callback_data.actions import CourseFile, LearnCode, LearnFile
from bot.replies.texts.code import code_texts

TFLITE_NAME: Final = f"fashion_mnist_{EPOCHS}_epochs.tflite"


@dataclass(frozen=True)
class CourseCodeHandlers:
    """The course's program, and what it makes."""

    executors: Executors
    course_pictures: CoursePictures

    async def show_code(self, tap: Tap, asked: LearnCode) -> None:
        """Show the lines of a step below it, so that its picture stays."""
        step = step_named(asked.name)
        if step is None:
            await tap.answer(tap.texts.toasts.outdated, alert=True)
            return
        await tap.answer()
        test = await self.course_pictures.test_images()

        def written() -> str:
            return code_text(step, self.course_pictures.materials_at_hand(test), tap.language)

        text = await self.executors.draw(written)
        await quote_with_text(tap.message, text, code_keyboard(step, tap.language))

    async def send_file(self, tap: Tap, asked: LearnFile) -> None:
        """Send the notebook, or the recorded network."""
        words = code_texts(tap.language)
        if asked.file is CourseFile.NOTEBOOK:
            await tap.answer()
            content = await self.executors.draw(partial(notebook_file, tap.language))
            await _send(tap, content, NOTEBOOK_NAME, words.notebook_sent)
            return
        lessons = await self.executors.draw(partial(Lessons.read, RECORDED))
        text = tflite_text(lessons, tap.language)
        if lessons.tflite is None or text is None:
            await tap.answer(words.no_tflite, alert=True)
            return
        await tap.answer()
        await _send(tap, lessons.tflite, TFLITE_NAME, text)


async def _send(tap: Tap, content: bytes, name: str, caption: str) -> None:
    await tap.message.reply_document(
        InputFile(content, filename=name),
        caption=caption,
        parse_mode=ParseMode.HTML,
        reply_parameters=quoting(tap.message),
    )
