"""The table of what was measured, and how a growth is shown and kept."""

import json
from pathlib import Path

import pytest

from benchmarks.figures import Figure, Growth, growth_table, save, table
from benchmarks.serving.load import Load, together


@pytest.mark.parametrize(
    ("value", "aim", "at_least", "reached"),
    [(8.0, 8.0, False, True), (8.1, 8.0, False, False), (0.5, 0.5, True, True), (0.4, 0.5, True, False)],
)
def test_an_aim_is_an_upper_or_a_lower_bound(value: float, aim: float, at_least: bool, reached: bool) -> None:
    assert Figure("card", value, "ms", aim, at_least).reached is reached


def test_a_figure_without_an_aim_is_neither_reached_nor_missed() -> None:
    assert Figure("card", 1.0).reached is None


def test_the_table_marks_what_is_missed() -> None:
    lines = table([Figure("card", 7.0, "ms", 8.0), Figure("start", 1.3, "s", 0.8, beside="warm")]).splitlines()
    assert [("+" in line, "-" in line) for line in lines[1:]] == [(True, False), (False, True)]
    assert lines[2].endswith("warm")


def test_everything_is_kept_with_the_machine(tmp_path: Path) -> None:
    growth = Growth("garments", ("naming ms",), [(1, 12.5), (6, 60.0)])
    save(tmp_path / "results.json", [Figure("start", 1.3, "s", 0.8)], [growth])
    kept = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert kept["machine"]["cores"] > 0
    assert kept["figures"][0] | {} == {
        "what": "start", "value": 1.3, "unit": "s", "aim": 0.8, "at_least": False, "beside": "", "reached": False,
    }  # fmt: skip
    assert kept["growth"][0]["rows"] == [[1, 12.5], [6, 60.0]]
    assert len(growth_table(growth).splitlines()) == 3


def test_loads_add_up() -> None:
    whole = together([Load(10, 1.0, [0.1] * 10, 0.5), Load(30, 1.0, [0.3] * 30, 0.7)])
    assert whole.per_second == pytest.approx(20)
    assert whole.processor_ms == pytest.approx(30)
    assert whole.wait_ms(0.5) == pytest.approx(300)
