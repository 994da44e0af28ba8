"""What training computes in."""

from pathlib import Path

import pytest

pytest.importorskip("tensorflow")

from training.engine.backend import training_policy


@pytest.mark.parametrize(
    ("flags", "policy"),
    [
        ("avx2 avx512f avx512_bf16 amx_bf16 amx_tile", "mixed_bfloat16"),
        ("avx2 avx512f avx512_bf16", "float32"),
        ("avx2", "float32"),
    ],
)
def test_bfloat16_is_for_processors_that_multiply_matrices_of_it(
    flags: str, policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "read_text", lambda _, encoding: f"flags\t: fpu {flags}\n")

    assert training_policy() == policy


def test_a_system_that_does_not_tell_computes_in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path, encoding: str) -> str:
        raise FileNotFoundError(encoding)

    monkeypatch.setattr(Path, "read_text", refuse)

    assert training_policy() == "float32"
