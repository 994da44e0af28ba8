"""A model's card: what it was made of and how good it is, as ``card.json`` beside the file says."""

import builtins
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self, TypeVar

MAX_CARD_BYTES: Final = 1024 * 1024
"""A card takes a few kilobytes."""

_Number = TypeVar("_Number", int, float)


class CardError(ValueError):
    """A card that cannot be read; ``str()`` is one line that says why."""


@dataclass(frozen=True, slots=True)
class TestFigures:
    """On the test images.

    Attributes:
        images: how many.
        accuracy: 0..1.
        recall: ten, in class order, 0..1.
        confusion: 10 x 10 counts, [actual][predicted].
    """

    __test__ = False  # not a test of pytest's

    images: int | None = None
    accuracy: float | None = None
    recall: tuple[float, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoFigures:
    """On photos of people the model never saw.

    Attributes:
        images: how many photos.
        senders: of how many people.
        balanced_accuracy: 0..1.
        interval: its 95 % interval.
        recall: by class name; None where there are no photos of a class.
    """

    images: int | None = None
    senders: int | None = None
    balanced_accuracy: float | None = None
    interval: tuple[float, float] | None = None
    recall: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WornFigures:
    """On photos of what people wear in streets, and of bags.

    Attributes:
        street_images: how many photos of people.
        top: of them answered first with what is worn most, 0..1.
        top_interval: its 95 % interval.
        bag_images: how many photos of bags.
        bags_named: of them called a bag, 0..1.
        bags_interval: its 95 % interval.
    """

    street_images: int | None = None
    top: float | None = None
    top_interval: tuple[float, float] | None = None
    bag_images: int | None = None
    bags_named: float | None = None
    bags_interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """How honest the probabilities are.

    Attributes:
        temperature: folded into the model's last layer.
        ece: expected calibration error, 0..1.
    """

    temperature: float | None = None
    ece: float | None = None


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A card; what it does not say is None or empty.

    Attributes:
        version: the model's name.
        created: when, ISO 8601.
        sha256: of the file that the figures were measured on.
        preset: the training recipe.
        epochs: of training.
        test: figures on the test images.
        train_accuracy: on the training images, 0..1.
        photos: figures on photos.
        worn: figures on people in streets, and on bags.
        calibration: of the probabilities.
        thresholds: of the verdicts, and how much each network counts, by name.
        bytes: size of the file.
        raw: the whole card.
    """

    version: str
    created: str
    sha256: str
    preset: str | None
    epochs: int | None
    test: TestFigures
    train_accuracy: float | None
    photos: PhotoFigures
    worn: WornFigures
    calibration: Calibration
    thresholds: Mapping[str, float]
    bytes: int | None
    raw: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read ``card.json``.

        Raises:
            CardError: it is missing, unreadable, or no JSON object.
        """
        try:
            with path.open("rb") as file:
                data = file.read(MAX_CARD_BYTES + 1)
        except OSError as error:
            raise CardError(f"{path.name} cannot be read: {error.strerror}") from error
        return cls.parse(data)

    @classmethod
    def parse(cls, data: builtins.bytes) -> Self:
        """Read a card from its bytes; keys that are missing or of the wrong type are left out.

        Raises:
            CardError: it is no JSON object, or far too large.
        """
        if len(data) > MAX_CARD_BYTES:
            raise CardError("the card is too large")
        try:
            raw = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise CardError("the card is not JSON") from error
        if not isinstance(raw, dict):
            raise CardError("the card is not a JSON object")
        test, photos = _mapping(raw.get("test")), _mapping(raw.get("photos"))
        calibration = _mapping(raw.get("calibration"))
        street, bags = _mapping(raw.get("street")), _mapping(raw.get("bags"))
        return cls(
            version=_text(raw.get("version")) or "",
            created=_text(raw.get("created")) or "",
            sha256=(_text(raw.get("sha256")) or "").lower(),
            preset=_text(raw.get("preset")),
            epochs=_number(raw.get("epochs"), int),
            test=TestFigures(
                images=_number(test.get("images"), int),
                accuracy=_number(test.get("accuracy"), float),
                recall=_numbers(test.get("recall"), float),
                confusion=tuple(_numbers(row, int) for row in _sequence(test.get("confusion"))),
            ),
            train_accuracy=_number(_mapping(raw.get("train")).get("accuracy"), float),
            photos=PhotoFigures(
                images=_number(photos.get("images"), int),
                senders=_number(photos.get("senders"), int),
                balanced_accuracy=_number(photos.get("balanced_accuracy"), float),
                interval=_interval(photos.get("interval")),
                recall=MappingProxyType(
                    {str(name): _number(value, float) for name, value in _mapping(photos.get("recall")).items()}
                ),
            ),
            worn=WornFigures(
                street_images=_number(street.get("images"), int),
                top=_number(street.get("top"), float),
                top_interval=_interval(street.get("interval")),
                bag_images=_number(bags.get("images"), int),
                bags_named=_number(bags.get("named"), float),
                bags_interval=_interval(bags.get("interval")),
            ),
            calibration=Calibration(
                temperature=_number(calibration.get("temperature"), float), ece=_number(calibration.get("ece"), float)
            ),
            thresholds=MappingProxyType(_known_numbers(_mapping(raw.get("thresholds")))),
            bytes=_number(raw.get("bytes"), int),
            raw=MappingProxyType(raw),
        )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object, kind: type[_Number]) -> _Number | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return kind(value)
    except (OverflowError, ValueError):  # JSON as Python reads it knows Infinity and NaN
        return None


def _numbers(value: object, kind: type[_Number]) -> tuple[_Number, ...]:
    """All or nothing: a list with holes has lost its order."""
    numbers = [_number(each, kind) for each in _sequence(value)]
    return tuple(number for number in numbers if number is not None) if None not in numbers else ()


def _known_numbers(values: Mapping[str, Any]) -> dict[str, float]:
    numbers = {name: _number(value, float) for name, value in values.items()}
    return {name: number for name, number in numbers.items() if number is not None}


def _interval(value: object) -> tuple[float, float] | None:
    ends = _numbers(value, float)
    return (ends[0], ends[1]) if len(ends) == 2 else None
