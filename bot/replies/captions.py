"""Captions below pictures: HTML for Telegram, at most 1024 characters, complete without the picture.

The first lines say it all; the eleven percentages and what the picture shows follow in a quotation that opens. The
percentages are lines with the percentage first: Chinese and Latin names have no common width, so a table would break,
and a screen reader reads the lines as they are.
"""

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

from bot.replies.callback_data.actions import AlbumItem, GalleryItem
from bot.replies.callback_data.answer import Answer
from bot.replies.callback_data.gallery import TEST_IMAGES, Gallery
from bot.replies.confusion import ConfusedPair
from bot.replies.numerals import aligned, count, percent, percent_of_permille
from bot.replies.shares import candidates, named_shares, ranked_shares, shares_of
from bot.replies.texts import Language, texts
from bot.replies.words import (
    aside,
    candidate_name,
    class_name,
    class_name_html,
    elapsed,
    joined,
    said_name,
    share_name,
    size,
    spaced,
    written_date,
)
from bot.vision.labels import CLASS_COUNT
from bot.vision.prediction import Prediction, Verdict

if TYPE_CHECKING:
    from bot.registry.card import ModelCard, PhotoFigures, WornFigures
    from bot.registry.history import Entry
    from bot.registry.store import LiveModel
    from bot.vision.explain import HeatMap
    from bot.vision.recognizer import Recognition

LOW_QUALITY = 0.7
"""Below this quality (0..1) of the found garment the caption says that the outline may be off."""

_REMARKS = ("✅ ", "✏️ ")
"""How the remarks of a person begin, that stand above a caption."""

_TOP_MIDDLE = 1
"""The cell of the grid of a heat map where what is worn on the upper body has its neckline."""

_WITH_NECKLINE = frozenset({0, 2, 3, 4, 6})
"""T-shirt, pullover, dress, coat, shirt."""

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
    changed = [photo.model_changed] if model_changed else []
    if not recognition.garments:
        return "\n".join([photo.nothing, *changed])
    prediction, number = recognition.prediction, recognition.chosen + 1
    several = len(recognition.garments) > 1
    lines = [
        photo_line(garment.prediction, language, number=place if several else None, judged=place == number)
        for place, garment in enumerate(recognition.garments, start=1)
    ]
    if prediction.other_clothing and not several:
        lines.append(photo.outside_the_ten)
    if recognition.from_data_set:
        lines.append(photo.data_set)
    asides = [(photo.picture_several if several else photo.picture).format(number=number)]
    if recognition.garment.quality < LOW_QUALITY and not recognition.from_data_set:
        asides.insert(0, photo.low_quality)
    shares = share_lines(prediction, language, number=number if several else None)
    return spaced("\n".join([*lines, *changed, _quotation(shares, "", aside("\n".join(asides), language))]))


def photo_line(prediction: Prediction, language: Language, *, number: int | None = None, judged: bool = False) -> str:
    """Say in one line what a garment is and how sure that is.

    Args:
        prediction: of a garment that was found.
        language: of the line.
        number: of the garment, where there are several.
        judged: whether the picture shows this one's pixels and bars; of the others only the first candidate is named,
            so that each has one line.
    """
    photo = texts(language).photo
    first, second = candidates(prediction)
    shares = shares_of(prediction)
    share = percent_of_permille(shares[first])
    if prediction.verdict is Verdict.NO_GARMENT:
        line = photo.other_clothing.format(percent=percent_of_permille(shares[CLASS_COUNT]))
    elif prediction.verdict is Verdict.SURE:
        line = photo.sure.format(name=class_name_html(first, language), percent=share)
    elif prediction.likely:
        line = photo.likely.format(name=class_name_html(first, language), percent=share)
    elif number is not None and not judged:
        line = photo.unsure_other.format(name=class_name_html(first, language), percent=share)
    else:
        line = photo.unsure.format(
            first=class_name_html(first, language),
            first_percent=share,
            second=escape(candidate_name(second, language)),
            second_percent=percent_of_permille(shares[second]),
        )
    if number is None:
        return spaced(line)
    return spaced((photo.judged if judged else photo.numbered).format(number=number, line=line))


def share_lines(prediction: Prediction, language: Language, *, number: int | None = None) -> str:
    """All eleven shares, largest first, those that the answer names bold.

    Args:
        prediction: of the judged garment.
        language: of the names.
        number: of the judged garment, where there are several.
    """
    photo, shares = texts(language).photo, shares_of(prediction)
    named = set(_named(prediction))
    lines = [photo.shares if number is None else photo.shares_of.format(number=number)]
    for label in ranked_shares(prediction):
        name = escape(share_name(label, language))
        lines.append(f"{aligned(shares[label])}  {f'<b>{name}</b>' if label in named else name}")
    return "\n".join(lines)


def ten_lines(prediction: Prediction, language: Language) -> str:
    """The ten classes of a test image with their percentages, most probable first, the first one bold."""
    shares = shares_of(prediction)
    lines = []
    for place, label in enumerate(prediction.ranking):
        name = class_name_html(label, language)
        lines.append(f"{aligned(shares[label])}  {name if place else f'<b>{name}</b>'}")
    return "\n".join(lines)


def _named(prediction: Prediction) -> tuple[int, ...]:
    if prediction.verdict is Verdict.NO_GARMENT:
        return (CLASS_COUNT,) if prediction.other_clothing else ()
    return named_shares(prediction)


def remarked(caption: str, remark: str) -> str:
    """Put a remark of the person's above a caption, in place of an earlier one; without a remark take it away."""
    first, _, rest = caption.partition("\n")
    body = rest if first.startswith(_REMARKS) else caption
    return f"{remark}\n{body}" if remark else body


def confirmed_remark(language: Language) -> str:
    """What stands above an answer that its sender called right."""
    return texts(language).photo.confirmed


def corrected_remark(label: int, language: Language) -> str:
    """What stands above an answer that was corrected; ``label`` is what its sender said."""
    return spaced(texts(language).photo.corrected.format(name=escape(said_name(label, language))))


def album_caption(
    answers: Sequence[Answer | None], language: Language, *, left_out: int = 0, limit: int = 0, videos: int = 0
) -> str:
    """The caption of an album's contact sheet.

    Args:
        answers: one a photo, in order; None for a photo that could not be read.
        language: of the caption.
        left_out: photos of the album beyond the limit, which were not looked at.
        limit: how many photos a person may send in ten minutes; said where some were left out.
        videos: parts of the album that are no photos.
    """
    said = texts(language)
    album = said.album
    lines = [album.title.format(photos=said.units.photos.of(len(answers)))]
    lines += [_album_line(number, answer, language) for number, answer in enumerate(answers, start=1)]
    if left_out:
        lines.append(album.left_out.format(photos=said.units.photos.of(left_out), limit=said.units.photos.of(limit)))
    if videos:
        lines.append(album.videos_left_out.format(videos=said.units.videos.of(videos)))
    if any(answers):
        lines.append(album.hint)
    return spaced("\n".join([*lines, _quotation(aside(album.picture, language))]))


def _album_line(number: int, answer: Answer | None, language: Language) -> str:
    album = texts(language).album
    if answer is None:
        return album.line_unreadable.format(number=number)
    if answer.found_nothing:
        return album.line_nothing.format(number=number)
    line = photo_line(answer.prediction, language)
    words = album.line_more if answer.garments > 1 else album.line
    return words.format(number=number, line=line, more=answer.garments - 1)


def album_item_caption(item: AlbumItem, language: Language) -> str:
    """The caption of a contact sheet after a tap on a number: what is in that photo, and its percentages."""
    said, answer = texts(language), item.answer
    head = said.album.item.format(number=item.position + 1)
    if answer.found_nothing:
        return f"{head}\n{said.photo.nothing}"
    lines = [head, photo_line(answer.prediction, language)]
    others = [said_name(kind, language) for place, kind in enumerate(answer.kinds) if place != answer.chosen]
    if others:
        lines.append(said.album.item_others.format(names=escape(joined(others, language))))
    return spaced("\n".join([*lines, _quotation(share_lines(answer.prediction, language))]))


def sample_caption(
    prediction: Prediction, actual: int, index: int, language: Language, *, at_hand: int = TEST_IMAGES
) -> str:
    """The caption of a test image: predicted, actual, right or wrong, all ten.

    Args:
        prediction: what the live model says.
        actual: the true class, 0-9.
        index: of the image among the test images, from 0.
        language: of the caption.
        at_hand: how many of the test images are at hand.
    """
    picture = texts(language).test_images.picture.format(number=count(index + 1))
    return _test_image_caption(prediction, actual, picture, language, at_hand=at_hand)


def _test_image_caption(prediction: Prediction, actual: int, picture: str, language: Language, *, at_hand: int) -> str:
    said = texts(language).test_images
    shares = shares_of(prediction)
    facts = said.facts.format(
        predicted=class_name_html(prediction.label, language),
        percent=percent_of_permille(shares[prediction.label]),
        actual=class_name_html(actual, language),
        result=said.right if prediction.label == actual else said.wrong,
    )
    some = only_some(at_hand, language)
    folded = _quotation(ten_lines(prediction, language), "", aside(picture, language))
    return spaced("\n".join([facts, *some, folded]))


def only_some(at_hand: int, language: Language) -> list[str]:
    """A line that says so where not all test images are at hand; none where all are."""
    said = texts(language)
    return [] if at_hand >= TEST_IMAGES else [said.test_images.only_some.format(images=said.units.images.of(at_hand))]


def gallery_caption(
    gallery: Gallery, language: Language, *, found: int = TEST_IMAGES, at_hand: int = TEST_IMAGES
) -> str:
    """The caption of a sheet of test images.

    Args:
        gallery: the sheet.
        language: of the caption.
        found: how many of the test images the sheet was chosen from.
        at_hand: how many of the test images are at hand.
    """
    said, choice, shown = texts(language), gallery.choice, len(gallery.images)
    words = said.test_images.gallery_wrong if choice.only_wrong else said.test_images.gallery
    names: dict[str, str] = {}
    if choice.actual is not None:
        words = said.test_images.gallery_class_wrong if choice.only_wrong else said.test_images.gallery_class
        names = {"name": class_name_html(choice.actual, language)}
        if choice.predicted is not None:
            words = said.test_images.gallery_pair
            names = {"actual": names["name"], "predicted": class_name_html(choice.predicted, language)}
    total = count(max(found, shown))
    chosen = said.test_images.gallery_some if found > shown else said.test_images.gallery_every_one
    head = words.format(total=total, chosen=chosen.format(images=count(shown), total=total), **names)
    picture = aside(said.test_images.gallery_picture, language)
    return spaced("\n".join([head, *only_some(at_hand, language), _quotation(picture)]))


def gallery_item_caption(
    prediction: Prediction,
    actual: int,
    item: GalleryItem,
    language: Language,
    *,
    model_changed: bool = False,
    at_hand: int = TEST_IMAGES,
) -> str:
    """The caption of one image beside its sheet.

    Args:
        prediction: what the live model says.
        actual: the true class, 0-9.
        item: which image of which sheet.
        language: of the caption.
        model_changed: whether the sheet was made with an earlier model.
        at_hand: how many of the test images are at hand.
    """
    index = item.gallery.images[item.position]
    picture = texts(language).test_images.gallery_item_picture.format(
        position=item.position + 1, number=count(index + 1)
    )
    caption = _test_image_caption(prediction, actual, picture, language, at_hand=at_hand)
    return f"{caption}\n{texts(language).photo.model_changed}" if model_changed else caption


def accuracy_caption(live: "LiveModel", language: Language, past: "Sequence[Entry]" = ()) -> str:
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
    lines += _worn_lines(card.worn, language)
    if card.thresholds.get("color_weight", 0) > 0:
        lines.append(accuracy.photos_in_colour)
    if card.calibration.ece is not None:
        lines.append(accuracy.calibration.format(points=_points(card.calibration.ece)))
    folded = _paragraphs(
        _recall_lines(card.test.recall, card.photos.recall, language),
        _history_lines(past, language) if live.card_matches else "",  # beside the note, there is no room for it
        aside(accuracy.picture, language) if card.test.confusion else "",
    )
    first = [*lines, _model_line(card, language)]
    return spaced("\n".join([*filter(None, first), *([_quotation(folded)] if folded else [])]))


def _worn_lines(worn: "WornFigures", language: Language) -> list[str]:
    """People in streets and bags, as far as they were measured."""
    said = texts(language)
    figures = (
        (said.accuracy.street, worn.top, worn.top_interval, worn.street_images),
        (said.accuracy.bags, worn.bags_named, worn.bags_interval, worn.bag_images),
    )
    return [
        line.format(
            percent=percent(share), photos=said.units.photos.of(images), low=percent(ends[0]), high=percent(ends[1])
        )
        for line, share, ends, images in figures
        if share is not None and ends is not None and images
    ]


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
        f"{_share(share)} / {_share(on_photos[label])}  {class_name_html(label, language)}"
        for label, share in enumerate(test)
    ]
    return "\n".join([words.recall, *lines, *([words.not_measured] if None in on_photos else [])])


def _history_lines(past: "Sequence[Entry]", language: Language) -> str:
    """One line a model, where more than one was live and measured."""
    words = texts(language).accuracy
    lines = []
    for entry in past:
        figures = entry.figures
        if figures.test_accuracy is None or entry.when is None:
            continue
        line = words.history_test_only if figures.balanced_accuracy is None else words.history_line
        lines.append(
            line.format(
                date=written_date(entry.when, language),
                test=percent(figures.test_accuracy),
                photos=_share(figures.balanced_accuracy),
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
            time=elapsed(took, language),
        )
    ]
    if on_card is not None:
        same = percent(on_card, 2) == percent(share, 2)
        lines.append(accuracy.measured_same if same else accuracy.measured_changed.format(percent=percent(on_card, 2)))
    lines += only_some(total, language)
    recall = [row[label] / sum(row) if sum(row) else None for label, row in enumerate(confusion)]
    body = [accuracy.recall_test]
    body += [f"{_share(value)}  {class_name_html(label, language)}" for label, value in enumerate(recall)]
    return spaced("\n".join([*lines, _quotation(*body, "", aside(accuracy.picture, language))]))


def pairs_caption(pairs: Sequence[ConfusedPair], language: Language) -> str:
    """The caption of the picture with the most confused pairs, or that nothing was confused."""
    said = texts(language)
    if not pairs:
        return said.accuracy.no_pairs
    lines = [said.accuracy.pairs_title]
    lines += [
        said.accuracy.pair.format(
            actual=class_name_html(pair.actual, language),
            predicted=class_name_html(pair.predicted, language),
            count=said.units.images.of(pair.count),
        )
        for pair in pairs
    ]
    return spaced("\n".join([*lines, _quotation(aside(said.accuracy.pairs_picture, language))]))


def names_a_part(heat: "HeatMap") -> bool:
    """Whether hiding the most important part makes a difference worth telling."""
    return heat.before - heat.after >= _SPREAD


def why_caption(
    prediction: Prediction, heat: "HeatMap", language: Language, *, in_colour: bool, model_changed: bool = False
) -> str:
    """The caption of a heat map: which parts spoke for the answer, and what the second candidate would have needed.

    Args:
        prediction: the answer that is explained.
        heat: what graying out parts did.
        language: of the caption.
        in_colour: whether the colour photo had a say.
        model_changed: whether the answer above was given by an earlier model.
    """
    why = texts(language).why
    first, second = escape(share_name(heat.label, language)), escape(share_name(heat.second, language))
    shares = shares_of(prediction)  # rounded as the answer's, which people compare
    before, second_before = percent_of_permille(shares[heat.label]), percent_of_permille(shares[heat.second])
    lines = [why.title.format(name=first)]
    if not names_a_part(heat):
        lines.append(why.spread)
    else:
        parts, after = _places(heat.places, heat.label, language), percent(heat.after)
        lines.append(why.parts.format(parts=parts, name=first, before=before, after=after))
    if heat.second_after - heat.second_before >= _SPREAD:
        lines.append(
            why.second_more.format(
                second=second,
                parts=_places(heat.second_places, heat.label, language),
                before=second_before,
                after=percent(heat.second_after),
            )
        )
    else:
        lines.append(why.second_none.format(second=second, percent=second_before))
    return _why(lines, why.picture, language, in_colour=in_colour, model_changed=model_changed)


def why_two_caption(
    prediction: Prediction,
    heats: "tuple[HeatMap, HeatMap]",
    language: Language,
    *,
    in_colour: bool,
    model_changed: bool = False,
) -> str:
    """The caption of two heat maps side by side: what spoke for either candidate of an unsure answer.

    Args:
        prediction: the answer that is explained.
        heats: of the first candidate and of the second.
        language: of the caption.
        in_colour: whether the colour photo had a say.
        model_changed: whether the answer above was given by an earlier model.
    """
    why, shares = texts(language).why, shares_of(prediction)
    first, second = (escape(candidate_name(each.label, language)) for each in heats)
    lines = [why.title_two.format(first=first, second=second)]
    for each, name in zip(heats, (first, second), strict=True):
        words = why.speaks_for if names_a_part(each) else why.spread_two
        before, after = percent_of_permille(shares[each.label]), percent(each.after)
        parts = _places(each.places, heats[0].label, language)
        lines.append(words.format(name=name, parts=parts, before=before, after=after))
    picture = why.picture_two.format(first=first, second=second)
    return _why(lines, picture, language, in_colour=in_colour, model_changed=model_changed)


def _why(lines: list[str], picture: str, language: Language, *, in_colour: bool, model_changed: bool) -> str:
    said = texts(language)
    if model_changed:
        lines.append(said.photo.model_changed)
    method = [said.why.method, *([said.why.colours] if in_colour else [])]
    return spaced("\n".join([*lines, _quotation(aside(picture, language), *method)]))


def _places(cells: Sequence[int], label: int, language: Language) -> str:
    """Name at most two cells of the grid over a garment; ``label`` is what the garment is taken for."""
    why = texts(language).why
    names = [why.neckline if cell == _TOP_MIDDLE and label in _WITH_NECKLINE else why.places[cell] for cell in cells]
    return joined(names[:2], language)


def _quotation(*lines: str) -> str:
    """Lines that Telegram shows folded: a tap opens them."""
    body = "\n".join(lines)
    return f"<blockquote expandable>{body}</blockquote>"


def _paragraphs(*parts: str) -> str:
    return spaced("\n\n".join(part for part in parts if part))
