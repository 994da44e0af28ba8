import re
from datetime import date, timedelta

import pytest
from telegram.error import Conflict

from bot.jobs.background_tasks import BackgroundTaskFailed
from bot.registry.history import WorseFigure
from bot.registry.training_history import EndedTraining
from bot.replies import messages
from bot.replies.messages import ADMIN_COMMANDS, GROUP_COMMANDS, PRIVATE_COMMANDS, Retention, Status
from bot.replies.texts import Language, texts
from bot.storage.types import Permission
from bot.updates.poller import WebhookInTheWay
from bot.updates.reading import UnreadableUpdate
from bot.updates.webhook_registration import WebhookRefused, WebhookTaken
from bot.vision.photo import PhotoProblem

ZH, EN = Language.ZH_HANT, Language.EN
RETENTION = Retention(
    accepted=timedelta(days=730),
    pending=timedelta(days=180),
    rejected=timedelta(days=30),
    consent=timedelta(days=730),
    course_place=timedelta(days=180),
    language=timedelta(days=730),
    updates=timedelta(hours=48),
    network=timedelta(days=7),
    class_table=timedelta(days=9),
    quiz=timedelta(days=1),
    last_answer=timedelta(hours=1),
    photos_per_person=200,
)
STATUS = Status(
    uptime=timedelta(hours=3),
    version="1.0.0",
    runtime="LiteRT <2.3>",
    model="standard",
    queue=1,
    answered=1234,
    latency_ms=(240.0, 610.0, 1310.0),
    errors=(("Timeout", 3),),
    store="SQLite",
    corrections=3,
)


def filled(text: str) -> None:
    assert 0 < len(text) <= 4096
    assert not re.search(r"[{}]", text)


def test_start_names_the_ten_classes(language: Language) -> None:
    text = messages.start_text(language)
    filled(text)
    assert all(name in text for name in texts(language).class_names)


def test_help_names_every_command_and_hides_the_admins(language: Language) -> None:
    text = messages.help_text(language)
    for command in set(PRIVATE_COMMANDS) - {"start", "help"} | {"classify"}:
        assert f"/{command}" in text
    assert not any(f"/{command}" in text for command in ADMIN_COMMANDS)
    assert all(f"/{command}" in messages.help_text(language, admin=True) for command in ADMIN_COMMANDS)


def test_menus_have_a_description_for_every_command(language: Language) -> None:
    for names in (PRIVATE_COMMANDS, GROUP_COMMANDS, ADMIN_COMMANDS):
        assert [command.name for command in messages.commands(names, language)] == list(names)


def test_privacy_says_what_is_kept_how_long_and_how_to_delete_it() -> None:
    text = messages.privacy_text(ZH, RETENTION, permission=Permission.GRANTED, photos=3)
    filled(text)
    kept = ("2 年", "180 天", "30 天", "48 小時", "200 張", "7 天", "9 天", "24 小時", "60 分鐘")
    for part in (*kept, "/train", "/quiz", "/forget", "3 張"):
        assert part in text
    english = messages.privacy_text(EN, RETENTION, permission=Permission.UNASKED, photos=0)
    filled(english)
    assert "2 years" in english


@pytest.mark.parametrize("permission", [*Permission, None])
def test_privacy_says_what_the_person_chose(permission: Permission | None, language: Language) -> None:
    basics = texts(language).basics
    own = {
        Permission.GRANTED: basics.privacy_consent_given.format(photos=texts(language).units.photos.of(1)),
        Permission.REFUSED: basics.privacy_consent_refused,
        Permission.UNASKED: basics.privacy_consent_not_given,
        None: basics.privacy_consent_unknown,
    }
    text = messages.privacy_text(language, RETENTION, permission=permission, photos=1)
    assert [said for said in own.values() if said in text] == [own[permission]]


@pytest.mark.parametrize("problem", list(PhotoProblem))
def test_each_problem_is_said(problem: PhotoProblem, language: Language) -> None:
    assert messages.problem_text(problem, language) == getattr(texts(language).problems, problem.value)


def test_an_unheard_of_problem_gets_the_general_line(language: Language) -> None:
    assert messages.problem_text("haunted", language) == texts(language).problems.unreadable


def test_limits_say_how_many_and_when() -> None:
    assert messages.over_limit_text(7, 60, timedelta(minutes=4), ZH) == (
        "十分鐘內我最多看 60 張照片。這次有 7 張照片沒看，請在 4 分鐘後再傳一次。"
    )
    assert messages.over_limit_text(1, 200, timedelta(seconds=61), EN) == (
        "I look at up to 200 photos in ten minutes. I left out 1 photo; please try again in 2 minutes."
    )
    assert "12 張照片" in messages.queue_text(12, timedelta(seconds=9), ZH)


def test_errors_carry_a_short_id(language: Language) -> None:
    assert "<code>ab12</code>" in messages.error_text("ab12", language)
    assert "&lt;" in messages.error_text("<", language)
    assert "ab12" in messages.error_toast("ab12", language)
    assert len(messages.error_toast("ab12cd34", language)) <= 200
    assert "ab12" in messages.download_failed_text("ab12", language)


def test_progress_is_said_in_numbers_beside_the_bar(language: Language) -> None:
    text = messages.measuring_text(2500, 10_000, language)
    filled(text)
    assert "25%" in text
    assert "2,500 / 10,000" in text
    done = messages.measuring_done_text(10_000, language)
    filled(done)
    assert "10,000" in done
    assert messages.progress_bar(0, 100) == "░" * 20
    assert messages.progress_bar(100, 100) == "█" * 20


def test_consent_says_what_for_how_long_and_how_to_withdraw() -> None:
    text = messages.consent_text(6, timedelta(days=730), ZH)
    filled(text)
    for part in ("襯衫", "640", "2 年", "/forget", "不同意"):
        assert part in text


def test_what_would_be_forgotten_is_counted_and_named(language: Language) -> None:
    text = messages.forget_text(5, 3, language)
    filled(text)
    for part in ("5", "3", texts(language).corrections.forget_what):
        assert part in text
    assert ("no photos" if language is EN else "沒有照片") in messages.forget_text(1, 0, language)


def test_forgetting_counts(language: Language) -> None:
    assert "3" in messages.forgotten_text(5, 3, language)
    assert "5" in messages.forgotten_text(5, 3, language)
    assert "photo" not in messages.forgotten_text(1, 0, EN).replace("no photos", "")
    assert "同意" not in messages.forgotten_text(1, 0, ZH)
    assert messages.forgotten_text(0, 0, language) == texts(language).corrections.nothing_to_forget


def test_admin_texts_are_filled_and_escaped(language: Language) -> None:
    text = messages.status_text(STATUS, language)
    filled(text)
    for part in ("LiteRT &lt;2.3&gt;", "240 ms", "1.3 s", "1,234", "Timeout 3"):
        assert part in text
    assert f"SQLite{'，' if language is ZH else ', '}{texts(language).units.corrections.of(3)}" in text
    empty = Status(timedelta(seconds=4), "1", "LiteRT", "m", 0, 0, None, (), "SQLite", None)
    assert texts(language).admin.status_store_away.format(kind="SQLite") in messages.status_text(empty, language)
    assert texts(language).admin.status_no_latency in messages.status_text(empty, language)
    for line in (
        messages.reload_text("v2", language, changed=True),
        messages.reload_text("v2", language, changed=False),
        messages.reload_text("v2", language, changed=False, refused="<broken>"),
        messages.model_refused_text("v2", "<broken>", language),
        messages.model_now_text("v2", language),
        messages.error_notice_text("TimedOut", "ab12", language),
        messages.error_notice_text("WebhookTaken", "ab12", language),
    ):
        filled(line)
        assert "<broken>" not in line


def test_a_training_that_ended_is_told_with_what_it_changed(language: Language) -> None:
    ended = EndedTraining(
        version="2026-<1>",
        published=True,
        worse=(),
        reasons=(),
        figures={"balanced_accuracy": (0.85, 0.865), "test_accuracy": (None, 0.95), "gloves_named": (0.5, 0.625)},
        recall={2: (0.75, 0.8), 4: (0.5, 0.5), 8: (None, None)},
        corrections=300,
        seconds=822,
    )
    text = messages.training_ended_text(ended, language)
    filled(text)
    assert "2026-&lt;1&gt;" in text
    said, names = texts(language), texts(language).class_names
    assert f"85.0% → 86.5%  {said.admin.training_balanced_accuracy}" in text
    assert f"– → 95.0%  {said.admin.training_test_accuracy}" in text
    assert "50.0% → 62.5%  gloves named" in text, "a figure of later versions"
    assert f"75.0% → 80.0%  {names[2]}" in text
    assert names[4] not in text, "only what changed"
    assert said.units.corrections.of(300) in text
    assert said.units.minutes.of(14) in text
    assert said.admin.training_reasons not in text


def test_a_training_that_came_to_nothing_is_told_with_its_reasons(language: Language) -> None:
    reasons = tuple(f"photos <{number}>: " + "worse " * 100 for number in range(30))
    worse = (
        WorseFigure("balanced_accuracy", 0.875, 0.9, "<best>", 0.01, "photos"),
        WorseFigure("photo_ece", None, 0.03, "best", 0.01, "calibration"),
    )
    ended = EndedTraining("v", False, worse, reasons, {}, {}, 0, None)
    text = messages.training_ended_text(ended, language)
    filled(text)
    assert texts(language).admin.training_not_published.format(version="v") in text
    assert "photos &lt;0&gt;" in text
    admin = texts(language).admin
    told = admin.training_worse.format(
        name=admin.training_balanced_accuracy, version="&lt;best&gt;", points="2.5", allowance="1.0"
    )
    assert told in text
    assert admin.training_unmeasured.format(name=admin.training_photo_ece, version="best") in text
    assert len(text) < 4096
    assert texts(language).admin.training_changed not in text


@pytest.mark.parametrize(
    "error", [Conflict, WebhookInTheWay, WebhookTaken, WebhookRefused, UnreadableUpdate, BackgroundTaskFailed]
)
def test_trouble_that_an_admin_can_end_is_told_with_what_to_do(language: Language, error: type[Exception]) -> None:
    text = messages.error_notice_text(error.__name__, "ab12", language)
    plain = messages.error_notice_text("TimedOut", "ab12", language)
    assert error.__name__ in text
    assert text.count("\n") == plain.count("\n") + 1


def test_a_review_shows_both_opinions(language: Language) -> None:
    names = texts(language).class_names
    caption = messages.review_caption(
        waiting=12, right=6, predicted=0, probability=0.81, version="v1", created=date(2026, 1, 14), language=language
    )
    filled(caption)
    assert names[6] in caption
    assert names[0] in caption
    assert "81.0%" in caption
    assert "12" in caption
