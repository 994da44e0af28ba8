"""What a scenario showed, as a table."""

from collections.abc import Sequence

from benchmarks.chaos.plan import Kind
from benchmarks.chaos.scenario import Outcome


def table(outcomes: Sequence[Outcome]) -> str:
    """The counts, a column a scenario; those that must be nought are marked where they are not."""
    rows: list[tuple[str, list[str]]] = [("", [outcome.mode.value for outcome in outcomes])]

    def row(name: str, counts: Sequence[int], *, nought: bool = False) -> None:
        rows.append((name, [f"{count}{' !' if nought and count else ''}" for count in counts]))

    found = [outcome.findings for outcome in outcomes]
    row("photos confirmed", [each.photos for each in found])
    row("answered", [each.answered for each in found])
    row("lost", [each.lost for each in found], nought=True)
    row("never confirmed", [each.unconfirmed for each in found], nought=True)
    row("answered in words", [each.in_words for each in found], nought=True)
    row("another photo's pixels", [each.mixed_up for each in found], nought=True)
    row("pixels of no photo", [each.unreadable for each in found], nought=True)
    row("albums out of order", [each.disordered for each in found], nought=True)
    row("answered again", [each.repeated for each in found], nought=True)
    row("again, response lost", [each.unheard for each in found])
    row("again, killed before noting", [each.killed for each in found])
    row("  more than there were kills", [max(0, each.killed - each.kills) for each in found], nought=True)
    row("  the most after one kill", [each.most_at_a_kill for each in found])
    row("albums in several messages", [each.split for each in found])
    row("updates left", [outcome.left for outcome in outcomes], nought=True)
    row("bad ends of processes", [len(outcome.ends.bad) for outcome in outcomes], nought=True)
    row("decoders left behind", [outcome.ends.orphans for outcome in outcomes], nought=True)
    row("log lines with a name", [outcome.named_in_logs for outcome in outcomes], nought=True)
    row("updates that came twice", [outcome.doubled for outcome in outcomes])
    row("requests that failed", [outcome.faults for outcome in outcomes])
    row("responses lost", [outcome.unheard for outcome in outcomes])
    for kind in Kind:
        row(kind.value, [outcome.events[kind] for outcome in outcomes])
    row("seconds until all was answered", [round(outcome.quiet_s) for outcome in outcomes])
    first = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:{first}}" + "".join(f"{cell:>12}" for cell in cells) for name, cells in rows)


def remarks(outcome: Outcome, most: int = 40) -> list[str]:
    """One line for each thing that is wrong, not more than ``most`` of them."""
    lines = [*outcome.findings.remarks, *outcome.ends.bad]
    return lines[:most] + ([f"and {len(lines) - most} more"] if len(lines) > most else [])
