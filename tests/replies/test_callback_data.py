import dataclasses
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.replies.callback_data import (
    GALLERY_SIZE,
    MAX_BYTES,
    TEST_IMAGES,
    Action,
    AlbumItem,
    AlbumOverview,
    AnotherSample,
    Answer,
    AskAgain,
    Back,
    Consent,
    Correct,
    Gallery,
    GalleryItem,
    GallerySheet,
    JudgeGarment,
    LearnStep,
    LearnTry,
    MeasureAgain,
    NewGallery,
    PickClass,
    Review,
    ReviewStep,
    Right,
    SetLanguage,
    Undo,
    Why,
    encode,
    parse,
    version_tag,
)
from bot.replies.numerals import permille
from bot.replies.texts import Language
from bot.vision.prediction import Prediction, Verdict

LONG_ID = "a" * 20

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    weights = draw(st.lists(st.integers(0, 1000), min_size=10, max_size=10).filter(any))
    garments = draw(st.integers(1, 9))
    verdict = draw(st.sampled_from(Verdict))
    return Answer(
        version_tag=version_tag(str(draw(st.integers(0, 10**9)))),
        verdict=verdict,
        permille=permille(weights),
        chosen=draw(st.integers(0, garments - 1)),
        garments=garments,
        other_clothing=verdict is Verdict.NO_GARMENT and draw(st.booleans()),
    )


@st.composite
def galleries(draw: st.DrawFn) -> Gallery:
    images = draw(st.sets(st.integers(0, TEST_IMAGES - 1), min_size=1, max_size=GALLERY_SIZE))
    return Gallery(tuple(sorted(images)), version_tag(str(draw(st.integers(0, 10**9)))), draw(st.booleans()))


def all_actions(answer: Answer, gallery: Gallery) -> Iterator[Action]:
    for kind in (Right, Correct, Back, Why):
        yield kind(answer)
    yield from (JudgeGarment(chosen) for chosen in range(9))
    for label in range(10):
        yield PickClass(label, answer)
        yield Consent(True, label, answer)
        yield Consent(False, label, answer)
    yield Undo(LONG_ID, answer)
    yield GallerySheet(gallery)
    yield from (GalleryItem(gallery, position) for position in range(len(gallery.images)))
    yield from (AskAgain(), AnotherSample(), NewGallery(), NewGallery(True), AlbumOverview(), MeasureAgain())
    yield from (AlbumItem(position, 10, answer) for position in range(10))
    yield from (SetLanguage(language) for language in Language)
    yield from (Review(step, LONG_ID) for step in ReviewStep)
    yield from (LearnStep("neuron"), LearnTry("flatten-784"))


@unhurried
@given(answers(), galleries())
def test_every_button_fits_and_comes_back_as_it_was(answer: Answer, gallery: Gallery) -> None:
    for action in all_actions(answer, gallery):
        data = encode(action)
        assert len(data.encode()) <= MAX_BYTES
        assert parse(data) == action


@pytest.mark.parametrize("first", [0, TEST_IMAGES - GALLERY_SIZE])
def test_the_extreme_galleries_fit(first: int) -> None:
    gallery = Gallery(tuple(range(first, first + GALLERY_SIZE)), version_tag("a"), True)
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
@example("v1:class:10:" + "A" * 26)
@example("v1:gs:a" + "A" * 49)
@example("v1:gi:aZAAAAAA" + "_" * 43)
@example("v1:review:a:'; drop table corrections")
def test_forged_data_is_nothing_or_something_valid(data: str) -> None:
    action = parse(data)
    assert action is None or encode(action) == data


@unhurried
@given(answers(), galleries(), st.data())
def test_altered_data_is_nothing_or_something_valid(answer: Answer, gallery: Gallery, data: st.DataObject) -> None:
    text = encode(data.draw(st.sampled_from(list(all_actions(answer, gallery)))))
    place = data.draw(st.integers(0, len(text) - 1))
    altered = text[:place] + data.draw(st.characters(codec="ascii")) + text[place + 1 :]
    action = parse(altered)
    if action is not None:
        assert len(encode(action)) <= MAX_BYTES
        for field in dataclasses.fields(action):
            value = getattr(action, field.name)
            if isinstance(value, Answer):
                assert sum(value.permille) == 1000
            if isinstance(value, Gallery):
                assert list(value.images) == sorted(set(value.images))


@pytest.mark.parametrize(
    "data", [None, "", ":", "v1", "v1:", "v0:sample", "sample", "v1:sample ", "v1:unknown:1", "x" * 65]
)
def test_old_and_unknown_data_is_nothing(data: str | None) -> None:
    assert parse(data) is None


def test_what_does_not_survive_is_refused() -> None:
    answer = Answer.of(Prediction((1.0, *[0.0] * 9), Verdict.SURE), "v")
    for action in (PickClass(10, answer), Undo("x" * 40, answer), LearnStep("a:b"), JudgeGarment(-1)):
        with pytest.raises(ValueError, match="does not fit"):
            encode(action)


def test_an_answer_remembers_the_figures_that_were_shown() -> None:
    prediction = Prediction((0.8731, 0.1, 0.0269, *[0.0] * 7), Verdict.UNSURE)
    answer = Answer.of(prediction, "standard-2026-01-14", chosen=1, garments=3)
    assert answer.permille == permille(prediction.probabilities)
    assert answer.prediction.ranking == prediction.ranking
    assert answer.is_from("standard-2026-01-14")
    assert not answer.is_from("standard-2026-01-15")
    assert (answer.chosen, answer.garments) == (1, 3)


def test_more_garments_than_a_button_can_count_are_nine() -> None:
    answer = Answer.of(Prediction((1.0, *[0.0] * 9), Verdict.SURE), "v", chosen=11, garments=12)
    assert parse(encode(Why(answer))) == Why(answer)


def test_the_tag_is_the_same_on_every_machine() -> None:
    assert version_tag("standard-2026-01-14") == "Jn9-Iv"
