"""Stop when it is good enough: the 95 % callback on the recorded run."""

from typing import Final

from bot.course.recorded_runs import Epoch, RecordedRun
from bot.course.steps.lesson import Lesson, Slide, recorded
from bot.course.steps.page import INNER, TOP, Chart, Page, ticks
from bot.replies.cards.canvas import INK, MARGIN, MUTED, PANEL, QUIET_BAR, RED, TEAL, WIDTH
from bot.replies.numerals import percent

TARGET: Final = 0.95
_CHART_HIGH: Final = 560


def slide(lesson: Lesson) -> Slide:
    """Show where the recorded run would stop."""
    words, run = lesson.words.callback, recorded(lesson.materials.lessons.long)
    stop = run.first_above(TARGET)
    best = max(run.epochs, key=lambda epoch: epoch.accuracy)
    said = (
        words.never.format(epochs=lesson.words.epochs.of(run.last.number), best=percent(best.accuracy))
        if stop is None
        else words.stopped.format(
            number=stop.number,
            accuracy=percent(stop.accuracy, 2),
            saved=lesson.words.epochs.of(run.last.number - stop.number),
        )
    )
    text = words.text.format(target=percent(TARGET, 0), planned=lesson.words.epochs.of(run.last.number), said=said)
    marked = stop or best
    picture = words.picture.format(target=percent(TARGET, 0), number=marked.number, accuracy=percent(marked.accuracy))
    return Slide(_draw(lesson, run, stop).jpeg(), text, picture)


def _draw(lesson: Lesson, run: RecordedRun, stop: Epoch | None) -> Page:
    words = lesson.words.callback
    page = Page(lesson, 60 + _CHART_HIGH + 90 + 282)
    edges = MARGIN + 90, TOP + 60, WIDTH - MARGIN - 30, TOP + 60 + _CHART_HIGH
    low = min(epoch.accuracy for epoch in run.epochs) - 0.01
    high = min(1.0, max(TARGET, max(epoch.accuracy for epoch in run.epochs)) + 0.01)
    chart = Chart(page, edges, (1, max(run.last.number, 2)), (low, high))
    across = {1.0: "1"} | {x: f"{x:.0f}" for x in ticks(0, run.last.number, 10) if x >= 1}
    chart.grid(
        across, {y: percent(y, 0) for y in ticks(low, high)}, x_name=lesson.words.frame.epoch, y_name=words.curve
    )
    points = [(float(epoch.number), epoch.accuracy) for epoch in run.epochs]
    chart.line([(1, TARGET), (run.last.number, TARGET)], RED, 4, dashed=True)
    if stop is None:
        chart.line(points, TEAL, 6)
    else:
        chart.line(points[stop.number - 1 :], QUIET_BAR, 5, dashed=False)
        chart.line(points[: stop.number], TEAL, 7)
        place = chart.at(stop.number, stop.accuracy)
        page.stroke([(place[0], place[1] + 16), (place[0], edges[3])], TEAL, 3, dashed=True)
        page.dot(place, TEAL, 16)
        said = words.mark.format(number=stop.number, accuracy=percent(stop.accuracy))
        on_right = place[0] > (edges[0] + edges[2]) / 2
        beside = place[0] - 30 if on_right else place[0] + 30
        page.text((beside, edges[3] - 44), said, 34, TEAL, bold=True, anchor="rm" if on_right else "lm")

    top = edges[3] + 100
    page.box((MARGIN, top, WIDTH - MARGIN, top + 268), PANEL, radius=18)
    for line, said in enumerate(words.rule):
        colour, bold = (TEAL, True) if line == len(words.rule) - 1 else (INK, False)
        said = said.format(target=percent(TARGET, 0))
        page.text(
            (MARGIN + 34 + (50 if line else 0), top + 50 + 56 * line), said, 34, colour, bold=bold, within=INNER - 110
        )
    page.text((WIDTH - MARGIN - 26, top + 34), words.rule_name, 26, MUTED, anchor="rm")
    return page
