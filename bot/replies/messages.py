"""Messages and toasts that hold numbers or names.

Those without are taken from :func:`bot.replies.texts.texts` as they are. All of them are HTML for Telegram, escaped;
toasts (``*_toast``) are plain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import TYPE_CHECKING, Final

from bot.replies.callback_data.gallery import TEST_IMAGES
from bot.replies.numerals import count, percent
from bot.replies.texts import Language, texts
from bot.replies.texts.catalogue import Menu
from bot.replies.words import class_name, duration, elapsed, joined, milliseconds, said_name, spaced, written_date

if TYPE_CHECKING:
    from bot.registry.history import WorseFigure
    from bot.registry.training_history import Change, EndedTraining

MAX_REASONS: Final = 8
MAX_REASON: Final = 200
"""Of a reason so many characters are shown: a message holds 4,096."""

MAX_ECHO: Final = 20
"""Of what somebody wrote so many characters are repeated."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command in Telegram's menu."""

    name: str
    description: str


PRIVATE_COMMANDS = (
    "start", "help", "sample", "gallery", "accuracy", "learn", "train", "quiz", "language", "privacy", "forget",
)  # fmt: skip
GROUP_COMMANDS = ("classify", "sample", "gallery", "accuracy", "learn", "train", "quiz", "help")
ADMIN_COMMANDS = ("status", "reload", "corrections")


_TROUBLES: Final = {
    "Conflict": "second_poller",
    "WebhookInTheWay": "webhook_in_the_way",
    "WebhookTaken": "webhook_taken",
    "WebhookRefused": "webhook_refused",
    "UnreadableUpdate": "unreadable_update",
    "BackgroundTaskFailed": "background_task",
}
"""Kinds of trouble that an admin can do something about, with the names of their texts."""


def commands(names: Sequence[str], language: Language) -> tuple[Command, ...]:
    """Return menu entries, e.g. for ``PRIVATE_COMMANDS``, in their order."""
    menu: Menu = texts(language).menu
    return tuple(Command(name, getattr(menu, name)) for name in names)


def start_text(language: Language) -> str:
    """The answer to /start, with the ten classes."""
    said = texts(language)
    return said.basics.start.format(classes=escape(joined(said.class_names, language)))


def help_text(language: Language, *, admin: bool = False) -> str:
    """The answer to /help; admins see their commands, too."""
    basics = texts(language).basics
    return f"{basics.help}\n\n{basics.help_admin}" if admin else basics.help


def only_in_private_text(command: str, link: str, language: Language) -> str:
    """Say in a group that a command works in private only.

    Args:
        command: its name.
        link: the address that opens the private chat.
        language: of the text.
    """
    basics = texts(language).basics
    way = f'<a href="{escape(link)}">{escape(basics.open_private)}</a>'
    return basics.only_in_private.format(command=escape(command), link=way)


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept for how long, as the store does it (see ``bot.storage.retention``)."""

    accepted: timedelta
    pending: timedelta
    rejected: timedelta
    consent: timedelta
    language: timedelta
    course_place: timedelta
    updates: timedelta
    network: timedelta
    class_table: timedelta
    quiz: timedelta
    last_answer: timedelta
    photos_per_person: int


def privacy_text(language: Language, retention: Retention, *, permission: str | None, photos: int) -> str:
    """The answer to /privacy.

    Args:
        language: of the text.
        retention: the store's own limits.
        permission: a ``Permission``, what this person said about keeping photos; None when it cannot be read now.
        photos: how many photos of this person are kept.
    """
    basics, units = texts(language).basics, texts(language).units
    own = {
        "granted": basics.privacy_consent_given,
        "refused": basics.privacy_consent_refused,
        "unasked": basics.privacy_consent_not_given,
        None: basics.privacy_consent_unknown,
    }[permission]
    return basics.privacy.format(
        accepted=duration(retention.accepted, language),
        pending=duration(retention.pending, language),
        rejected=duration(retention.rejected, language),
        consent_kept=duration(retention.consent, language),
        language_kept=duration(retention.language, language),
        course_place=duration(retention.course_place, language),
        updates=duration(retention.updates, language),
        network_kept=duration(retention.network, language),
        quiz_kept=duration(retention.quiz, language),
        names_kept=duration(retention.class_table, language),
        answer_kept=duration(retention.last_answer, language),
        photos=units.photos.of(retention.photos_per_person),
        consent=own.format(photos=units.photos.of(photos)),
    )


def problem_text(problem: str, language: Language) -> str:
    """Say what is wrong with a picture.

    Args:
        problem: a ``PhotoProblem``; one without words of its own gets the general line.
        language: of the text.
    """
    problems = texts(language).problems
    text: str = getattr(problems, str(problem), problems.unreadable)
    return text


def error_text(error_id: str, language: Language) -> str:
    """Something failed; the short id finds it in the log."""
    return texts(language).faults.error.format(error_id=escape(error_id))


def error_toast(error_id: str, language: Language) -> str:
    """The same after a tap."""
    return texts(language).toasts.failed.format(error_id=error_id)


def flooded_toast(wait: timedelta, language: Language) -> str:
    """Telegram lets nothing be written in this chat for a while."""
    return texts(language).toasts.flooded.format(wait=duration(wait, language))


def download_failed_text(error_id: str, language: Language) -> str:
    """Telegram did not give the file."""
    return texts(language).faults.download_failed.format(error_id=escape(error_id))


def queue_text(ahead: int, wait: timedelta, language: Language) -> str:
    """Tell the place in the queue.

    Args:
        ahead: photos that come first.
        wait: how long that takes, about.
        language: of the text.
    """
    said = texts(language)
    return said.faults.queue.format(photos=said.units.photos.of(ahead), wait=duration(wait, language))


def over_limit_text(left_out: int, limit: int, wait: timedelta, language: Language) -> str:
    """Tell how many photos were left out and when to send them again.

    Args:
        left_out: photos that were not looked at.
        limit: how many are, in ten minutes.
        wait: from now.
        language: of the text.
    """
    said = texts(language)
    return said.faults.over_limit.format(
        limit=said.units.photos.of(limit), photos=said.units.photos.of(left_out), wait=duration(wait, language)
    )


def measuring_text(done: int, total: int, language: Language) -> str:
    """The progress of a measurement."""
    said = texts(language)
    return (
        said.accuracy.measuring.format(
            total=said.units.images.of(total),
            total_number=count(total),
            done=count(done),
            percent=percent(done / total if total else 1.0, 0),
        )
        + "\n"
        + progress_bar(done, total)
    )


def measuring_done_text(total: int, language: Language) -> str:
    """The same when it is over."""
    said = texts(language)
    return f"{said.accuracy.measuring_done.format(total=said.units.images.of(total))}\n{progress_bar(total, total)}"


def progress_bar(done: int, total: int, cells: int = 20) -> str:
    """A bar of block characters; the words beside it say the same."""
    filled = cells * done // total if total else cells
    return "█" * filled + "░" * (cells - filled)


def no_such_image_text(asked: str, language: Language) -> str:
    """Say that there is no test image of this number."""
    said = texts(language).test_images.no_such_image
    return said.format(asked=escape(_shortened(asked)), total=count(TEST_IMAGES))


def no_such_class_text(asked: str, language: Language) -> str:
    """Say that there is no such class, and which there are."""
    said = texts(language)
    classes = escape(joined(said.class_names, language))
    return said.test_images.no_such_class.format(asked=escape(_shortened(asked)), classes=classes)


def shared_image_title(number: int, language: Language) -> str:
    """What a test image is called where it is offered for sharing: plain; ``number`` counts from 0."""
    return texts(language).pictures.test_image.format(number=count(number + 1))


def shared_image_facts(predicted: int, actual: int, language: Language) -> str:
    """What the model takes it for, and what it is: one plain line."""
    said = texts(language).sharing.facts
    return said.format(predicted=class_name(predicted, language), actual=class_name(actual, language))


def gallery_preparing_toast(done: float, language: Language) -> str:
    """Which images are wrong is not known yet; ``done`` says how much of the measurement is done, 0..1."""
    return texts(language).test_images.gallery_preparing.format(percent=percent(done, 0))


def _shortened(words: str) -> str:
    """What somebody wrote, short enough to be repeated."""
    return words if len(words) <= MAX_ECHO else f"{words[:MAX_ECHO]}…"


def consent_text(label: int, kept: timedelta, language: Language) -> str:
    """Ask whether the photo may be kept.

    Args:
        label: what the person said, as in ``PickClass``.
        kept: how long it would be kept at most.
        language: of the text.
    """
    words = texts(language).corrections.consent
    return spaced(words.format(name=escape(said_name(label, language)), kept=duration(kept, language)))


def kept_text(label: int, language: Language) -> str:
    """Thank for a correction whose photo is kept. Only send it once it is stored."""
    return texts(language).corrections.kept.format(name=escape(said_name(label, language)))


def forget_text(records: int, photos: int, language: Language) -> str:
    """Ask whether everything is to be deleted, and say what that is; arguments as in :func:`forgotten_text`."""
    said = texts(language)
    words = said.corrections.forget if photos else said.corrections.forget_without_photos
    there = words.format(records=said.units.records.of(records), photos=said.units.photos.of(photos))
    return f"{there}\n\n{said.corrections.forget_what}"


def forgotten_text(records: int, photos: int, language: Language) -> str:
    """Say what /forget deleted.

    Args:
        records: rows, the photos' among them.
        photos: pictures.
        language: of the text.
    """
    said = texts(language)
    if not records:
        return said.corrections.nothing_to_forget
    words = said.corrections.forgotten if photos else said.corrections.forgotten_without_photos
    return words.format(records=said.units.records.of(records), photos=said.units.photos.of(photos))


def learn_place_text(number: int, total: int, language: Language) -> str:
    """Say which step of the course this is, from 1."""
    return texts(language).learn.step.format(number=number, total=total)


@dataclass(frozen=True, slots=True)
class Status:
    """What /status shows.

    Attributes:
        uptime: since the start.
        version: of the program.
        runtime: name and version of the interpreter.
        model: the live model's version.
        queue: photos that wait.
        answered: photos answered since the start.
        latency_ms: p50, p95, p99 of the time to an answer; None without answers.
        errors: since the start, as (kind, how often).
        store: the database's kind.
        corrections: how many it keeps; None while it is away.
    """

    uptime: timedelta
    version: str
    runtime: str
    model: str
    queue: int
    answered: int
    latency_ms: tuple[float, float, float] | None
    errors: tuple[tuple[str, int], ...]
    store: str
    corrections: int | None


def status_text(status: Status, language: Language) -> str:
    """The answer to /status."""
    said = texts(language)
    admin = said.admin
    latency = admin.status_no_latency
    if status.latency_ms is not None:
        p50, p95, p99 = (milliseconds(value) for value in status.latency_ms)
        latency = admin.status_latency.format(p50=p50, p95=p95, p99=p99)
    store = admin.status_store_away.format(kind=escape(status.store))
    if status.corrections is not None:
        corrections = said.units.corrections.of(status.corrections)
        store = admin.status_store.format(kind=escape(status.store), corrections=corrections)
    errors = joined((f"{escape(kind)} {count(number)}" for kind, number in status.errors), language)
    return admin.status.format(
        uptime=elapsed(status.uptime, language),
        version=escape(status.version),
        runtime=escape(status.runtime),
        model=escape(status.model),
        queue=said.units.photos.of(status.queue),
        answered=said.units.photos.of(status.answered),
        latency=latency,
        errors=errors or admin.status_never,
        store=store,
    )


def reload_text(version: str, language: Language, *, changed: bool, refused: str | None = None) -> str:
    """The answer to /reload.

    Args:
        version: the model that is live now.
        language: of the text.
        changed: whether it is a new one.
        refused: why a new file was refused, if one was.
    """
    admin = texts(language).admin
    if refused is not None:
        return admin.reload_refused.format(version=escape(version), reason=escape(refused))
    return (admin.reload_new if changed else admin.reload_same).format(version=escape(version))


def model_refused_text(version: str, reason: str, language: Language) -> str:
    """Tell an admin that a model file is no good and which one goes on."""
    return texts(language).admin.model_refused.format(version=escape(version), reason=escape(reason))


def training_ended_text(ended: "EndedTraining", language: Language) -> str:
    """Tell an admin that a training ended: whether its model is live, why not, and what it changed."""
    said = texts(language)
    admin = said.admin
    version = escape(ended.version)
    head = (admin.training_published if ended.published else admin.training_not_published).format(version=version)
    facts = []
    if ended.corrections:
        facts.append(admin.training_learnt.format(corrections=said.units.corrections.of(ended.corrections)))
    if ended.seconds is not None:
        facts.append(admin.training_took.format(time=elapsed(timedelta(seconds=ended.seconds), language)))
    reasons = [_worse(each, language) for each in ended.worse]
    reasons += [f"<code>{escape(reason[:MAX_REASON])}</code>" for reason in ended.reasons[:MAX_REASONS]]
    figures = [_changed(_figure_name(name, language), change, language) for name, change in ended.figures.items()]
    recall = [
        _changed(class_name(label, language), change, language)
        for label, change in ended.recall.items()
        if change[0] != change[1]
    ]
    blocks = [[head], facts and [joined(facts, language)]]
    blocks += [reasons and [admin.training_reasons, *reasons]]
    blocks += [figures and [admin.training_changed, *figures], recall and [admin.training_recall, *recall]]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _figure_name(name: str, language: Language) -> str:
    """What a figure is called; one that only later versions know keeps its own name."""
    return str(getattr(texts(language).admin, f"training_{name}", escape(name.replace("_", " "))))


def _worse(worse: "WorseFigure", language: Language) -> str:
    admin = texts(language).admin
    name, version = _figure_name(worse.figure, language), escape(worse.best_version)
    if worse.loss is None:
        return admin.training_unmeasured.format(name=name, version=version)
    points, allowance = f"{100 * worse.loss:.1f}", f"{100 * worse.allowance:.1f}"
    return admin.training_worse.format(name=name, version=version, points=points, allowance=allowance)


def _changed(name: str, change: "Change", language: Language) -> str:
    before, after = ("–" if value is None else percent(value) for value in change)
    return texts(language).admin.training_figure.format(before=before, after=after, name=name)


def model_now_text(version: str, language: Language) -> str:
    """Tell an admin that a new model is live."""
    return texts(language).admin.model_now.format(version=escape(version))


def error_notice_text(kind: str, error_id: str, language: Language) -> str:
    """Tell an admin of a kind of error, and what to do about it where that is known; without user data."""
    notice = texts(language).admin.error_notice.format(kind=escape(kind), error_id=escape(error_id))
    advice = _TROUBLES.get(kind)
    return notice if advice is None else f"{notice}\n{getattr(texts(language).troubles, advice)}"


def files_unreadable_text(folder: str, error_id: str, language: Language) -> str:
    """Tell an admin that the Bot API server names files that this bot cannot read."""
    return texts(language).admin.files_unreadable.format(folder=escape(folder), error_id=escape(error_id))


def review_caption(
    *,
    waiting: int,
    right: int,
    predicted: int,
    probability: float,
    version: str,
    created: date,
    language: Language,
) -> str:
    """The caption of a correction that an admin looks at.

    Args:
        waiting: corrections not reviewed yet, this one included.
        right: what the person said, as in ``PickClass``.
        predicted: what the model had said.
        probability: how sure it was, 0..1.
        version: the model's version then.
        created: when.
        language: of the text.
    """
    said = texts(language)
    title = said.admin.corrections_title.format(corrections=said.units.corrections.of(waiting))
    body = said.admin.correction.format(
        name=escape(said_name(right, language)),
        predicted=escape(said_name(predicted, language)),
        percent=percent(probability),
        version=escape(version),
        date=written_date(created, language),
    )
    return f"{title}\n\n{body}"
