"""Which conversation answers which message, command, button or query: one list, and two tables that it reads."""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from functools import partial
from typing import Any, Final

from telegram import Update
from telegram.ext import (
    BaseHandler,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    PollAnswerHandler,
    filters,
)

from bot.conversations import Conversations
from bot.handlers import albums, corrections, course, gallery, groups, inline, links, own_network, photos
from bot.handlers.errors import ErrorReporter
from bot.handlers.links import OnMessage
from bot.handlers.taps import OnTap, TapDispatcher
from bot.replies import callback_data
from bot.replies.messages import ADMIN_COMMANDS
from bot.services import Services

PRIVATE: Final = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
"""New messages in private chats; without the first part edited ones would come, too."""

GROUP: Final = filters.UpdateType.MESSAGE & filters.ChatType.GROUPS

Callback = Callable[[Update, CallbackContext[Any, Any, Any, Any]], Coroutine[Any, Any, None]]


def handlers(services: Services, to: Conversations) -> list[BaseHandler[Any, Any, Any]]:
    """Every handler; the first that fits gets the update, so the order matters."""
    from_admin = PRIVATE & filters.User(services.settings.admin_ids)
    everybodys = commands(to)
    tap_dispatcher = TapDispatcher(taps(to), services.languages, services.errors)

    def command(
        name: str | Collection[str], on_message: OnMessage, where: filters.BaseFilter = PRIVATE
    ) -> BaseHandler[Any, Any, Any]:
        return CommandHandler(name, _guarded(services.errors, on_message), where)

    def message(what: filters.BaseFilter, on_message: OnMessage) -> BaseHandler[Any, Any, Any]:
        return MessageHandler(what, _guarded(services.errors, on_message))

    return [
        command("start", partial(links.follow, everybodys, to.basics.start)),
        *(command(name, on_message) for name, on_message in everybodys.items()),
        command(groups.COMMAND, to.groups.classify),
        command("status", to.admin.status, from_admin),
        command("reload", to.admin.reload, from_admin),
        command("corrections", to.admin.corrections, from_admin),
        message(PRIVATE & inline.SENT_WITH_US, to.basics.anything_else),
        message(PRIVATE & course.TRIES_A_STEP, to.course.receive),
        message(PRIVATE & ~filters.COMMAND & course.ASKS_THE_NEURON, to.course.receive_number),
        message(PRIVATE & own_network.ASKED_OF_IT, to.own_network.receive),
        message(PRIVATE & albums.PART, to.albums.receive),
        message(PRIVATE & photos.LOOKABLE, to.photos.receive),
        message(PRIVATE & ~filters.COMMAND & ~filters.StatusUpdate.ALL & photos.MEANS_A_PHOTO, to.groups.classify),
        message(PRIVATE & filters.COMMAND, to.basics.unknown_command),
        message(PRIVATE & ~filters.StatusUpdate.ALL, to.basics.anything_else),
        command("help", to.groups.show_help, GROUP),
        command("sample", to.sample.sample, GROUP),
        command("gallery", to.gallery.gallery, GROUP),
        command("accuracy", to.accuracy.accuracy, GROUP),
        command("learn", to.course.learn, GROUP),
        command("train", to.class_tables.show_table, GROUP),
        command("quiz", to.group_quiz.quiz, GROUP),
        command(("start", "language", "privacy", "forget"), to.links.only_in_private, GROUP),
        command(ADMIN_COMMANDS, to.links.only_in_private, GROUP & filters.User(services.settings.admin_ids)),
        message(GROUP & course.TRIES_A_STEP, to.course.receive),
        message(GROUP & ~filters.COMMAND & course.ASKS_THE_NEURON, to.course.receive_number),
        message(GROUP & (photos.LOOKABLE | albums.PART), to.groups.photo),
        message(GROUP & groups.ASKS, to.groups.classify),
        CallbackQueryHandler(_given(lambda update: update.callback_query, tap_dispatcher.dispatch)),
        PollAnswerHandler(_given(lambda update: update.poll_answer, to.group_quiz.count)),
        InlineQueryHandler(_given(lambda update: update.inline_query, to.inline.answer)),
    ]


def commands(to: Conversations) -> Mapping[str, OnMessage]:
    """What everybody may ask in private, by a command of this name and by a link that begins with it."""
    return {
        "help": to.basics.show_help,
        "sample": to.sample.sample,
        "gallery": to.gallery.gallery,
        "accuracy": to.accuracy.accuracy,
        "learn": to.course.learn,
        "train": to.train.train,
        "quiz": to.quiz.quiz,
        "language": to.language.ask,
        "privacy": to.basics.privacy,
        "forget": to.basics.forget,
    }


def taps(to: Conversations) -> Mapping[type, OnTap]:
    """What each kind of button does."""
    return {
        callback_data.Right: to.corrections.right,
        callback_data.Correct: corrections.correct,
        callback_data.Back: corrections.back,
        callback_data.WrongOutline: to.corrections.wrong_outline,
        callback_data.PickClass: to.corrections.pick,
        callback_data.Consent: to.corrections.consent,
        callback_data.AskAgain: to.basics.ask_again,
        callback_data.Forget: to.basics.forget_if_sure,
        callback_data.Undo: to.corrections.undo,
        callback_data.Why: to.explain.explain,
        callback_data.JudgeGarment: to.garments.judge_another,
        callback_data.AlbumItem: albums.show_item,
        callback_data.AlbumOverview: albums.show_overview,
        callback_data.AlbumCorrect: to.corrections.correct_one_of_album,
        callback_data.AlbumWhy: to.explain.explain_one_of_album,
        callback_data.AnotherSample: to.sample.another,
        callback_data.NewGallery: to.gallery.another,
        callback_data.GallerySheet: to.gallery.show_sheet,
        callback_data.GalleryItem: to.gallery.show_item,
        callback_data.GalleryClasses: gallery.show_classes,
        callback_data.LearnStep: to.course.show_step,
        callback_data.LearnTry: to.course.try_step,
        callback_data.LearnOther: course.ask_for_another,
        callback_data.LearnContents: course.show_contents,
        callback_data.LearnCode: to.course_code.show_code,
        callback_data.LearnFile: to.course_code.send_file,
        callback_data.TrainPanel: to.train.choose,
        callback_data.TrainStart: to.train.start,
        callback_data.TrainCancel: to.train.cancel,
        callback_data.TrainJoin: to.class_tables.join,
        callback_data.OwnSample: to.own_network.sample,
        callback_data.OwnGallery: to.own_network.gallery,
        callback_data.OwnGallerySheet: to.own_network.show_sheet,
        callback_data.OwnGalleryItem: to.own_network.show_item,
        callback_data.OwnPhoto: to.own_network.ask_photo,
        callback_data.QuizAsk: to.quiz.ask,
        callback_data.QuizGuess: to.quiz.guess,
        callback_data.QuizPoll: to.group_quiz.following,
        callback_data.MeasureAgain: to.accuracy.measure_again,
        callback_data.SetLanguage: to.language.choose,
        callback_data.Review: to.admin.review,
    }


def first_words_of_admins(services: Services, to: Conversations) -> BaseHandler[Any, Any, Any]:
    """What happens beside the answer to an admin's message."""
    from_admin = PRIVATE & filters.User(services.settings.admin_ids)
    return MessageHandler(from_admin, _guarded(services.errors, to.chat_menus.give_admin_menu))


def _guarded(errors: ErrorReporter, on_message: OnMessage) -> Callback:
    async def callback(update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        if update.message is not None:
            await errors.guard(update.message, on_message(update.message))

    return callback


def _given(part: Callable[[Update], Any], on_part: Callable[[Any], Awaitable[None]]) -> Callback:
    """Hand on the part of an update that a handler is about."""

    async def callback(update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        found = part(update)
        if found is not None:
            await on_part(found)

    return callback
