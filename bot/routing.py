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
from bot.replies.callback_data import actions
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
        actions.Right: to.corrections.right,
        actions.Correct: corrections.correct,
        actions.Back: corrections.back,
        actions.WrongOutline: to.corrections.wrong_outline,
        actions.PickClass: to.corrections.pick,
        actions.Consent: to.corrections.consent,
        actions.AskAgain: to.basics.ask_again,
        actions.Forget: to.basics.forget_if_sure,
        actions.Undo: to.corrections.undo,
        actions.Why: to.explain.explain,
        actions.JudgeGarment: to.garments.judge_another,
        actions.AlbumItem: albums.show_item,
        actions.AlbumOverview: albums.show_overview,
        actions.AlbumCorrect: to.corrections.correct_one_of_album,
        actions.AlbumWhy: to.explain.explain_one_of_album,
        actions.AnotherSample: to.sample.another,
        actions.NewGallery: to.gallery.another,
        actions.GallerySheet: to.gallery.show_sheet,
        actions.GalleryItem: to.gallery.show_item,
        actions.GalleryClasses: gallery.show_classes,
        actions.LearnStep: to.course.show_step,
        actions.LearnTry: to.course.try_step,
        actions.LearnOther: course.ask_for_another,
        actions.LearnContents: course.show_contents,
        actions.LearnCode: to.course_code.show_code,
        actions.LearnFile: to.course_code.send_file,
        actions.TrainPanel: to.train.choose,
        actions.TrainStart: to.train.start,
        actions.TrainCancel: to.train.cancel,
        actions.TrainJoin: to.class_tables.join,
        actions.OwnSample: to.own_network.sample,
        actions.OwnGallery: to.own_network.gallery,
        actions.OwnGallerySheet: to.own_network.show_sheet,
        actions.OwnGalleryItem: to.own_network.show_item,
        actions.OwnPhoto: to.own_network.ask_photo,
        actions.QuizAsk: to.quiz.ask,
        actions.QuizGuess: to.quiz.guess,
        actions.QuizPoll: to.group_quiz.following,
        actions.MeasureAgain: to.accuracy.measure_again,
        actions.SetLanguage: to.language.choose,
        actions.Review: to.admin.review,
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
