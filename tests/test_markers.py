from tests.conftest import MARKERS, ROOT


def test_every_mark_is_given_to_a_test() -> None:
    """One that was renamed would be run by `make test-fast` again, and nobody would notice but by its time."""
    for start in MARKERS:
        path, _, name = start.partition("::")
        assert (ROOT / path).exists(), start
        assert not name or f"def {name}" in (ROOT / path).read_text(encoding="utf-8"), start
