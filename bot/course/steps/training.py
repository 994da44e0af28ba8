"""Training: the recorded five epochs of the course's program."""

from typing import Final

from bot.course.recorded_runs import TRAIN_IMAGES, Epoch, RecordedRun
from bot.course.steps.lesson import Lesson, Slide, capitalised, recorded
from bot.course.steps.page import SMALL, TOP, Chart, Page, ticks
from bot.replies.cards.canvas import AMBER, INK, LINE, MARGIN, MUTED, TEAL, WIDTH
from bot.replies.numerals import count, percent

_CHART_HIGH: Final = 470
_ROW: Final = 62


def slide(lesson: Lesson) -> Slide:
    """Show the recorded run."""
    words, run = lesson.words.training, recorded(lesson.materials.lessons.short)
    first, last = run.epochs[0], run.last
    text = words.text.format(
        epochs=lesson.words.epochs.of(last.number),
        images=count(TRAIN_IMAGES),
        batch=run.batch,
        first=percent(first.accuracy),
        last=percent(last.accuracy),
        first_loss=f"{first.loss:.3f}",
        last_loss=f"{last.loss:.3f}",
        test=percent(last.test_accuracy),
        weights=count(run.weights),
        took="" if run.seconds is None else words.took.format(seconds=f"{run.seconds:.0f}"),
    )
    line = lesson.words.frame.list_separator.join(percent(epoch.accuracy) for epoch in run.epochs)
    return Slide(_draw(lesson, run).jpeg(), text, words.picture.format(accuracies=line))


def _draw(lesson: Lesson, run: RecordedRun) -> Page:
    words, frame = lesson.words.training, lesson.words.frame
    shown = run.epochs[:8]
    page = Page(lesson, 50 + _CHART_HIGH + 150 + len(shown) * _ROW)
    edges = MARGIN + 90, TOP + 50, WIDTH - MARGIN - 180, TOP + 50 + _CHART_HIGH
    draw_accuracies(page, lesson, run, edges)
    top = edges[3] + 116
    columns = MARGIN, 400, 610, 830, WIDTH - MARGIN
    heads = capitalised(frame.epoch), words.loss, words.train, words.test_loss, words.test
    for place, name in zip(columns, heads, strict=True):
        page.text((place, top), name, SMALL, MUTED, anchor="lm" if place == MARGIN else "rm", within=210)
    page.box((MARGIN, top + 26, WIDTH - MARGIN, top + 28), LINE)
    for row, epoch in enumerate(shown):
        _draw_row(page, lesson, columns, top + 62 + row * _ROW, epoch)
    return page


def draw_accuracies(page: Page, lesson: Lesson, run: RecordedRun, edges: tuple[float, float, float, float]) -> Chart:
    """Accuracy on training and test images by epoch."""
    frame = lesson.words.frame
    values = [value for epoch in run.epochs for value in (epoch.accuracy, epoch.test_accuracy)]
    low, high = max(0.0, min(values) - 0.01), min(1.0, max(values) + 0.01)
    chart = Chart(page, edges, (1, max(run.last.number, 2)), (low, high))
    across = [number for number in ticks(0, run.last.number, 10) if number >= 1 and number == int(number)]
    chart.grid(
        {1: "1"} | {x: f"{x:.0f}" for x in across}, {y: percent(y, 0) for y in ticks(low, high)}, x_name=frame.epoch
    )
    ends = []
    for colour, name, train in ((AMBER, frame.test, False), (TEAL, frame.train, True)):
        points = [(float(epoch.number), epoch.accuracy if train else epoch.test_accuracy) for epoch in run.epochs]
        chart.line(points, colour, 6)
        if len(points) <= 12:
            chart.dots(points, colour, 10)
        ends.append((points[-1][1], colour, name, percent(points[-1][1])))
    chart.name_ends(ends)
    return chart


def _draw_row(page: Page, lesson: Lesson, columns: tuple[int, ...], middle: float, epoch: Epoch) -> None:
    figures = (
        (lesson.words.frame.epoch_number.format(number=epoch.number), INK, False),
        (f"{epoch.loss:.3f}", TEAL, False),
        (percent(epoch.accuracy), TEAL, True),
        (f"{epoch.test_loss:.3f}", AMBER, False),
        (percent(epoch.test_accuracy), AMBER, True),
    )
    for place, (figure, colour, bold) in zip(columns, figures, strict=True):
        page.text((place, middle), figure, 30, colour, bold=bold, anchor="lm" if place == MARGIN else "rm")
