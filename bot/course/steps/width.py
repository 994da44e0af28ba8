"""Why 128 neurons: recorded runs with fewer and with more."""

from collections.abc import Sequence

from bot.course.recorded_runs import RecordedRun
from bot.course.steps.lesson import Lesson, Slide, recorded, several
from bot.course.steps.page import SMALL, TOP, Page
from bot.replies.cards.canvas import AMBER, INK, MARGIN, MUTED, PANEL, TEAL, WIDTH
from bot.replies.numerals import count, percent

_ROW = 122


def slide(lesson: Lesson) -> Slide:
    """Compare the recorded widths."""
    words = lesson.words.width
    chosen = recorded(lesson.materials.lessons.short)
    runs = several(lesson.materials.lessons.widths)
    few, many = runs[0], runs[-1]
    text = words.text.format(
        chosen=chosen.neurons,
        few=count(few.neurons),
        few_test=percent(few.last.test_accuracy),
        many=count(many.neurons),
        many_test=percent(many.last.test_accuracy),
        chosen_test=percent(chosen.last.test_accuracy),
        times=f"{many.weights / chosen.weights:.0f}",
        epochs=lesson.words.epochs.of(chosen.last.number),
    )
    lines = lesson.words.frame.clause_separator.join(
        words.line.format(neurons=count(run.neurons), test=percent(run.last.test_accuracy)) for run in runs
    )
    return Slide(_draw(lesson, runs, chosen).jpeg(), text, words.picture.format(lines=lines))


def _draw(lesson: Lesson, runs: Sequence[RecordedRun], chosen: RecordedRun) -> Page:
    words = lesson.words.width
    page = Page(lesson, 70 + len(runs) * _ROW)
    names_end, bars_left, bars_right = MARGIN + 150, MARGIN + 180, WIDTH - MARGIN - 250
    page.text((names_end, TOP + 20), words.neurons, SMALL, MUTED, anchor="rm", within=names_end - MARGIN)
    page.text((WIDTH - MARGIN, TOP + 20), words.weights, SMALL, MUTED, anchor="rm", within=200)
    left = float(bars_left)
    for colour, name in ((TEAL, lesson.words.frame.train), (AMBER, lesson.words.frame.test)):
        page.box((left, TOP + 8, left + 26, TOP + 32), colour, radius=5)
        left += 36 + page.text((left + 36, TOP + 20), name, SMALL, INK) + 26
    low = lowest(runs)
    page.text((left + 10, TOP + 20), words.bars_from.format(low=percent(low, 0)), SMALL, MUTED)
    for place, run in enumerate(runs):
        top = TOP + 62 + place * _ROW
        if run.neurons == chosen.neurons:
            page.box((MARGIN - 16, top - 8, WIDTH - MARGIN + 16, top + _ROW - 16), PANEL, radius=14)
        middle = top + 48
        page.text((names_end, middle), count(run.neurons), 44, INK, bold=True, anchor="rm")
        ground = (255, 255, 255) if run.neurons == chosen.neurons else PANEL
        for offset, colour, value in ((4, TEAL, run.last.accuracy), (52, AMBER, run.last.test_accuracy)):
            share = (value - low) / (1 - low)
            page.bar((bars_left, top + offset, bars_right, top + offset + 40), share, colour, ground)
            page.text((bars_right + 14, top + offset + 20), percent(value), 28, colour, bold=True)
        page.text((WIDTH - MARGIN, middle), count(run.weights), 28, MUTED, anchor="rm", within=120)
    return page


def lowest(runs: Sequence[RecordedRun]) -> float:
    """Where the bars begin: chance is a tenth, and a bar from zero would show no difference."""
    worst = min(min(run.last.accuracy, run.last.test_accuracy) for run in runs)
    return max(0.0, round(worst - 0.1, 1)) if worst > 0.3 else 0.0
