"""The keys of what /learn says: a dataclass a step, filled in by each language.

``title`` heads a step; ``text`` explains it and ``picture`` says what the picture shows (HTML with blanks); everything
else is plain and drawn into the picture. A step fills its blanks in :mod:`bot.course.steps`.
"""

from dataclasses import dataclass

from bot.replies.texts.catalogue import Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What surrounds every step."""

    heading: str
    picture: str
    first_image: str
    your_photo: str
    no_test_images: str
    no_records: str
    no_model: str
    missing: str
    list_separator: str
    clause_separator: str
    sentence_gap: str
    train: str
    test: str
    epoch: str
    epoch_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What every step has."""

    title: str
    text: str
    picture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules(Step):
    """Why rules fail and examples teach."""

    taught: str
    rules: tuple[str, str, str]
    rule: str
    rule_line: str
    bar_rules: str
    bar_taught: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Data(Step):
    """The data."""

    train: str
    test: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels(Step):
    """Numbers from 0 to 255."""

    beside: str
    window: str
    black: str
    white: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalise(Step):
    """Numbers from 0 to 1."""

    chart: str
    without: str
    with_it: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Neuron(Step):
    """Y = 2X + 1."""

    step: str
    loss: str
    unseen: str
    seen: str
    asked: str
    truth: str
    guess: str
    underway: str
    learnt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flatten(Step):
    """784 in a row."""

    beside: str
    row: str
    three: str
    whole: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden(Step):
    """128 neurons and ReLU."""

    relu: str
    below: str
    above: str
    maps: str
    neuron: str
    grid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Width(Step):
    """Why 128."""

    line: str
    neurons: str
    weights: str
    bars_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Softmax(Step):
    """From scores to shares."""

    line: str
    photo_note: str
    recipe: str
    recipe_more: str
    score: str
    power: str
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss(Step):
    """Loss and optimizer."""

    says: str
    actual: str
    share: str
    first_loss: str
    curve: str
    x_name: str
    step: str
    share_short: str
    loss: str
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Step):
    """Shapes, argmax, label."""

    right: str
    wrong: str
    no_label: str
    images: str
    input: str
    output: str
    label: str
    columns: str
    foot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Training(Step):
    """Five epochs."""

    took: str
    loss: str
    train: str
    test_loss: str
    test: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(Step):
    """Why test accuracy is lower."""

    mistake: str
    seen: str
    meets: str
    most_like: str
    no_match: str
    mistakes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback(Step):
    """Stop at 95 %."""

    stopped: str
    never: str
    curve: str
    mark: str
    rule_name: str
    rule: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overfitting(Step):
    """5 against 50 epochs."""

    accuracy: str
    loss: str
    short: str
    turn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tflite(Step):
    """Sizes and times."""

    smaller: str
    course: str
    files: str
    keras: str
    tflite: str
    weights: str
    floats: str
    bytes: str
    time_title: str
    time_note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicking(Step):
    """The page of 25 images."""

    right: str
    wrong: str
    predicted: str
    actual: str
    shares: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Photos(Step):
    """Phone photos."""

    yours: str
    pretended: str
    answer: str
    unsure: str
    no_answer: str
    course_measured: str
    bot_measured: str
    photo: str
    course_way: str
    bot_way: str
    says: str
    says_both: str
    bars: str
    bar_course: str
    bar_bot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnTexts:
    """Everything that /learn says in one language.

    Attributes:
        short_names: the ten classes in one word each, for below small pictures.
        epochs: a number of epochs.
    """

    short_names: tuple[str, ...]
    epochs: Counted
    frame: Frame
    rules: Rules
    data: Data
    pixels: Pixels
    normalise: Normalise
    neuron: Neuron
    flatten: Flatten
    hidden: Hidden
    width: Width
    softmax: Softmax
    loss: Loss
    result: Result
    training: Training
    gap: Gap
    callback: Callback
    overfitting: Overfitting
    tflite: Tflite
    clicking: Clicking
    photos: Photos
