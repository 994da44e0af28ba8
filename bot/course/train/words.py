"""Captions of /train and of one's own network, with every figure from the training itself: HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Final, Protocol

from bot.course.choice import TARGET_ACCURACY, TrainingChoice
from bot.course.diagnosis import Finding, finding
from bot.course.numpy_training import BATCH
from bot.course.printed import LONG, SHORT
from bot.course.recorded_runs import CLASSES, INPUTS, TEST_IMAGES, TRAIN_IMAGES, Epoch, PhotoTest, RecordedRun
from bot.replies.captions import only_some
from bot.replies.messages import progress_bar
from bot.replies.numerals import aligned, count, percent, percent_of_permille, permille, points_between
from bot.replies.shares import candidates, named_shares, shares_of
from bot.replies.texts import Language, texts
from bot.replies.texts.train import train_texts
from bot.replies.words import aside, candidate_name, class_name_html, duration, joined, size, spaced
from bot.vision.labels import BAG
from bot.vision.prediction import Prediction, Verdict

SAME_POINTS: Final = 1.0
"""Test accuracies that differ by less are about the same: so much differs between two trainings."""

MOST_ROWS: Final = 30
"""Of a group's table; more would not fit into a message."""

_NAME_LENGTH: Final = 24
_LONG_TRAINING: Final = 25
_FORMER_TITLES: Final = frozenset({"訓練自己的網路"})
"""Of messages that stand in chats already."""


def heading(language: Language) -> str:
    """The first line of every message about a training."""
    return f"<b>{train_texts(language).title}</b>"


def is_about_own_network(text: str) -> bool:
    """Whether a message of ours, as Telegram gives it back, is about a training, or about a photo for its network."""
    first = text.partition("\n")[0]
    said = [train_texts(language) for language in Language]
    titles = {words.title for words in said} | {words.own.ask_title for words in said} | _FORMER_TITLES
    return first in titles or is_own_photo_answer(text)


def is_own_photo_answer(text: str) -> bool:
    """Whether a message of ours, as Telegram gives it back, says what both see in a photo."""
    return text.partition("\n")[0] in {train_texts(language).own.photo_title for language in Language}


def panel_caption(
    choice: TrainingChoice, language: Language, *, ahead: int, time: timedelta, course: RecordedRun | None
) -> str:
    """What is chosen, how long it would take, and what the picture shows.

    Args:
        choice: the settings.
        language: of the text.
        ahead: how many people come first.
        time: until it would be done, about.
        course: the recorded run in the picture, if there is one.
    """
    said = train_texts(language)
    spoken = duration(time, language)
    queue = said.panel.queue.format(people=said.waiting_people.of(ahead), time=spoken)
    text = said.panel.text.format(
        inputs=INPUTS,
        neurons=said.neurons.of(choice.neurons),
        classes=CLASSES,
        images=count(TRAIN_IMAGES),
        epochs=said.epochs.of(choice.epochs),
        batch=BATCH,
        rate=rate(choice.learning_rate),
        normalising=said.yes_normalised if choice.normalise else said.no_normalised,
        stopping=(said.yes_stop if choice.stop_early else said.no_stop).format(target=percent(TARGET_ACCURACY, 0)),
        queue=queue if ahead else said.panel.alone.format(time=spoken),
    )
    shown = (
        ""
        if course is None
        else said.panel.course_run.format(
            neurons=said.neurons.of(course.neurons), epochs=said.epochs.of(course.last.number)
        )
    )
    return _parts(language, text, shown)


def waiting_caption(ahead: int, time: timedelta, language: Language) -> str:
    """The place in the queue."""
    said = train_texts(language)
    waiting = said.progress.waiting.format(people=said.waiting_people.of(ahead), time=duration(time, language))
    return _parts(language, waiting)


def loading_caption(language: Language) -> str:
    """The images are read."""
    return _parts(language, train_texts(language).progress.loading.format(images=count(TRAIN_IMAGES)))


def fetching_caption(name: str, done: int, total: int, language: Language) -> str:
    """The images are fetched.

    Args:
        name: of the file.
        done: bytes that are here.
        total: bytes that there are.
        language: of the text.
    """
    text = train_texts(language).progress.fetching.format(
        name=f"<code>{escape(name)}</code>",
        percent=percent(done / total if total else 1.0, 0),
        done=size(done),
        total=size(total),
        bar=progress_bar(done, total),
    )
    return _parts(language, text)


def training_caption(planned: int, share: float, left: timedelta, latest: Epoch | None, language: Language) -> str:
    """How far the training is.

    Args:
        planned: epochs in all.
        share: of them that is done, 0..1.
        left: how long until it is done, about.
        latest: the last epoch that is done.
        language: of the text.
    """
    said = train_texts(language)
    thousandths = round(1000 * share)
    text = said.progress.training.format(
        number=min(planned, (0 if latest is None else latest.number) + 1),
        epochs=said.epochs.of(planned),
        bar=progress_bar(thousandths, 1000),
        percent=percent(share, 0),
        time=duration(left, language),
    )
    if latest is None:
        return _parts(language, text)
    line = said.progress.latest.format(
        number=latest.number,
        train=percent(latest.accuracy),
        test=percent(latest.test_accuracy),
        loss=loss(latest.loss),
        test_loss=loss(latest.test_loss),
    )
    return _parts(language, text, line)


def result_caption(run: RecordedRun, choice: TrainingChoice, language: Language, *, kept: timedelta | None) -> str:
    """What a training gave, beside the course's own figures, and what it shows.

    Args:
        run: its epochs.
        choice: what was chosen.
        language: of the text.
        kept: how long the network is kept; None where it could not be.
    """
    said = train_texts(language)
    last = run.last
    done = said.result.done.format(neurons=said.neurons.of(run.neurons), epochs=said.epochs.of(last.number))
    figures = said.result.figures.format(**_figures(run))
    stop = _stopping(run, choice, language)
    keeping = said.result.not_kept if kept is None else said.result.kept.format(kept=duration(kept, language))
    return _parts(
        language,
        "\n".join(filter(None, (done, figures, stop))),
        _beside_the_course(run, language),
        _diagnosis(run, language),
        keeping,
    )


def done_text(run: RecordedRun, language: Language) -> str:
    """Say that a training is done to somebody who has waited for long."""
    said, last = train_texts(language), run.last
    return said.result.notice.format(
        neurons=said.neurons.of(run.neurons), epochs=said.epochs.of(last.number), test=percent(last.test_accuracy)
    )


def end_caption(state: str, language: Language, missing: Sequence[str] = (), *, has_earlier: bool = False) -> str:
    """Say why a training gave no network.

    Args:
        state: the value of a ``JobState``.
        language: of the text.
        missing: files that could not be had.
        has_earlier: whether this person has a network from before.
    """
    ends = train_texts(language).ends
    text: str = getattr(ends, state)
    named = joined(map(escape, missing), language)
    return _parts(language, text.format(missing=named), ends.earlier if has_earlier else "")


def _figures(run: RecordedRun) -> dict[str, str]:
    last, turn = run.last, run.turning_point
    return {
        "train": percent(last.accuracy),
        "test": percent(last.test_accuracy),
        "loss": loss(last.loss),
        "test_loss": loss(last.test_loss),
        "points": points_between(last.accuracy, last.test_accuracy),
        "turn": str(turn.number),
        "lowest": loss(turn.test_loss),
        "chance": percent(1 / CLASSES, 0),
    }


def _stopping(run: RecordedRun, choice: TrainingChoice, language: Language) -> str:
    """What the course's callback did, where it was asked for."""
    if not choice.stop_early:
        return ""
    said, target = train_texts(language), percent(TARGET_ACCURACY, 0)
    if run.last.accuracy > TARGET_ACCURACY:
        return said.result.stopped.format(target=target, number=run.last.number)
    return said.result.never_stopped.format(target=target, epochs=said.epochs.of(run.last.number))


def _beside_the_course(run: RecordedRun, language: Language) -> str:
    said = train_texts(language)
    printed = SHORT if run.last.number < _LONG_TRAINING else LONG
    difference = 100 * (run.last.test_accuracy - printed.test)
    words = said.result.course_better if difference > 0 else said.result.course_worse
    if abs(difference) < SAME_POINTS:
        words = said.result.course_same
    compared = words.format(epochs=said.epochs.of(printed.epochs), points=f"{abs(difference):.1f}")
    return said.result.course.format(compared=compared, **_printed(language))


def _printed(language: Language) -> dict[str, str]:
    """The figures that the course prints, as far as a text has blanks for them."""
    said = train_texts(language)
    return {
        "short_epochs": said.epochs.of(SHORT.epochs),
        "short_train": percent(SHORT.train, 0),
        "short_test": percent(SHORT.test, 0),
        "long_epochs": said.epochs.of(LONG.epochs),
        "long_train": percent(LONG.train, 0),
        "long_test": percent(LONG.test, 0),
    }


def _diagnosis(run: RecordedRun, language: Language) -> str:
    words, figures = train_texts(language).result, _figures(run)
    found = finding(run)
    text: str = getattr(words, found.value)
    sentences = [text.format(**figures)]
    if found in (Finding.NOTHING, Finding.UNDERFITTING) and not run.normalised:
        sentences.append(words.not_normalised)
    if found is Finding.OVERFITTING and run.turning_point.number < run.last.number:
        sentences.append(words.turn.format(**figures))
    return ("" if language is Language.ZH_HANT else " ").join(sentences)


def ask_photo_text(language: Language) -> str:
    """Ask for a photo to show to one's own network."""
    own = train_texts(language).own
    return f"<b>{own.ask_title}</b>\n\n{own.ask_photo}"


def own_sample_caption(
    own: Sequence[float],
    bot: Prediction,
    actual: int,
    index: int,
    language: Language,
    *,
    at_hand: int = TEST_IMAGES,
) -> str:
    """What one's own network and the bot say about a test image.

    Args:
        own: ten probabilities of one's own network.
        bot: the bot's answer.
        actual: the true class, 0-9.
        index: of the image among the test images, from 0.
        language: of the text.
        at_hand: how many of the test images are at hand.
    """
    words = train_texts(language).own
    shares, bot_shares = permille(own), shares_of(bot)
    label = best(own)
    text = words.sample.format(
        number=count(index + 1),
        actual=class_name_html(actual, language),
        own=class_name_html(label, language),
        own_share=percent_of_permille(shares[label]),
        own_result=words.right if label == actual else words.wrong,
        bot=class_name_html(bot.label, language),
        bot_share=percent_of_permille(bot_shares[bot.label]),
        bot_result=words.right if bot.label == actual else words.wrong,
    )
    parts = (text, _ten_lines(shares, bot_shares, language), *only_some(at_hand, language))
    return spaced("\n\n".join(parts))


def own_gallery_caption(
    shown: int, language: Language, *, wrong_in_all: int | None = None, at_hand: int = TEST_IMAGES
) -> str:
    """The caption of a sheet for one's own network.

    Args:
        shown: how many images are on it.
        language: of the text.
        wrong_in_all: on a sheet of wrong ones: how many the network gets wrong.
        at_hand: how many of the test images are at hand.
    """
    words, images = train_texts(language).own, texts(language).units.images.of(shown)
    head = words.gallery.format(images=images)
    if wrong_in_all is not None:
        head = words.gallery_wrong.format(images=images, total=count(max(wrong_in_all, shown)))
    return "\n\n".join((head, aside(words.gallery_picture, language), *only_some(at_hand, language)))


def own_photo_caption(own: Sequence[float], bot: Prediction, measured: PhotoTest | None, language: Language) -> str:
    """What one's own network and the bot say about a photo, and why they differ.

    Args:
        own: ten probabilities of one's own network.
        bot: the bot's answer.
        measured: what the course's network did on photos, where that is recorded.
        language: of the text.
    """
    words = train_texts(language).own
    label, bag = best(own), class_name_html(BAG, language)
    head = words.photo.format(
        title=words.photo_title,
        own=class_name_html(label, language),
        own_share=percent_of_permille(permille(own)[label]),
        bot=bot_says(bot, language),
    )
    why = words.photo_why.format(bag=bag if language is Language.ZH_HANT else bag.lower())
    figures = (
        ""
        if measured is None
        else words.photo_measured.format(
            photos=texts(language).units.photos.of(measured.images),
            share=percent(measured.share, 0),
            favourite=class_name_html(measured.favourite, language),
            confidence=percent(measured.confidence, 0),
        )
    )
    gap = "" if language is Language.ZH_HANT else " "
    return spaced(
        "\n\n".join((head, gap.join(filter(None, (why, figures))), words.photo_bot, aside(words.picture, language)))
    )


def bot_says(prediction: Prediction, language: Language) -> str:
    """The bot's answer in a few words: HTML."""
    words, shares = train_texts(language).own, shares_of(prediction)
    first, second = candidates(prediction)
    if prediction.verdict is Verdict.NO_GARMENT:
        return words.photo_no_answer
    if len(named_shares(prediction)) == 1:
        return words.photo_answer.format(
            name=class_name_html(first, language), share=percent_of_permille(shares[first])
        )
    return words.photo_unsure.format(
        first=class_name_html(first, language),
        first_share=percent_of_permille(shares[first]),
        second=escape(candidate_name(second, language)),
        second_share=percent_of_permille(shares[second]),
    )


class Mark(Protocol):
    """What somebody reached, as the store keeps it."""

    @property
    def neurons(self) -> int:
        """Width of the hidden layer."""

    @property
    def epochs(self) -> int:
        """That were trained."""

    @property
    def normalised(self) -> bool:
        """Whether the network saw 0..1."""

    @property
    def train_accuracy(self) -> float:
        """After the last epoch, 0..1."""

    @property
    def test_accuracy(self) -> float:
        """The same, 0..1."""


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A row of a group's table.

    Attributes:
        name: a first name.
        best: None while there is nothing.
    """

    name: str
    best: Mark | None


def class_table_text(rows: Sequence[ClassRow], kept: timedelta, language: Language) -> str:
    """A group's table of who reached what.

    Args:
        rows: the best first, then those without a result.
        kept: how long names are kept.
        language: of the text.
    """
    said = train_texts(language)
    words = said.class_table
    ranked = [(row.name, row.best) for row in rows if row.best is not None]
    lines = [_class_line(place, name, mark, language) for place, (name, mark) in enumerate(ranked[:MOST_ROWS], start=1)]
    left = len(ranked) - MOST_ROWS
    if left > 0:
        lines.append(words.more.format(people=said.waiting_people.of(left)))
    waiting = [_short(row.name) for row in rows if row.best is None]
    if waiting:
        names = joined(waiting[:MOST_ROWS], language)
        lines.append(words.waiting.format(names=names))
    return words.text.format(
        rows="\n".join(lines) or words.empty,
        consent=words.consent.format(kept=duration(kept, language)),
        **_printed(language),
    )


def _class_line(place: int, name: str, mark: Mark, language: Language) -> str:
    said = train_texts(language)
    return said.class_table.row.format(
        place=place,
        name=_short(name),
        test=percent(mark.test_accuracy),
        train=percent(mark.train_accuracy),
        neurons=said.neurons.of(mark.neurons),
        epochs=said.epochs.of(mark.epochs),
        raw="" if mark.normalised else said.class_table.row_raw,
    )


def _short(name: str) -> str:
    """A first name in one line, not too long: HTML."""
    line = " ".join(name.split())
    return escape(line if len(line) <= _NAME_LENGTH else f"{line[: _NAME_LENGTH - 1]}…")


def _ten_lines(own: Sequence[int], bot: Sequence[int], language: Language) -> str:
    order = sorted(range(CLASSES), key=lambda label: -max(own[label], bot[label]))
    lines = [f"{aligned(own[label])}／{aligned(bot[label])}　{class_name_html(label, language)}" for label in order]
    if language is not Language.ZH_HANT:
        lines = [line.replace("／", " / ").replace("　", "  ") for line in lines]
    return "\n".join([train_texts(language).own.columns, *lines])


def best(probabilities: Sequence[float]) -> int:
    """The most probable class."""
    return max(range(CLASSES), key=lambda label: probabilities[label])


def rate(value: float) -> str:
    """Write a learning rate: ``0.001``."""
    return f"{value:g}" if value >= 0.0001 else f"{value:.6f}"


def loss(value: float) -> str:
    """Write a loss: three digits, fewer where it is large."""
    if value >= 1e6:
        return "> 1,000,000"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3f}"


def _parts(language: Language, *parts: str) -> str:
    return spaced("\n\n".join((heading(language), *filter(None, parts))))
