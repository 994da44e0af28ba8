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

    @classmethod
    def alike(cls, text: str) -> "Counted":
        """A noun that is the same with every number, as in Chinese."""
        return cls(one=text, other=text)

    def of(self, number: int) -> str:
        """Return the noun with this number, with thousands separators."""
        return (self.one if number == 1 else self.other).format(count=f"{number:,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Nouns with numbers."""

    photos: Counted
    videos: Counted
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
    train: str
    quiz: str
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
    story: str
    paid_media: str
    classify_usage: str
    only_in_private: str
    open_private: str


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
    files_unreadable: str
    queue: str
    over_limit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """The caption of a photo's card."""

    sure: str
    likely: str
    unsure: str
    unsure_other: str
    other_clothing: str
    numbered: str
    judged: str
    nothing: str
    outside_the_ten: str
    data_set: str
    low_quality: str
    model_changed: str
    shares: str
    shares_of: str
    picture: str
    picture_several: str
    confirmed: str
    corrected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """The caption of an album's contact sheet."""

    title: str
    line: str
    line_more: str
    line_nothing: str
    line_unreadable: str
    left_out: str
    videos_left_out: str
    hint: str
    picture: str
    item: str
    item_others: str
    opening: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TestImages:
    """/sample and /gallery."""

    right: str
    wrong: str
    facts: str
    picture: str
    gallery: str
    gallery_wrong: str
    gallery_class: str
    gallery_class_wrong: str
    gallery_pair: str
    gallery_some: str
    gallery_every_one: str
    gallery_picture: str
    gallery_item_picture: str
    gallery_none: str
    gallery_preparing: str
    which_class: str
    only_some: str
    no_such_image: str
    no_such_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """/accuracy and measuring again."""

    title: str
    test: str
    train: str
    gap: str
    photos: str
    photos_missing: str
    street: str
    bags: str
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
    title_two: str
    parts: str
    speaks_for: str
    spread: str
    spread_two: str
    second_more: str
    second_none: str
    picture: str
    picture_two: str
    method: str
    colours: str
    places: tuple[str, ...]
    neckline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """Right, wrong, consent, undo, forget."""

    pick: str
    which: str
    consent: str
    kept: str
    counted: str
    refused: str
    undone: str
    nothing_to_undo: str
    full: str
    not_stored: str
    forget: str
    forget_without_photos: str
    forget_what: str
    not_forgotten: str
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
    contents: str
    contents_line: str
    no_such_step: str
    no_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """What is offered in another chat: plain."""

    last_answer: str
    facts: str
    try_it: str
    see_it: str
    send_photo: str


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
    many_accepted: str
    many_rejected: str
    rejected: str
    already_decided: str
    model_refused: str
    model_now: str
    training_published: str
    training_not_published: str
    training_reasons: str
    training_worse: str
    training_unmeasured: str
    training_changed: str
    training_figure: str
    training_test_accuracy: str
    training_held_out_accuracy: str
    training_balanced_accuracy: str
    training_photo_ece: str
    training_street_top: str
    training_bags_named: str
    training_no_clothing_refused: str
    training_recall: str
    training_learnt: str
    training_took: str
    error_notice: str
    files_unreadable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubles:
    """What an admin can do about trouble that has a name."""

    second_poller: str
    webhook_in_the_way: str
    webhook_taken: str
    webhook_refused: str
    unreadable_update: str
    background_task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """Labels of buttons: plain, short."""

    right: str
    candidate: str
    correct: str
    why: str
    garment: str
    other_garment: str
    none_of_them: str
    back: str
    consent_yes: str
    consent_no: str
    forget_yes: str
    forget_no: str
    ask_again: str
    undo: str
    another_sample: str
    new_gallery: str
    only_wrong: str
    all_images: str
    by_class: str
    all_classes: str
    confused: str
    back_to_gallery: str
    overview: str
    share: str
    measure_again: str
    learn_back: str
    learn_next: str
    learn_try: str
    learn_other: str
    learn_code: str
    learn_contents: str
    learn_to_step: str
    learn_notebook: str
    learn_tflite: str
    learn_again: str
    gallery: str
    learn: str
    accept: str
    reject: str
    accept_agreed: str
    reject_sender: str
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
    nobodys: str
    outdated: str
    not_at_hand: str
    working: str
    busy: str
    language: str
    flooded: str
    failed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Words drawn inside pictures: plain, and every character is in the shipped fonts."""

    sure: str
    likely: str
    unsure: str
    no_garment: str
    outside_the_ten: str
    outside: str
    alternative: str
    looked_for: str
    model_saw: str
    data_set: str
    low_quality: str
    more: str
    test_image: str
    predicted: str
    actual: str
    right: str
    wrong: str
    gallery: str
    gallery_wrong: str
    gallery_class: str
    gallery_class_wrong: str
    contact_sheet: str
    unreadable: str
    confusion: str
    confusion_rows: str
    confusion_columns: str
    confusion_right: str
    confusion_wrong: str
    confusion_depth: str
    pairs: str
    pair: str
    why: str
    why_more: str
    why_less: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Predict:
    """What ``python -m bot predict`` says in its plain form: why a file has no answer, and how right the answers are.

    The fields of errors are named after the values of ``PhotoProblem`` and of ``bot.batch.inputs.Unreadable``.
    """

    not_an_image: str
    damaged: str
    too_many_bytes: str
    too_many_pixels: str
    too_slow: str
    too_much_memory: str
    os_error: str
    no_path: str
    folder: str
    no_file: str
    strange: str
    accuracy: str
    table: str
    none: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Everything that the bot says in one language.

    Attributes:
        language_name: the language's name in itself.
        class_names: the ten classes, in class order.
        short_names: the same, as short as they may be, for buttons and bars.
        beyond_names: other clothing, no clothing, wrong outline.
        outside_name: what the share of none of the ten is called.
    """

    language_name: str
    class_names: tuple[str, ...]
    short_names: tuple[str, ...]
    beyond_names: tuple[str, str, str]
    outside_name: str
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
    sharing: Sharing
    admin: Admin
    troubles: Troubles
    buttons: Buttons
    toasts: Toasts
    pictures: Pictures
    predict: Predict
