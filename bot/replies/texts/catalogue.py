"""The keys of everything that the bot says: one frozen dataclass a topic, filled in by each language.

Messages and captions are HTML for Telegram (only ``b``, ``i``, ``code``); buttons, toasts, menus and words inside
pictures are plain. ``{name}`` is filled by :mod:`bot.replies.captions`, :mod:`bot.replies.messages` or
:mod:`bot.replies.cards`, which other packages call instead of formatting texts themselves.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counted:
    """A noun with its number: ``one`` for exactly 1, ``other`` for everything else."""

    one: str
    other: str

    def of(self, number: int) -> str:
        """Return the noun with this number, with thousands separators."""
        return (self.one if number == 1 else self.other).format(count=f"{number:,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Nouns with numbers."""

    photos: Counted
    images: Counted
    people: Counted
    corrections: Counted
    seconds: Counted
    minutes: Counted
    hours: Counted
    days: Counted
    years: Counted
    records: Counted
    date: str
    months: tuple[str, ...]
    list_separator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Telegram's own menus: command descriptions and what a bot's profile says. Plain text."""

    start: str
    help: str
    sample: str
    gallery: str
    accuracy: str
    learn: str
    language: str
    privacy: str
    forget: str
    classify: str
    status: str
    reload: str
    corrections: str
    name: str
    description: str
    short_description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Basics:
    """Start, help, privacy, and one line for whatever else comes."""

    start: str
    help: str
    help_admin: str
    privacy: str
    privacy_consent_given: str
    privacy_consent_refused: str
    privacy_consent_not_given: str
    privacy_consent_unknown: str
    unknown_text: str
    unknown_command: str
    sticker: str
    voice: str
    video: str
    animation: str
    other: str
    classify_usage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """What is wrong with a picture; the field's name is the value of ``PhotoProblem``."""

    not_an_image: str
    damaged: str
    too_many_bytes: str
    too_many_pixels: str
    too_slow: str
    too_much_memory: str
    unreadable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Trouble that is not the person's fault, and limits."""

    error: str
    download_failed: str
    no_model: str
    no_test_images: str
    no_card: str
    store_away: str
    photo_gone: str
    queue: str
    over_limit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """The caption of a photo's card."""

    sure: str
    unsure: str
    no_garment: str
    other_clothing: str
    low_quality: str
    several: str
    several_no_winner: str
    all_ten: str
    picture_sure: str
    picture_no_winner: str
    colours: str
    model_changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """The caption of an album's contact sheet."""

    title: str
    line_sure: str
    line_unsure: str
    line_no_garment: str
    line_other_clothing: str
    line_unreadable: str
    left_out: str
    hint: str
    picture: str
    item: str
    item_hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TestImages:
    """/sample and /gallery."""

    right: str
    wrong: str
    facts: str
    picture: str
    gallery: str
    gallery_wrong: str
    gallery_picture: str
    gallery_none_wrong: str
    gallery_preparing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """/accuracy and measuring again."""

    title: str
    test: str
    train: str
    gap: str
    photos: str
    photos_missing: str
    photos_in_colour: str
    calibration: str
    recall: str
    recall_test: str
    model: str
    model_separator: str
    history: str
    history_line: str
    history_test_only: str
    other_file: str
    picture: str
    measuring: str
    measured: str
    measured_same: str
    measured_changed: str
    already_measuring: str
    not_measured: str
    measuring_done: str
    pairs_title: str
    pair: str
    pairs_picture: str
    no_pairs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The heat map's caption."""

    title: str
    parts: str
    spread: str
    second_more: str
    second_none: str
    picture: str
    method: str
    colours: str
    no_garment: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """Right, wrong, consent, undo, forget."""

    pick: str
    consent: str
    kept: str
    counted: str
    refused: str
    undone: str
    nothing_to_undo: str
    full: str
    not_stored: str
    forgotten: str
    forgotten_without_photos: str
    in_private: str
    nothing_to_forget: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChoice:
    """/language."""

    choose: str
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learn:
    """The frame of /learn; its steps have files of their own."""

    step: str
    finished: str
    try_it: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admin:
    """What only admins see."""

    status: str
    status_store: str
    status_store_away: str
    status_latency: str
    status_no_latency: str
    status_never: str
    reload_new: str
    reload_same: str
    reload_refused: str
    corrections_title: str
    correction: str
    corrections_none: str
    accepted: str
    rejected: str
    already_decided: str
    model_refused: str
    model_now: str
    error_notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """Labels of buttons: plain, short."""

    right: str
    candidate: str
    correct: str
    why: str
    other_garment: str
    back: str
    consent_yes: str
    consent_no: str
    ask_again: str
    undo: str
    another_sample: str
    new_gallery: str
    only_wrong: str
    all_images: str
    back_to_gallery: str
    overview: str
    measure_again: str
    learn_back: str
    learn_next: str
    learn_try: str
    learn_again: str
    gallery: str
    learn: str
    accept: str
    reject: str
    next: str
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Toasts:
    """Short notes after a tap: plain, at most 200 characters."""

    thanks: str
    kept: str
    will_ask: str
    undone: str
    model_changed: str
    not_yours: str
    outdated: str
    working: str
    busy: str
    language: str
    failed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Words drawn inside pictures: plain, and every character is in the shipped fonts."""

    sure: str
    unsure: str
    no_garment: str
    other_clothing: str
    alternative: str
    title_no_garment: tuple[str, str]
    title_other_clothing: tuple[str, str]
    model_saw: str
    judged: str
    low_quality: str
    no_answer: str
    test_image: str
    predicted: str
    actual: str
    right: str
    wrong: str
    gallery: str
    gallery_wrong: str
    contact_sheet: str
    unreadable: str
    confusion: str
    confusion_rows: str
    confusion_columns: str
    confusion_legend: str
    pairs: str
    pair: str
    why: str
    why_more: str
    why_less: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Everything that the bot says in one language.

    Attributes:
        language_name: the language's name in itself.
        class_names: the ten classes, in class order.
    """

    language_name: str
    class_names: tuple[str, ...]
    units: Units
    menu: Menu
    basics: Basics
    problems: Problems
    faults: Faults
    photo: Photo
    album: Album
    test_images: TestImages
    accuracy: Accuracy
    why: Why
    corrections: Corrections
    language: LanguageChoice
    learn: Learn
    admin: Admin
    buttons: Buttons
    toasts: Toasts
    pictures: Pictures
