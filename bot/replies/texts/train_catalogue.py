"""The keys of what /train and one's own network say.

Fields of :class:`TrainPictures`, :class:`TrainButtons` and :class:`TrainToasts` are plain; everything else is HTML for
Telegram. :mod:`bot.course.train` fills the blanks.
"""

from dataclasses import dataclass

from bot.replies.texts.catalogue import Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What is chosen, before a training."""

    text: str
    course_run: str
    alone: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """While somebody waits."""

    waiting: str
    loading: str
    fetching: str
    training: str
    latest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a training gave."""

    done: str
    figures: str
    course: str
    course_same: str
    course_better: str
    course_worse: str
    learnt_nothing: str
    underfitting: str
    not_normalised: str
    overfitting: str
    turn: str
    good: str
    good_on_both: str
    stopped: str
    never_stopped: str
    kept: str
    not_kept: str
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """A training without a network; the field's name is the value of ``JobState``."""

    cancelled: str
    stopped: str
    no_data: str
    memory: str
    failed: str
    earlier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One's own network beside the bot."""

    ask_title: str
    ask_photo: str
    sample: str
    right: str
    wrong: str
    columns: str
    gallery: str
    gallery_wrong: str
    gallery_picture: str
    none_wrong: str
    photo_title: str
    photo: str
    photo_answer: str
    photo_unsure: str
    photo_no_answer: str
    photo_why: str
    photo_measured: str
    photo_bot: str
    picture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTable:
    """Who reached what, in a group."""

    text: str
    row: str
    row_raw: str
    waiting: str
    empty: str
    more: str
    consent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainPictures:
    """Words drawn into pictures."""

    title: str
    accuracy: str
    loss: str
    train: str
    test: str
    course: str
    epoch: str
    not_yet: str
    own: str
    bot: str
    actual: str
    right: str
    wrong: str
    own_sees: str
    bot_sees: str
    photo: str
    no_answer: str
    gallery: str
    gallery_wrong: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainButtons:
    """Labels."""

    chosen: str
    neurons: str
    epochs: str
    rate: str
    normalise: str
    not_normalise: str
    stop: str
    not_stop: str
    start: str
    cancel: str
    again: str
    sample: str
    gallery: str
    only_wrong: str
    all_images: str
    back: str
    photo: str
    another_photo: str
    another: str
    another_sheet: str
    ask_own: str
    join: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainToasts:
    """Short notes after a tap: at most 200 characters."""

    already: str
    full: str
    not_yours: str
    gone: str
    none: str
    no_table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainTexts:
    """Everything that /train says in one language.

    Attributes:
        title: the first line of every message about a training.
        neurons: a number of neurons.
        epochs: a number of epochs.
        waiting_people: a number of people in the queue.
    """

    title: str
    neurons: Counted
    epochs: Counted
    waiting_people: Counted
    yes_normalised: str
    no_normalised: str
    yes_stop: str
    no_stop: str
    list_separator: str
    panel: Panel
    progress: Progress
    result: Result
    ends: Ends
    own: Own
    class_table: ClassTable
    pictures: TrainPictures
    buttons: TrainButtons
    toasts: TrainToasts
