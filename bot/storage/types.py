"""What the stores take and give: frozen values that know neither SQL nor Telegram."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.vision.labels import CLASS_COUNT, SAID_COUNT
from bot.vision.prediction import Prediction

CorrectionId = NewType("CorrectionId", int)
"""Above 0, and never given twice: a button under an old message cannot undo a newer correction."""

BEFORE_THE_FIRST = CorrectionId(0)

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the kept photo."""


class Status(StrEnum):
    """What an admin said about a correction. Only accepted ones are trained on."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Permission(StrEnum):
    """What a user said when asked whether photos may be kept."""

    UNASKED = "unasked"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Consent:
    """A user's permission to keep photos.

    Attributes:
        granted: when it was given, UTC.
        wording: version of the text that the user agreed to.
    """

    granted: datetime
    wording: str


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """A photo with what its sender says is right.

    Attributes:
        photo: JPEG without metadata, from :func:`bot.storage.photos.encode_for_keeping`.
        right: what the user said: a class, 0-9, or one of the three that :mod:`bot.vision.labels` adds; equal to
            ``prediction.said`` when the answer was right.
        prediction: what the model had answered.
        model_version: which model that was.
        garment: which of the garments found in the photo was judged, 0 for the first.
        box: where that garment is, so that training learns the label on the garment it belongs to.
        outline: its own, from :func:`bot.vision.outline.packed`; None where no garment was found.
    """

    photo: bytes = field(repr=False)
    right: int
    prediction: Prediction
    model_version: str
    garment: int = 0
    box: Box | None = None
    outline: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.right < SAID_COUNT:
            raise ValueError(f"no such label: {self.right}")


@dataclass(frozen=True, slots=True)
class Correction:
    """A kept correction, as admins see it.

    Attributes:
        id: its number.
        photo: JPEG without metadata.
        predicted: what the model had answered: a class, 0-9, ``OTHER_CLOTHING`` or ``NO_CLOTHING``.
        right: what the user said, as in :class:`NewCorrection`.
        probabilities: the model's ten; what lacks to 1 is the share of none of them.
        model_version: which model that was.
        created: when it was kept, UTC.
        status: what an admin said.
        decided: when, UTC.
        user_group: equal for photos of one user and only for them; says nothing about who it is.
        garment: which of the garments found in the photo was judged.
        box: where it is.
        asked_version: which other set was asked about it since; None when none was.
        asked_share: what that one left for what the person says, 0..1; None where it finds nothing at the box.
        outline: the garment's own, as it was kept; None without one.
    """

    id: CorrectionId
    photo: bytes = field(repr=False)
    predicted: int
    right: int
    probabilities: tuple[float, ...]
    model_version: str
    created: datetime
    status: Status
    decided: datetime | None
    user_group: str
    garment: int
    box: Box | None
    asked_version: str | None = None
    asked_share: float | None = None
    outline: bytes | None = field(default=None, repr=False)

    @property
    def share(self) -> float:
        """Of what the model had answered, 0..1: that of a class, or of none of the ten."""
        return share_of(self.probabilities, self.predicted)

    @property
    def share_of_right(self) -> float:
        """What the model had left for what the person says, 0..1: the smaller, the more surprising."""
        return share_of(self.probabilities, self.right)

    def share_left_by(self, version: str | None) -> float | None:
        """What a set left for what the person says, 0..1; None where it said nothing of this correction."""
        if version == self.model_version:
            return self.share_of_right
        return self.asked_share if version == self.asked_version else None


def share_of(probabilities: Sequence[float], said: int) -> float:
    """Of an answer, 0..1: that of a class, or of none of the ten.

    Args:
        probabilities: the model's ten; what lacks to 1 is the share of none of them.
        said: a class, or what :mod:`bot.vision.labels` adds.
    """
    return probabilities[said] if said < CLASS_COUNT else max(0.0, 1 - sum(probabilities))


@dataclass(frozen=True, slots=True)
class AcceptedPhoto:
    """What training takes from a correction.

    Attributes:
        id: the correction's number.
        photo: JPEG without metadata.
        label: what is right: a class, 0-9, or one of the three that :mod:`bot.vision.labels` adds.
        user_group: split by this, so that nobody is on both sides.
        box: where the garment is, if known.
        outline: its own, if it was kept.
    """

    id: CorrectionId
    photo: bytes = field(repr=False)
    label: int
    user_group: str
    box: Box | None
    outline: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What ``/forget`` removes.

    Attributes:
        rows: everything that referred to the user: consent or refusal, corrections, language, step of the
            course, own network, results.
        pictures: how many of them were corrections with a picture.
    """

    rows: int
    pictures: int


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """How often people without consent said so; no user, no photo.

    Attributes:
        predicted: what the model had answered, as in :class:`Correction`.
        right: what the users said, as in :class:`NewCorrection`.
        count: how often.
    """

    predicted: int
    right: int
    count: int


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """An update that was answered with 200 and not yet handled.

    Attributes:
        key: names it to the store.
        payload: its JSON.
        given_up: it has seen so many processes end that its sender is to be told so instead.
    """

    key: str
    payload: bytes = field(repr=False)
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class AlbumPart:
    """One photo of an album, as any replica can pick it up.

    Attributes:
        message_id: its place in the chat; the order of the album.
        payload: what the replica that received it wrote down, JSON.
    """

    message_id: int
    payload: bytes = field(repr=False)


class AlbumState(StrEnum):
    """Whose turn it is."""

    FILLING = "filling"
    MINE = "mine"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class AlbumClaim:
    """The outcome of asking for an album.

    Attributes:
        state: still filling, mine to answer, or answered (being answered) by another.
        parts: its photos in order, with ``MINE``.
        wait_s: when to ask again, in seconds, with ``FILLING``.
        last_attempt: with ``MINE``: if it fails this time, nobody tries it again.
        given_up: with ``MINE``: it has seen so many processes end that its sender is to be told so instead.
    """

    state: AlbumState
    parts: tuple[AlbumPart, ...] = ()
    wait_s: float = 0.0
    last_attempt: bool = False
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class SharedModel:
    """A published set of networks, for replicas whose disks do not last; its files are fetched by their SHA-256.

    Attributes:
        id: of this publication; an older set published again gets another one.
        version: as in the card.
        files: SHA-256 in hex of each network, by file name.
        card: the text of ``card.json``.
    """

    id: int
    version: str
    files: Mapping[str, str]
    card: str = field(repr=False)
