"""What a run leaves for people to look at: curves, confusion matrices and a page that explains them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from bot.registry.files import write_durably
from bot.vision.labels import CLASS_NAMES, CLASS_NAMES_EN
from training.evaluation.gate import Decision
from training.evaluation.measure import Measurement
from training.evaluation.metrics import PhotoScores
from training.plan import LessonPlan
from training.runs.folders import EpochRecord, Run, Start
from training.runs.history import figure_text
from training.runs.languages import Language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OVERFITTING_GAP: Final = 0.03
"""Training accuracy this far above the accuracy on other pictures is called overfitting."""

Recall = Mapping[str, float | None]
"""Recall on photos by the bot's class name, 0..1; None for a class that no photo shows."""

_DPI: Final = 110
_TRAIN_COLOUR: Final = "#1f6fb4"
_OTHER_COLOUR: Final = "#d9622b"
_DARK: Final = 0.55
"""Cells above this share get white figures."""


def overfitting_sentence(records: Sequence[EpochRecord], language: Language = Language.ZH_HANT) -> str | None:
    """Says, where it happened, that the network learnt its training pictures by heart; None where it did not."""
    measured = [(record, record.val_accuracy) for record in records if record.val_accuracy is not None]
    if not measured or measured[-1][0].accuracy - measured[-1][1] < OVERFITTING_GAP:
        return None
    last, test_accuracy = measured[-1]
    losses = [record.val_loss for record, _ in measured if record.val_loss is not None]
    if language is Language.EN:
        sentence = (
            f"Overfitting: in epoch {last.epoch} the training accuracy was {last.accuracy:.1%} and the test accuracy"
            f" only {test_accuracy:.1%}, {(last.accuracy - test_accuracy) * 100:.1f} points less."
        )
        if losses and min(losses) < losses[-1]:
            turning = measured[losses.index(min(losses))][0].epoch
            sentence += (
                f" The test loss was lowest in epoch {turning} ({min(losses):.3f}) and rose to {losses[-1]:.3f}."
            )
        return sentence
    sentence = (
        f"過擬合（overfitting）：第 {last.epoch} 個週期的訓練準確率是 {last.accuracy:.1%}，"
        f"測試準確率只有 {test_accuracy:.1%}，相差 {(last.accuracy - test_accuracy) * 100:.1f} 個百分點。"
    )
    if losses and min(losses) < losses[-1]:
        turning = measured[losses.index(min(losses))][0].epoch
        sentence += f"測試損失在第 {turning} 個週期最低（{min(losses):.3f}），之後升到 {losses[-1]:.3f}。"
    return sentence


def draw_curves(
    records: Sequence[EpochRecord],
    path: Path,
    title: str,
    other: str = "test",
    *,
    trained: str = "train",
    start: Start | None = None,
) -> None:
    """Accuracy and loss by epoch, of training and of other pictures, in one picture.

    Args:
        records: the epochs.
        path: the PNG to write.
        title: above it.
        other: what the pictures that were not trained on are called.
        trained: what the pictures that were trained on are called.
        start: what a refresh started from, measured on the other pictures: a diamond before the first epoch.
    """
    figure = _figure(9.6, 4.0)
    epochs = [record.epoch for record in records]
    panels: tuple[tuple[str, list[float], list[float | None], float | None], ...] = (
        (
            "accuracy",
            [record.accuracy for record in records],
            [record.val_accuracy for record in records],
            start.val_accuracy if start else None,
        ),
        (
            "loss",
            [record.loss for record in records],
            [record.val_loss for record in records],
            start.val_loss if start else None,
        ),
    )
    for axes, (name, learnt, others, before) in zip(figure.subplots(1, 2), panels, strict=True):
        marker = "o" if len(epochs) <= 12 else ""
        axes.plot(epochs, learnt, color=_TRAIN_COLOUR, marker=marker, label=trained)
        if before is not None:
            axes.axhline(before, color=_OTHER_COLOUR, linewidth=1, linestyle=":")
            axes.plot([0], [before], color=_OTHER_COLOUR, marker="D", linestyle="", label=f"{other}, before")
        if any(value is not None for value in others):
            known = [np.nan if value is None else value for value in others]
            axes.plot(epochs, known, color=_OTHER_COLOUR, marker=marker, label=other)
        axes.set_xlabel("epoch")
        axes.set_title(name)
        axes.grid(alpha=0.25)
        axes.legend(frameon=False)
        axes.xaxis.get_major_locator().set_params(integer=True)
    figure.suptitle(title)
    _save(figure, path)


def draw_confusion(
    counts: NDArray[np.integer], rows: Sequence[str], path: Path, title: str, columns: Sequence[str] = CLASS_NAMES_EN
) -> None:
    """A confusion matrix with counts, each row coloured by its shares.

    Args:
        counts: int [rows, columns].
        rows: what was shown.
        path: the PNG to write.
        title: above it.
        columns: what was answered.
    """
    figure = _figure(7.6, 1.6 + 0.56 * len(rows))
    axes = figure.subplots()
    totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shares = counts / totals
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(columns)), columns, rotation=45, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(rows)), rows)
    axes.set_xlabel("predicted")
    axes.set_ylabel("actual")
    for row, column in zip(*np.nonzero(counts), strict=True):
        colour = "white" if shares[row, column] > _DARK else "black"
        axes.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=8, color=colour)
    axes.set_title(title)
    _save(figure, path)


def draw_calibration(confidence: NDArray[np.floating], right: NDArray[np.bool_], path: Path, title: str) -> None:
    """How often answers are right, by how sure they were.

    Args:
        confidence: float [n], 0..1.
        right: bool [n].
        path: the PNG to write.
        title: above it.
    """
    figure = _figure(5.2, 4.6)
    axes = figure.subplots()
    bins = np.clip(np.ceil(confidence * 10).astype(int) - 1, 0, 9)
    counts = np.bincount(bins, minlength=10)
    known = counts > 0
    shares = np.bincount(bins, weights=right, minlength=10)[known] / counts[known]
    centres = (np.arange(10)[known] + 0.5) / 10
    axes.plot([0, 1], [0, 1], color="gray", linewidth=1, linestyle="--")
    axes.bar(centres, shares, width=0.09, color=_TRAIN_COLOUR)
    for centre, share, count in zip(centres, shares, counts[known], strict=True):
        axes.text(centre, share + 0.01, str(count), ha="center", fontsize=8)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share of right answers")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.08)
    axes.set_title(title)
    _save(figure, path)


def draw_bars(values: Mapping[str, float], path: Path, title: str, label: str) -> None:
    """Horizontal bars, in the order given.

    Args:
        values: by name.
        path: the PNG to write.
        title: above it.
        label: of the values.
    """
    figure = _figure(7.6, 1.4 + 0.36 * len(values))
    axes = figure.subplots()
    positions = np.arange(len(values))[::-1]
    axes.barh(positions, list(values.values()), color=_TRAIN_COLOUR)
    axes.set_yticks(positions, list(values))
    axes.set_xlabel(label)
    axes.set_title(title)
    for position, value in zip(positions, values.values(), strict=True):
        axes.text(value, position, f" {value:.4f}", va="center", fontsize=8)
    axes.margins(x=0.12)
    _save(figure, path)


def draw_trials(trials: Sequence[tuple[Mapping[str, float], float]], path: Path) -> None:
    """How good each trial of a search was, by each of its settings.

    Args:
        trials: settings and score of each, best first.
        path: the PNG to write.
    """
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    names = sorted({name for settings, _ in trials for name in settings})
    figure = _figure(3.6 * max(1, len(names)), 3.6)
    for axes, name in zip(figure.subplots(1, max(1, len(names)), squeeze=False)[0], names, strict=False):
        values = [settings[name] for settings, _ in trials]
        scores = [score for _, score in trials]
        axes.scatter(values[1:], scores[1:], color=_TRAIN_COLOUR)
        axes.scatter(values[:1], scores[:1], color=_OTHER_COLOUR, marker="*", s=120)
        if min(values) > 0:
            axes.set_xscale("log")
            axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            axes.xaxis.set_minor_formatter(NullFormatter())
            axes.tick_params("x", labelrotation=30)
        axes.set_xlabel(name.replace("_", " "))
        axes.set_ylabel("score on pictures held out")
        axes.grid(alpha=0.25)
    figure.suptitle(f"{len(trials)} trials, the best one as a star")
    _save(figure, path)


def write_pictures(run: Run, measurement: Measurement) -> list[str]:
    """Draws what there is to draw into the run's folder; returns the file names."""
    names = []
    records = run.metrics()
    if records:
        course = isinstance(run.plan, LessonPlan)
        other = "test" if course and not run.plan.patience else "held out"
        trained = "train" if course else "train, augmented"  # harder pictures: not to be compared with the others
        path, title = run.folder / "curves.png", f"{run.name}: training"
        draw_curves(records, path, title, other, trained=trained, start=run.start())
        names.append("curves.png")
    accuracy = f"{measurement.test.accuracy:.2%} of {measurement.test.images:,} test images"
    draw_confusion(
        np.array(measurement.test.confusion), CLASS_NAMES_EN, run.folder / "confusion.png", f"{run.name}: {accuracy}"
    )
    names.append("confusion.png")
    if measurement.photos and measurement.photos.images:
        _draw_photo_confusion(measurement.photos, run)
        names.append("confusion-photos.png")
    return names


def figures_table(decision: Decision) -> list[tuple[str, ...]]:
    """The gate's table as text cells, with its heading."""
    rows: list[tuple[str, ...]] = [("figure", "live", "best so far", "new", "may lose", "judgement")]
    for row in decision.rows:
        may_lose = "-" if row.allowance is None else f"{row.allowance * 100:.1f} points"
        mark = "" if row.ok else "✗ "
        rows.append(
            (
                row.title,
                figure_text(row.live),
                figure_text(row.best),
                figure_text(row.new),
                may_lose,
                mark + row.judgement,
            )
        )
    return rows


def recall_table(before: Recall, after: Recall) -> list[tuple[str, ...]]:
    """Recall on photos by class, old and new, as text cells; empty where one was not measured.

    Args:
        before: of the model that serves, measured now, by the bot's class name.
        after: of the new one, on the same photos.
    """
    rows = [
        (english, figure_text(before[name]), figure_text(after[name]), _points(before[name], after[name]))
        for name, english in zip(CLASS_NAMES, CLASS_NAMES_EN, strict=True)
        if name in before and name in after
    ]
    return [("class", "live", "new", "points"), *rows] if rows else []


def write_page(
    run: Run,
    measurement: Measurement,
    decision: Decision,
    ending: str,
    notes: Sequence[str] = (),
    recall: Sequence[Sequence[str]] = (),
) -> Path:
    """Writes ``report.md``: the settings, the figures, the gate's table with its reasons, the pictures.

    Args:
        run: what was trained.
        measurement: of the converted file.
        decision: the gate's.
        ending: what became of it, in one line.
        notes: further lines.
        recall: what :func:`recall_table` gave.
    """
    test, photos = measurement.test, measurement.photos
    heading, *rows = figures_table(decision)
    lines = [
        f"# {run.name}",
        "",
        ending,
        "",
        *(f"- {reason}" for reason in decision.reasons),
        "",
        "| " + " | ".join(heading) + " |",
        "|" + "---|" * len(heading),
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
        "## Figures of the converted file",
        "",
        f"- test images: {test.accuracy:.2%} of {test.images:,}, calibration error {test.ece:.4f}",
        f"- images trained on: {_accuracy(measurement.train_accuracy)}",
        f"- held-out images: {_accuracy(measurement.held_out_accuracy)}",
        _photo_line(photos),
        *_verdict_lines(photos),
        "",
        *(f"{note}\n" for note in notes),
        "| class | recall on test images |",
        "|---|---|",
        *(f"| {name} | {figure_text(recall)} |" for name, recall in zip(CLASS_NAMES_EN, test.recall, strict=True)),
        "",
        *_recall_lines(recall),
        "## Settings",
        "",
        *(f"- {name}: {value}" for name, value in run.plan.to_json().items()),
        "",
        *(f"![{path.stem}]({path.name})\n" for path in sorted(run.folder.glob("*.png"), key=_curves_first)),
    ]
    page = run.folder / "report.md"
    write_durably(page, ("\n".join(lines).rstrip() + "\n").encode())
    return page


def _recall_lines(recall: Sequence[Sequence[str]]) -> list[str]:
    if not recall:
        return []
    heading, *rows = recall
    cells = [heading, ["---"] * len(heading), *rows]
    return ["## Recall on photos, old and new", "", *("| " + " | ".join(row) + " |" for row in cells), ""]


def _points(before: float | None, after: float | None) -> str:
    return "-" if before is None or after is None else f"{(after - before) * 100:+.1f}"


def _curves_first(picture: Path) -> tuple[bool, str]:
    return picture.stem != "curves", picture.stem


def _photo_line(photos: PhotoScores | None) -> str:
    if photos is None or not photos.images:
        return "- photos: not measured"
    low, high = photos.interval.low, photos.interval.high
    return (
        f"- photos of {photos.senders} people it never saw ({photos.images}): balanced accuracy"
        f" {photos.balanced_accuracy:.2%} (95 % interval {low:.1%} to {high:.1%}), shoes apart"
        f" {photos.fine_accuracy:.2%}, calibration error {photos.ece:.4f}"
    )


def _verdict_lines(photos: PhotoScores | None) -> list[str]:
    if photos is None or photos.verdicts is None or not photos.images:
        return []
    verdicts = photos.verdicts
    return [
        f"- verdicts: {_percent(verdicts.sure_that_are_right)} of the sure answers are right,"
        f" {_percent(verdicts.right_that_are_sure)} of the right answers are sure,"
        f" {_percent(verdicts.no_garment)} are called no garment"
    ]


def _accuracy(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.2%}"


def _percent(value: float | None) -> str:
    return "none" if value is None else f"{value:.1%}"


def _draw_photo_confusion(photos: PhotoScores, run: Run) -> None:
    shown = {name: counts for name, counts in photos.confusion.items() if sum(counts)}
    draw_confusion(
        np.array(list(shown.values())),
        list(shown),
        run.folder / "confusion-photos.png",
        f"{run.name}: {photos.images} photos of {photos.senders} people",
    )


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=_DPI, layout="constrained")


def _save(figure: Figure, path: Path) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    write_durably(path, picture.getvalue())
