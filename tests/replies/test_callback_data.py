import dataclasses
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.course.choice import EPOCHS, LEARNING_RATES, NEURONS, TrainingChoice, most_epochs
from bot.replies.callback_data import MAX_BYTES, encode, parse
from bot.replies.callback_data.actions import (
    ACTIONS,
    MAX_OFFSET,
    Action,
    AlbumCorrect,
    AlbumItem,
    AlbumOverview,
    AlbumWhy,
    AnotherSample,
    AskAgain,
    Back,
    Consent,
    Correct,
    CourseFile,
    Forget,
    GalleryClasses,
    GalleryItem,
    GallerySheet,
    JudgeGarment,
    LearnCode,
    LearnContents,
    LearnFile,
    LearnOther,
    LearnStep,
    LearnTry,
    MeasureAgain,
    NewGallery,
    OwnGallery,
    OwnGalleryItem,
    OwnGallerySheet,
    OwnPhoto,
    OwnSample,
    PickClass,
    QuizAsk,
    QuizGuess,
    QuizPoll,
    Review,
    ReviewStep,
    Right,
    SetLanguage,
    TrainCancel,
    TrainJoin,
    TrainPanel,
    TrainStart,
    Undo,
    Why,
    WrongOutline,
)
from bot.replies.callback_data.answer import Answer, version_tag
from bot.replies.callback_data.gallery import GALLERY_SIZE, TEST_IMAGES, Gallery, GalleryChoice
from bot.replies.callback_data.quiz import QUESTIONS, QuizScore
from bot.replies.numerals import permille
from bot.replies.texts import Language
from bot.vision.labels import CLASS_COUNT, OTHER_CLOTHING, SAID_COUNT
from bot.vision.prediction import Prediction, Verdict

LONG_ID = "a" * 20

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    weights = draw(st.lists(st.integers(0, 1000), min_size=10, max_size=10).filter(any))
    garments = draw(st.integers(1, 9))
    verdict = draw(st.sampled_from(Verdict))
    *shares, outside = permille([*weights, draw(st.integers(0, 1000))])
    kinds = st.lists(st.integers(0, OTHER_CLOTHING), min_size=garments, max_size=garments)
    return Answer(
        version_tag=version_tag(str(draw(st.integers(0, 10**9)))),
        verdict=verdict,
        permille=tuple(shares),
        chosen=draw(st.integers(0, garments - 1)),
        garments=garments,
        other_clothing=verdict is Verdict.NO_GARMENT and draw(st.booleans()),
        outside=outside,
        likely=verdict is Verdict.UNSURE and draw(st.booleans()),
        kinds=tuple(draw(kinds)) if 2 <= garments <= 6 else (),
    )


def choices() -> st.SearchStrategy[GalleryChoice]:
    label = st.integers(0, CLASS_COUNT - 1)
    pairs = st.tuples(label, label).filter(lambda pair: pair[0] != pair[1])
    return st.one_of(
        st.builds(GalleryChoice, st.booleans(), st.none() | label), pairs.map(lambda pair: GalleryChoice(True, *pair))
    )


@st.composite
def galleries(draw: st.DrawFn) -> Gallery:
    images = draw(st.sets(st.integers(0, TEST_IMAGES - 1), min_size=1, max_size=GALLERY_SIZE))
    return Gallery(tuple(sorted(images)), version_tag(str(draw(st.integers(0, 10**9)))), draw(choices()))


def actions_about(answer: Answer, gallery: Gallery) -> Iterator[Action]:
    """Those that carry an answer or a gallery."""
    for kind in (Right, Correct, Back, Why, WrongOutline):
        yield kind(answer)
    for label in range(SAID_COUNT):
        yield PickClass(label, answer)
        yield Consent(True, label, answer)
        yield Consent(False, label, answer, 1)
        yield Consent(True, label, answer, 2**31 - 1)
    yield Undo(LONG_ID, answer)
    yield from (AlbumItem(position, 10, answer, position * 11_000) for position in range(10))
    yield AlbumItem(9, 10, answer)
    yield from (AlbumCorrect(MAX_OFFSET, answer), AlbumWhy(0, answer))
    yield from (GallerySheet(gallery), GalleryClasses(gallery), OwnGallerySheet(gallery), NewGallery(gallery.choice))
    for position in range(len(gallery.images)):
        yield from (GalleryItem(gallery, position), OwnGalleryItem(gallery, position))


def other_actions() -> Iterator[Action]:
    yield from (JudgeGarment(chosen) for chosen in range(9))
    yield from (Forget(True), Forget(False))
    yield from (AskAgain(), AnotherSample(), NewGallery(), AlbumOverview(), MeasureAgain())
    yield from (SetLanguage(language) for language in Language)
    yield from (Review(step, LONG_ID) for step in ReviewStep)
    yield from (kind("flatten-784") for kind in (LearnStep, LearnTry, LearnOther, LearnContents, LearnCode))
    yield from map(LearnFile, CourseFile)
    for kind in (TrainPanel, TrainStart, TrainCancel):
        yield from map(kind, all_choices())
    yield from (TrainJoin(), OwnSample(0), OwnSample(TEST_IMAGES - 1), OwnGallery(), OwnGallery(True), OwnPhoto())
    yield QuizPoll()
    for score in (QuizScore(), QuizScore(4, 3, 0), QuizScore(QUESTIONS, QUESTIONS - 1, QUESTIONS - 1)):
        yield from (QuizAsk(score), QuizGuess(0, 0, score), QuizGuess(TEST_IMAGES - 1, 9, score))


def all_choices() -> Iterator[TrainingChoice]:
    for neurons, epochs, rate, normalise, stop in product(
        NEURONS, EPOCHS, LEARNING_RATES, (False, True), (False, True)
    ):
        if epochs <= most_epochs(neurons):
            yield TrainingChoice(neurons, epochs, rate, normalise, stop)


OTHER_ACTIONS = tuple(other_actions())


@unhurried
@given(answers(), galleries())
def test_every_button_fits_and_comes_back_as_it_was(answer: Answer, gallery: Gallery) -> None:
    for action in actions_about(answer, gallery):
        assert_fits_and_comes_back(action)


def test_every_other_button_fits_and_comes_back_as_it_was() -> None:
    for action in OTHER_ACTIONS:
        assert_fits_and_comes_back(action)


def assert_fits_and_comes_back(action: Action) -> None:
    data = encode(action)
    assert len(data.encode()) <= MAX_BYTES
    assert parse(data) == action


def test_every_kind_of_button_is_among_those_tried() -> None:
    answer = Answer.of(Prediction((1.0, *[0.0] * 9), Verdict.SURE), "v")
    about = actions_about(answer, Gallery((0,), version_tag("v")))
    tried = {type(action) for action in (*about, *OTHER_ACTIONS)}
    assert tried == {each.action for each in ACTIONS}
    assert len({each.verb for each in ACTIONS}) == len(ACTIONS)


@pytest.mark.parametrize("first", [0, TEST_IMAGES - GALLERY_SIZE])
def test_the_extreme_galleries_fit(first: int) -> None:
    gallery = Gallery(tuple(range(first, first + GALLERY_SIZE)), version_tag("a"), GalleryChoice(True))
    assert parse(encode(GallerySheet(gallery))) == GallerySheet(gallery)


@unhurried
@given(st.text())
@example("v1:ok:")
@example("v2:sample")
@example("v1:sample:extra")
@example("v1:lang:zh-hant\n")
@example("v1:item:-1")
@example("v1:item:٣")
@example("v1:item:99999999999999999999")
@example("v1:class:13:" + "A" * 26)
@example("v1:album:2:10")
@example("v1:album:2:10:" + "A" * 28 + ":0:0")
@example("v1:gs:a" + "A" * 49)
@example("v1:gi:aZAAAAAA" + "_" * 43)
@example("v1:review:a:'; drop table corrections")
def test_forged_data_is_nothing_or_something_valid(data: str) -> None:
    action = parse(data)
    assert action is None or parse(encode(action)) == action


@unhurried
@given(answers(), galleries(), st.data())
def test_altered_data_is_nothing_or_something_valid(answer: Answer, gallery: Gallery, data: st.DataObject) -> None:
    text = encode(data.draw(st.sampled_from([*actions_about(answer, gallery), *OTHER_ACTIONS])))
    place = data.draw(st.integers(0, len(text) - 1))
    altered = text[:place] + data.draw(st.characters(codec="ascii")) + text[place + 1 :]
    action = parse(altered)
    if action is not None:
        assert len(encode(action)) <= MAX_BYTES
        for field in dataclasses.fields(action):
            value = getattr(action, field.name)
            if isinstance(value, Answer):
                assert sum(value.permille) + value.outside == 1000
            if isinstance(value, Gallery):
                assert list(value.images) == sorted(set(value.images))


@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        ":",
        "v1:tr:32110",
        "v1:tr:2011",
        "v1:tr:20112",
        "v1:tr:２0110",
        "v1:qa:3.3.1",
        "v1:qa:11.0.0",
        "v1:qa:0.0.0",
        "v1:qg:1:2:3.2",
        "v1",
        "v1:",
        "v0:sample",
        "sample",
        "v1:sample ",
        "v1:unknown:1",
        "x" * 65,
    ],
)
def test_old_and_unknown_data_is_nothing(data: str | None) -> None:
    assert parse(data) is None


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("v1:ok:RR4eG-u13NpGQGwAAAAAAAAAAA", Right),
        ("v1:fix:V23Pedo01BkGQZBkGQZBkGQZBk", Correct),
        ("v1:back:RR4eG-u13NpGQGwAAAAAAAAAAA", Back),
        ("v1:why:V23Pedo01BkGQZBkGQZBkGQZBk", Why),
        ("v1:item:8", JudgeGarment),
        ("v1:class:9:RR4eG-u13NpGQGwAAAAAAAAAAA", PickClass),
        ("v1:keep:y:3:RR4eG-u13NpGQGwAAAAAAAAAAA", Consent),
        ("v1:keep:n:0:V23Pedo01BkGQZBkGQZBkGQZBk", Consent),
        ("v1:ask", AskAgain),
        ("v1:forget:y", Forget),
        ("v1:undo:17:RR4eG-u13NpGQGwAAAAAAAAAAA", Undo),
        ("v1:sample", AnotherSample),
        ("v1:gs:wEV23PedAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABepPKFF0C", GallerySheet),
        ("v1:gi:wEV23PedAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABepPKFF0CD", GalleryItem),
        ("v1:gn:w", NewGallery),
        ("v1:gn:a", NewGallery),
        ("v1:gn:c8", NewGallery),
        ("v1:gn:x8", NewGallery),
        ("v1:gn:p60", NewGallery),
        ("v1:gc:p60EV23PedAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABepPKFF0C", GalleryClasses),
        ("v1:album:2:10:RR4eG-u13NpGQGwAAAAAAAAAAA", AlbumItem),
        ("v1:albums", AlbumOverview),
        ("v1:measure", MeasureAgain),
        ("v1:lang:zh-hant", SetLanguage),
        ("v1:review:s:5", Review),
        ("v1:learn:neuron", LearnStep),
        ("v1:try:flatten", LearnTry),
        ("v1:tp:20110", TrainPanel),
        ("v1:tr:31101", TrainStart),
        ("v1:tx:00000", TrainCancel),
        ("v1:tj", TrainJoin),
        ("v1:os:9999", OwnSample),
        ("v1:on:w", OwnGallery),
        ("v1:oe:wEV23PedAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABepPKFF0C", OwnGallerySheet),
        ("v1:oi:wEV23PedAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABepPKFF0CD", OwnGalleryItem),
        ("v1:op", OwnPhoto),
        ("v1:qa:3.2.1", QuizAsk),
        ("v1:qp", QuizPoll),
        ("v1:qg:9999:9:10.9.0", QuizGuess),
    ],
)
def test_buttons_of_the_first_release_are_understood(data: str, kind: type[Action]) -> None:
    action = parse(data)
    assert type(action) is kind
    assert parse(encode(action)) == action


def test_an_answer_of_the_first_release_has_nothing_outside_and_knows_no_kinds() -> None:
    action = parse("v1:ok:RR4eG-u13NpGQGwAAAAAAAAAAA")
    assert isinstance(action, Right)
    assert (action.answer.outside, action.answer.garments, action.answer.kinds) == (0, 3, ())
    assert not action.answer.likely
    album = parse("v1:album:2:10:RR4eG-u13NpGQGwAAAAAAAAAAA")
    assert isinstance(album, AlbumItem)
    assert album.offset is None


def test_a_gallery_of_the_first_release_shows_its_images() -> None:
    action = parse("v1:gi:wEV23PedAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABepPKFF0CD")
    assert action == GalleryItem(Gallery((0, 7, 42, 9999), version_tag("v"), GalleryChoice(True)), 3)


def test_what_does_not_survive_is_refused() -> None:
    answer = Answer.of(Prediction((1.0, *[0.0] * 9), Verdict.SURE), "v")
    for action in (PickClass(13, answer), Undo("x" * 40, answer), LearnStep("a:b"), JudgeGarment(-1)):
        with pytest.raises(ValueError, match="does not fit"):
            encode(action)


def test_an_answer_remembers_the_figures_that_were_shown() -> None:
    prediction = Prediction((0.8731, 0.1, 0.0169, *[0.0] * 7), Verdict.UNSURE, outside=0.01, likely=True)
    answer = Answer.of(prediction, "standard-2026-01-14", chosen=1, kinds=(1, 0, OTHER_CLOTHING))
    assert (*answer.permille, answer.outside) == permille((*prediction.probabilities, prediction.outside))
    assert answer.prediction.likely
    assert answer.kinds == (1, 0, OTHER_CLOTHING)
    assert answer.prediction.ranking == prediction.ranking
    assert answer.is_from("standard-2026-01-14")
    assert not answer.is_from("standard-2026-01-15")
    assert (answer.chosen, answer.garments) == (1, 3)


def test_garments_behind_the_sixth_are_left_out() -> None:
    answer = Answer.of(Prediction((1.0, *[0.0] * 9), Verdict.SURE), "v", chosen=11, kinds=[0] * 12)
    assert (answer.garments, answer.chosen) == (6, 5)
    assert parse(encode(Why(answer))) == Why(answer)


def test_only_an_unsure_answer_is_likely() -> None:
    answer = Answer.of(Prediction((1.0, *[0.0] * 9), Verdict.SURE, likely=True), "v")
    assert not answer.likely
    assert parse(encode(Right(answer))) == Right(answer)


def test_one_garment_needs_no_kinds() -> None:
    answer = Answer.of(Prediction((1.0, *[0.0] * 9), Verdict.SURE), "v", kinds=[0])
    assert answer == Answer.of(Prediction((1.0, *[0.0] * 9), Verdict.SURE), "v")
    assert not answer.found_nothing


def test_nothing_found_is_told_from_other_clothing() -> None:
    nothing = Prediction((0.1, *[0.0] * 9), Verdict.NO_GARMENT, outside=0.9)
    other = Prediction((0.1, *[0.0] * 9), Verdict.NO_GARMENT, other_clothing=True, outside=0.9)
    assert Answer.of(nothing, "v").found_nothing
    assert not Answer.of(other, "v", kinds=[other.said]).found_nothing


def test_the_tag_is_the_same_on_every_machine() -> None:
    assert version_tag("standard-2026-01-14") == "Jn9-Iv"
