"""Captions below pictures: HTML for Telegram, at most 1024 characters, complete without the picture.

The ten percentages are lines with the percentage first: Chinese and Latin names have no common width, so a table would
break, and a screen reader reads the lines as they are.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

from bot.replies.callback_data import TEST_IMAGES, AlbumItem, Answer, Gallery
from bot.replies.confusion import ConfusedPair
from bot.replies.numerals import aligned, count, percent, percent_of_permille, permille
from bot.replies.texts import Language, texts
from bot.replies.words import class_name, duration, joined, size, spaced, written_date
from bot.vision.labels import CLASS_COUNT
from bot.vision.prediction import Prediction, Verdict

if TYPE_CHECKING:
    from bot.vision.model_card import ModelCard, PhotoFigures
    from bot.vision.model_history import PastModel
    from bot.vision.model_store import LiveModel
    from bot.vision.recognizer import Recognition

LOW_QUALITY = 0.7
"""Below this quality (0..1) of the found garment the caption says that the outline may be off."""

_SPREAD = 0.05
"""Where graying out the hottest part costs less than this, no part is named."""


def photo_caption(recognition: "Recognition", language: Language, *, model_changed: bool = False) -> str:
    """The caption of a photo's card.

    Args:
        recognition: what was found in the photo.
        language: of the caption.
        model_changed: whether the reply stands below an answer of an earlier model.
    """
    photo = texts(language).photo
    prediction = recognition.prediction
    garment = recognition.garments[recognition.chosen]
    no_winner = prediction.verdict is Verdict.NO_GARMENT
    lines = [verdict_sentence(prediction, language)]
    if len(recognition.garments) > 1:
        several = photo.several_no_winner if no_winner else photo.several
        lines.append(several.format(count=len(recognition.garments), number=recognition.chosen + 1))
    if not no_winner and garment.quality < LOW_QUALITY:
        lines.append(photo.low_quality)
    if model_changed:
        lines.append(photo.model_changed)
    asides = [photo.picture_no_winner if no_winner else photo.picture_sure]
    if garment.opinion is not None:
        asides.append(photo.colours)
    return _paragraphs("\n".join(lines), ten_lines(prediction, language), _aside("\n".join(asides), language))


def verdict_sentence(prediction: Prediction, language: Language) -> str:
    """Say in one sentence what it is, or between which two it lies, or why there is no answer."""
    photo = texts(language).photo
    shares = permille(prediction.probabilities)
    first, second = prediction.ranking[:2]
    match prediction.verdict:
        case Verdict.SURE:
            return photo.sure.format(name=_name(first, language), percent=percent_of_permille(shares[first]))
        case Verdict.UNSURE:
            return photo.unsure.format(
                first=_name(first, language),
                first_percent=percent_of_permille(shares[first]),
                second=_name(second, language),
                second_percent=percent_of_permille(shares[second]),
            )
        case Verdict.NO_GARMENT:
            return photo.other_clothing if prediction.other_clothing else photo.no_garment


def ten_lines(prediction: Prediction, language: Language) -> str:
    """All ten classes with their percentages, most probable first, the named ones bold."""
    shares = permille(prediction.probabilities)
    winners = {Verdict.SURE: 1, Verdict.UNSURE: 2, Verdict.NO_GARMENT: 0}[prediction.verdict]
    lines = [texts(language).photo.all_ten]
    for place, label in enumerate(prediction.ranking):
        name = _name(label, language)
        lines.append(f"{aligned(shares[label])}  {f'<b>{name}</b>' if place < winners else name}")
    return "\n".join(lines)


def album_caption(answers: Sequence[Answer | None], language: Language, *, left_out: int = 0) -> str:
    """The caption of an album's contact sheet.

    Args:
        answers: one a photo, in order; None for a photo that could not be read.
        language: of the caption.
        left_out: photos of the album beyond the limit, which were not looked at.
    """
    said = texts(language)
    album = said.album
    lines = [album.title.format(photos=said.units.photos.of(len(answers)))]
    lines += [_album_line(number, answer, language) for number, answer in enumerate(answers, start=1)]
    if left_out:
        lines.append(album.left_out.format(photos=said.units.photos.of(left_out)))
    if any(answers):
        lines.append(album.hint)
    return _paragraphs("\n".join(lines), _aside(album.picture, language))


def _album_line(number: int, answer: Answer | None, language: Language) -> str:
    album = texts(language).album
    if answer is None:
        return album.line_unreadable.format(number=number)
    first, second = answer.prediction.ranking[:2]
    if answer.verdict is Verdict.NO_GARMENT:
        line = album.line_other_clothing if answer.other_clothing else album.line_no_garment
    else:
        line = album.line_sure if answer.verdict is Verdict.SURE else album.line_unsure
    return line.format(
        number=number,
        first=_name(first, language),
        first_percent=percent_of_permille(answer.permille[first]),
        second=_name(second, language),
        second_percent=percent_of_permille(answer.permille[second]),
    )


def album_item_caption(item: AlbumItem, language: Language) -> str:
    """The caption of a contact sheet after a tap on a number: the ten percentages of that photo."""
    album = texts(language).album
    prediction = item.answer.prediction
    head = f"{album.item.format(number=item.position + 1)}\n{verdict_sentence(prediction, language)}"
    return _paragraphs(head, ten_lines(prediction, language), album.item_hint)


def sample_caption(prediction: Prediction, actual: int, index: int, language: Language) -> str:
    """The caption of a test image: predicted, actual, right or wrong, all ten.

    Args:
        prediction: what the live model says.
        actual: the true class, 0-9.
        index: of the image among the test images, from 0.
        language: of the caption.
    """
    said = texts(language).test_images
    shares = permille(prediction.probabilities)
    right = prediction.label == actual
    facts = said.facts.format(
        predicted=_name(prediction.label, language),
        percent=percent_of_permille(shares[prediction.label]),
        actual=_name(actual, language),
        result=said.right if right else said.wrong,
    )
    return _paragraphs(
        facts, ten_lines(prediction, language), _aside(said.picture.format(number=count(index + 1)), language)
    )


def gallery_caption(gallery: Gallery, language: Language, *, wrong_in_all: int = 0) -> str:
    """The caption of a sheet of test images.

    Args:
        gallery: the sheet.
        language: of the caption.
        wrong_in_all: with a sheet of wrong ones: how many of the test images the model gets wrong.
    """
    said = texts(language)
    head = said.test_images.gallery
    if gallery.only_wrong:
        shown = len(gallery.images)
        head = said.test_images.gallery_wrong.format(images=count(shown), total=count(max(wrong_in_all, shown)))
    return _paragraphs(head, _aside(said.test_images.gallery_picture, language))


def gallery_item_caption(
    prediction: Prediction, actual: int, index: int, language: Language, *, model_changed: bool = False
) -> str:
    """The caption of one image of a sheet; arguments as in :func:`sample_caption`.

    Args:
        prediction: what the live model says.
        actual: the true class, 0-9.
        index: of the image among the test images, from 0.
        language: of the caption.
        model_changed: whether the sheet was made with an earlier model.
    """
    caption = sample_caption(prediction, actual, index, language)
    return _paragraphs(caption, texts(language).photo.model_changed) if model_changed else caption


def accuracy_caption(live: "LiveModel", language: Language, past: "Sequence[PastModel]" = ()) -> str:
    """The caption of the confusion matrix that the model's card holds, or that there is no card.

    Args:
        live: the model.
        language: to write in.
        past: models that went live, the newest first.
    """
    said = texts(language)
    card = live.card
    if card is None or card.test.accuracy is None:
        return said.faults.no_card
    accuracy = said.accuracy
    lines = [accuracy.title]
    if not live.card_matches:
        lines.append(accuracy.other_file.format(version=escape(live.version)))
    images = said.units.images.of(card.test.images or TEST_IMAGES)
    lines.append(accuracy.test.format(percent=percent(card.test.accuracy), images=images))
    if card.train_accuracy is not None:
        lines.append(accuracy.train.format(percent=percent(card.train_accuracy)))
        shown = round(card.train_accuracy, 3) - round(card.test.accuracy, 3)  # as the lines above show them
        lines.append(accuracy.gap.format(points=_points(shown)))
    lines.append(_photos_line(card.photos, language))
    if card.thresholds.get("opinion_weight", 0) > 0:
        lines.append(accuracy.photos_in_colour)
    if card.calibration.ece is not None:
        lines.append(accuracy.calibration.format(points=_points(card.calibration.ece)))
    return _paragraphs(
        "\n".join(lines),
        _recall_lines(card.test.recall, card.photos.recall, language),
        _model_line(card, language),
        _history_lines(past, language) if live.card_matches else "",  # beside the note, there is no room for it
        _aside(accuracy.picture, language) if card.test.confusion else "",
    )


def _photos_line(photos: "PhotoFigures", language: Language) -> str:
    said = texts(language)
    if photos.balanced_accuracy is None or photos.interval is None or not photos.images or not photos.senders:
        return said.accuracy.photos_missing
    low, high = photos.interval
    return said.accuracy.photos.format(
        percent=percent(photos.balanced_accuracy),
        people=said.units.people.of(photos.senders),
        photos=said.units.photos.of(photos.images),
        low=percent(low),
        high=percent(high),
    )


def _recall_lines(test: Sequence[float], photos: Mapping[str, float | None], language: Language) -> str:
    if len(test) != CLASS_COUNT:
        return ""
    words = texts(language).accuracy
    on_photos = [photos.get(class_name(label, Language.ZH_HANT)) for label in range(CLASS_COUNT)]
    lines = [
        f"{_share(share)} / {_share(on_photos[label])}  {_name(label, language)}" for label, share in enumerate(test)
    ]
    return "\n".join([words.recall, *lines, *([words.not_measured] if None in on_photos else [])])


def _history_lines(past: "Sequence[PastModel]", language: Language) -> str:
    """One line a model, where more than one was live and measured."""
    words = texts(language).accuracy
    lines = []
    for model in past:
        if model.test_accuracy is None:
            continue
        line = words.history_test_only if model.balanced_accuracy is None else words.history_line
        lines.append(
            line.format(
                date=written_date(model.time, language),
                test=percent(model.test_accuracy),
                photos=_share(model.balanced_accuracy),
            )
        )
    return "\n".join([words.history, *lines]) if len(lines) > 1 else ""


def _model_line(card: "ModelCard", language: Language) -> str:
    """Version, date and size, as far as the card knows them."""
    facts = [texts(language).accuracy.model.format(version=escape(card.version))] if card.version else []
    with contextlib.suppress(ValueError):
        facts.append(written_date(datetime.fromisoformat(card.created), language))
    if card.bytes is not None:
        facts.append(size(card.bytes))
    return texts(language).accuracy.model_separator.join(facts)


def _share(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else percent(value, digits)


def _points(fraction: float) -> str:
    """Write a difference in percentage points; a minus is a minus, not a hyphen."""
    return f"{100 * fraction:.1f}".replace("-", "−")


def measured_caption(
    confusion: Sequence[Sequence[int]],
    took: timedelta,
    language: Language,
    *,
    on_card: float | None = None,
) -> str:
    """The caption of a confusion matrix that was measured just now.

    Args:
        confusion: counts; rows are actual, columns predicted classes.
        took: how long it took.
        language: of the caption.
        on_card: the accuracy that the model's card states.
    """
    said = texts(language)
    accuracy = said.accuracy
    total = sum(sum(row) for row in confusion)
    right = sum(int(row[label]) for label, row in enumerate(confusion))
    share = right / total if total else 0.0
    lines = [
        accuracy.measured.format(
            percent=percent(share, 2),
            total=said.units.images.of(total),
            right=count(right),
            time=duration(took, language),
        )
    ]
    if on_card is not None:
        same = percent(on_card, 2) == percent(share, 2)
        lines.append(accuracy.measured_same if same else accuracy.measured_changed.format(percent=percent(on_card, 2)))
    recall = [row[label] / sum(row) if sum(row) else None for label, row in enumerate(confusion)]
    body = [accuracy.recall_test]
    body += [f"{_share(value)}  {_name(label, language)}" for label, value in enumerate(recall)]
    return _paragraphs("\n".join(lines), "\n".join(body), _aside(accuracy.picture, language))


def pairs_caption(pairs: Sequence[ConfusedPair], language: Language) -> str:
    """The caption of the picture with the most confused pairs, or that nothing was confused."""
    said = texts(language)
    if not pairs:
        return said.accuracy.no_pairs
    lines = [said.accuracy.pairs_title]
    lines += [
        said.accuracy.pair.format(
            actual=_name(pair.actual, language),
            predicted=_name(pair.predicted, language),
            count=said.units.images.of(pair.count),
        )
        for pair in pairs
    ]
    return _paragraphs("\n".join(lines), _aside(said.accuracy.pairs_picture, language))


@dataclass(frozen=True, slots=True)
class WhyFacts:
    """What a heat map says in numbers.

    Attributes:
        places: where the class is supported most: cells 0-8 of a 3x3 grid over the garment, row by row, the most
            important first; at most two are named.
        before: the class's probability on the untouched garment, as the answer gives it but for rounding.
        after: its probability with its most important part grayed out.
        second: the second candidate's class, 0-9.
        second_places: the cells that matter most to the second candidate.
        second_before: the second candidate's probability on the untouched garment, as ``before``.
        second_after: its highest probability with a part grayed out.
        in_colour: whether the colour photo had a say.
    """

    places: tuple[int, ...]
    before: float
    after: float
    second: int
    second_places: tuple[int, ...]
    second_before: float
    second_after: float
    in_colour: bool

    @property
    def names_a_part(self) -> bool:
        """Whether hiding the most important part makes a difference worth telling."""
        return self.before - self.after >= _SPREAD


def why_caption(prediction: Prediction, facts: WhyFacts, language: Language, *, model_changed: bool = False) -> str:
    """The caption of a heat map: which parts spoke for the answer, and what the second candidate would have needed.

    Args:
        prediction: the answer that is explained.
        facts: what graying out parts did.
        language: of the caption.
        model_changed: whether the answer above was given by an earlier model.
    """
    said = texts(language)
    why = said.why
    first, second = _name(prediction.label, language), _name(facts.second, language)
    shares = permille(prediction.probabilities)  # rounded as the answer's, which people compare
    before, second_before = (percent_of_permille(shares[label]) for label in (prediction.label, facts.second))
    lines = [why.title.format(name=first)]
    if prediction.verdict is Verdict.NO_GARMENT:
        lines = [why.no_garment.format(name=first)]
    if not facts.names_a_part:
        lines.append(why.spread)
    else:
        lines.append(
            why.parts.format(
                parts=_places(facts.places, language),
                name=first,
                before=before,
                after=percent(facts.after),
            )
        )
    if facts.second_after - facts.second_before >= _SPREAD:
        lines.append(
            why.second_more.format(
                second=second,
                parts=_places(facts.second_places, language),
                before=second_before,
                after=percent(facts.second_after),
            )
        )
    else:
        lines.append(why.second_none.format(second=second, percent=second_before))
    if model_changed:
        lines.append(said.photo.model_changed)
    method = [why.method, *([why.colours] if facts.in_colour else []), _aside(why.picture, language)]
    return _paragraphs("\n".join(lines), "\n".join(method))


def _places(cells: Sequence[int], language: Language) -> str:
    names = texts(language).why.places
    return joined((names[cell] for cell in cells[:2]), language)


def _name(label: int, language: Language) -> str:
    return escape(class_name(label, language))


def _aside(words: str, language: Language) -> str:
    """What a picture shows, set apart; Chinese type has no italics."""
    return words if language is Language.ZH_HANT else f"<i>{words}</i>"


def _paragraphs(*parts: str) -> str:
    return spaced("\n\n".join(part for part in parts if part))
