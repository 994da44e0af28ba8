"""Messages and toasts that hold numbers or names.

Those without are taken from :func:`bot.replies.texts.texts` as they are. All of them are HTML for Telegram, escaped;
toasts (``*_toast``) are plain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from bot.replies.numerals import count, percent
from bot.replies.texts import Language, texts
from bot.replies.texts.catalogue import Menu
from bot.replies.words import class_name, duration, joined, milliseconds, spaced, written_date


@dataclass(frozen=True, slots=True)
class Command:
    """A command in Telegram's menu."""

    name: str
    description: str


PRIVATE_COMMANDS = ("start", "help", "sample", "gallery", "accuracy", "learn", "language", "privacy", "forget")
GROUP_COMMANDS = ("classify", "help")
ADMIN_COMMANDS = ("status", "reload", "corrections")


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


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept for how long, as the store does it (see ``bot.corrections.retention``)."""

    accepted: timedelta
    pending: timedelta
    rejected: timedelta
    consent: timedelta
    language: timedelta
    updates: timedelta
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
        updates=duration(retention.updates, language),
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


def over_limit_text(left_out: int, wait: timedelta, language: Language) -> str:
    """Tell how many photos were left out and when to send them again.

    Args:
        left_out: photos that were not looked at.
        wait: from now.
        language: of the text.
    """
    said = texts(language)
    return said.faults.over_limit.format(photos=said.units.photos.of(left_out), wait=duration(wait, language))


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


def consent_text(label: int, kept: timedelta, language: Language) -> str:
    """Ask whether the photo may be kept.

    Args:
        label: the class that the person named.
        kept: how long it would be kept at most.
        language: of the text.
    """
    words = texts(language).corrections.consent
    return spaced(words.format(name=escape(class_name(label, language)), kept=duration(kept, language)))


def kept_text(label: int, language: Language) -> str:
    """Thank for a correction whose photo is kept. Only send it once it is stored."""
    return texts(language).corrections.kept.format(name=escape(class_name(label, language)))


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
        uptime=duration(status.uptime, language),
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


def model_now_text(version: str, language: Language) -> str:
    """Tell an admin that a new model is live."""
    return texts(language).admin.model_now.format(version=escape(version))


def error_notice_text(kind: str, error_id: str, language: Language) -> str:
    """Tell an admin of a kind of error, without user data."""
    return texts(language).admin.error_notice.format(kind=escape(kind), error_id=escape(error_id))


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
        right: the class that the person named.
        predicted: the class that the model had named.
        probability: how sure it was, 0..1.
        version: the model's version then.
        created: when.
        language: of the text.
    """
    said = texts(language)
    title = said.admin.corrections_title.format(corrections=said.units.corrections.of(waiting))
    body = said.admin.correction.format(
        name=escape(class_name(right, language)),
        predicted=escape(class_name(predicted, language)),
        percent=percent(probability),
        version=escape(version),
        date=written_date(created, language),
    )
    return f"{title}\n\n{body}"
