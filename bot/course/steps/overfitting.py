"""5 against 50 epochs: learning by heart."""

from typing import Final

from bot.course.recorded_runs import RecordedRun
from bot.course.steps.lesson import Lesson, Slide, recorded
from bot.course.steps.page import INNER, TOP, Chart, Page, ticks
from bot.course.steps.training import draw_accuracies
from bot.replies.cards.canvas import AMBER, INK, MARGIN, MUTED, TEAL, WIDTH
from bot.replies.numerals import percent, points_between

_CHART_HIGH: Final = 430
_RIGHT: Final = 180


def slide(lesson: Lesson) -> Slide:
    """Compare the recorded runs."""
    words, lessons = lesson.words.overfitting, lesson.materials.lessons
    short, long = recorded(lessons.short), recorded(lessons.long)
    turn = long.turning_point
    text = words.text.format(
        short=lesson.words.epochs.of(short.last.number),
        short_train=percent(short.last.accuracy),
        short_test=percent(short.last.test_accuracy),
        short_gap=points_between(short.last.accuracy, short.last.test_accuracy),
        long=lesson.words.epochs.of(long.last.number),
        long_train=percent(long.last.accuracy),
        long_test=percent(long.last.test_accuracy),
        long_gap=points_between(long.last.accuracy, long.last.test_accuracy),
        turn=turn.number,
        lowest=f"{turn.test_loss:.3f}",
        end=f"{long.last.test_loss:.3f}",
    )
    picture = words.picture.format(
        number=long.last.number, train=percent(long.last.accuracy), test=percent(long.last.test_accuracy)
    )
    return Slide(_draw(lesson, short, long).jpeg(), text, picture)


def _draw(lesson: Lesson, short: RecordedRun, long: RecordedRun) -> Page:
    words, frame = lesson.words.overfitting, lesson.words.frame
    page = Page(lesson, 2 * _CHART_HIGH + 360)
    first = MARGIN + 90, TOP + 70, WIDTH - MARGIN - _RIGHT, TOP + 70 + _CHART_HIGH
    page.text((MARGIN, TOP + 20), words.accuracy, 34, INK, bold=True, within=INNER)
    chart = draw_accuracies(page, lesson, long, first)
    at_short = chart.at(short.last.number, 0)[0]
    page.stroke([(at_short, first[1]), (at_short, first[3])], MUTED, 3, dashed=True)
    page.text((at_short + 12, first[1] + 18), words.short.format(number=short.last.number), 28, MUTED)

    second = first[0], first[3] + 190, first[2], first[3] + 190 + _CHART_HIGH
    page.text((MARGIN, second[1] - 50), words.loss, 34, INK, bold=True, within=INNER)
    losses = [value for epoch in long.epochs for value in (epoch.loss, epoch.test_loss)]
    low, high = 0.0, max(losses) * 1.05
    curve = Chart(page, second, (1, max(long.last.number, 2)), (low, high))
    across = {1.0: "1"} | {x: f"{x:.0f}" for x in ticks(0, long.last.number, 10) if x >= 1}
    curve.grid(across, {y: f"{y:g}" for y in ticks(low, high)}, x_name=frame.epoch)
    turn = long.turning_point
    for colour, points in (
        (AMBER, [(float(epoch.number), epoch.test_loss) for epoch in long.epochs]),
        (TEAL, [(float(epoch.number), epoch.loss) for epoch in long.epochs]),
    ):
        curve.line(points, colour, 6)
    curve.name_ends(
        [
            (long.last.test_loss, AMBER, frame.test, f"{long.last.test_loss:.3f}"),
            (long.last.loss, TEAL, frame.train, f"{long.last.loss:.3f}"),
        ]
    )
    place = curve.at(turn.number, turn.test_loss)
    page.dot(place, AMBER, 13)
    page.stroke([(place[0], second[1]), place], AMBER, 3, dashed=True)
    page.text((place[0] + 12, second[1] + 18), words.turn.format(number=turn.number), 28, AMBER, bold=True)
    return page
