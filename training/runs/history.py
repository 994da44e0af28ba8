"""The models folder with its history (:mod:`bot.registry.history`): what is written down, and what was best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bot.registry.files import append_durably
from bot.registry.folder import ModelsFolder, StoredModel
from bot.registry.history import Entry, Event, Figures, read_history

MEASURED_ON: Final = MappingProxyType(
    {
        "test_accuracy": "test",
        "held_out_accuracy": "held_out",
        "balanced_accuracy": "photos",
        "photo_ece": "photos",
        "street_top": "street",
        "bags_named": "shop",
        "no_clothing_refused": "no_clothing",
    }
)
"""The part of the data that each figure is measured on."""


class Models(ModelsFolder):
    """The models folder, as publishing sees it: with its history."""

    def published(self) -> list[StoredModel]:
        """Models that can be brought back, oldest first: the shipped one, then as they were published."""
        order = dict.fromkeys(entry.version for entry in self.history() if entry.event is Event.PUBLISHED)
        shipped = self.shipped()
        stored = [self.find(version) for version in order]
        return [*([shipped] if shipped else []), *(model for model in stored if model and not model.shipped)]

    def history(self) -> list[Entry]:
        """All entries, oldest first; one that a crash kept from being written is put in its place."""
        entries = read_history(self.history_path)
        missing = self._missing(entries)
        return [*entries, missing] if missing else entries

    def published_by(self, run_id: str) -> StoredModel | None:
        """The model of a run, if it ever went live; by the run's id, for names come again where runs were deleted."""
        made = (model for model in self.published() if run_id and model.card.get("run_id") == run_id)
        return next(made, None)

    def complete_history(self) -> None:
        """Writes down what a crash kept from being written, before something else happens."""
        if missing := self._missing(read_history(self.history_path)):
            self.record(missing)

    def record(self, entry: Entry) -> None:
        """Appends to the history; puts the time in."""
        self.live_folder.mkdir(parents=True, exist_ok=True)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        append_durably(self.history_path, replace(entry, time=entry.time or now).to_line())

    def _missing(self, entries: Sequence[Entry]) -> Entry | None:
        """The entry of what went live, or came back, and was not recorded."""
        version = self.pointed_version()
        went_live = [entry.version for entry in entries if entry.event is not Event.NOT_PUBLISHED]
        model = self.find(version) if version else (self.shipped() if went_live else None)
        if model is None or (went_live and went_live[-1] == model.version):
            return None
        came_back = model.shipped or model.version in went_live
        return Entry(
            Event.ROLLED_BACK if came_back else Event.PUBLISHED,
            model.version,
            time="" if came_back else str(model.card.get("created", "")),
            previous=went_live[-1] if came_back else None,
            preset=model.card.get("preset"),
            run=None if came_back else model.card.get("run"),
            sha256=model.card.get("sha256"),
            figures=Figures.from_card(model.card),
        )


def figure_text(value: float | None) -> str:
    """A figure as tables show it; ``-`` where it was not measured."""
    return "-" if value is None else f"{value:.4f}"


def best_figures(
    models: Models,
    fresh: Mapping[str, Figures] = MappingProxyType({}),
    data: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, tuple[float, str]]:
    """The best of each figure among all sets that went live by the gate and stayed until another one followed.

    What was forced, or taken back, sets no bar: an admin knew better than its figures. A figure that was measured on
    other data than today's is none either: it cannot be compared.

    Args:
        models: the models folder.
        fresh: figures of versions that were measured again; they replace what was recorded.
        data: the fingerprint of today's data.

    Returns:
        Figure name -> value and the version that has it.
    """
    shipped = models.shipped()
    held = (
        {shipped.version: _comparable(Figures.from_card(shipped.card), shipped.card.get("data") or {}, data)}
        if shipped
        else {}
    )
    held |= {entry.version: _comparable(entry.figures, entry.data, data) for entry in _that_stayed(models.history())}
    held |= {version: figures for version, figures in fresh.items() if version in held}
    best: dict[str, tuple[float, str]] = {}
    for version, figures in held.items():
        for name, value in asdict(figures).items():
            if value is not None and (name not in best or _better(name, value, best[name][0])):
                best[name] = (value, version)
    return best


def _that_stayed(history: Iterable[Entry]) -> list[Entry]:
    """What was published without force and not taken back; going back to a version takes back all that came after."""
    line: list[Entry] = []
    for entry in history:
        if entry.event is Event.PUBLISHED:
            line.append(entry)
        elif entry.event is Event.ROLLED_BACK:
            places = [place for place, each in enumerate(line) if each.version == entry.version]
            line = line[: places[-1] + 1] if places else []
    return [entry for entry in line if not entry.forced]


def _comparable(figures: Figures, measured_on: Mapping[str, str], data: Mapping[str, str]) -> Figures:
    """The figures without those that are known to be of other data."""
    return replace(
        figures,
        **{
            name: None
            for name, part in MEASURED_ON.items()
            if part in measured_on and part in data and measured_on[part] != data[part]
        },
    )


def _better(name: str, value: float, other: float) -> bool:
    return value < other if name == "photo_ece" else value > other
