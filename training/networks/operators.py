"""Which operators a converted model uses, and whether both interpreters have them.

``operators.json`` beside this file holds, for tflite-runtime 2.14 and for LiteRT, the first and last version of every
builtin operator that they load. It was measured, not copied: each interpreter was given a model that names one
operator. ``python -m training.networks.operators PYTHON`` measures again, where ``PYTHON`` is the interpreter of an
environment that has tflite-runtime.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

from bot.registry.files import replace_durably
from training.errors import UnfitModelError

TABLE: Final = "operators.json"
MOST_VERSIONS: Final = 24
"""No operator has had more versions yet; the measuring stops here."""

INPUT: Final = ("pixels", (1, 28, 28))
OUTPUT: Final = ("Identity", (1, 10))
"""Name and shape of the one input and the one output, kept from model to model."""

Range = tuple[int, int]
Table = Mapping[str, Mapping[str, Range]]
"""Runtime name -> operator name -> first and last version."""

_MODEL_VERSION: Final = 3
_FILE_IDENTIFIER: Final = b"TFL3"
_DEPRECATED_CODES: Final = 127
_LOADER: Final = """
import pathlib, sys
try:
    from tflite_runtime.interpreter import Interpreter
except ImportError:
    from ai_edge_litert.interpreter import Interpreter
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        Interpreter(model_content=path.read_bytes())
    except (ValueError, RuntimeError):
        continue
    print(path.name)
"""


def supported() -> Table:
    """The committed table."""
    table = json.loads((resources.files("training.networks") / TABLE).read_text(encoding="utf-8"))
    return {runtime: {name: (low, high) for name, (low, high) in rows.items()} for runtime, rows in table.items()}


def operators_of(model: bytes) -> list[tuple[str, int]]:
    """The operators that a ``.tflite`` file names, with their versions, sorted.

    Raises:
        UnfitModelError: it is no such file.
    """
    from ai_edge_litert import schema_py_generated as schema

    try:
        root = schema.Model.GetRootAs(bytearray(model), 0)
        if model[4:8] != _FILE_IDENTIFIER:
            raise ValueError("not a TFLite file")
        codes = [root.OperatorCodes(number) for number in range(root.OperatorCodesLength())]
        names = _names()
        return sorted(
            {(names[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())], code.Version()) for code in codes}
        )
    except Exception as error:  # the flatbuffers library raises struct.error, TypeError, KeyError and more
        raise UnfitModelError(f"The converted model cannot be read: {error}") from error


def interface_problems(model: bytes) -> list[str]:
    """One sentence for each way in which a file's input or output is not what every published file has."""
    from ai_edge_litert import schema_py_generated as schema

    root = schema.Model.GetRootAs(bytearray(model), 0)
    graph = root.Subgraphs(0)
    problems = []
    for kind, count, at, (name, shape) in (
        ("input", graph.InputsLength(), graph.Inputs, INPUT),
        ("output", graph.OutputsLength(), graph.Outputs, OUTPUT),
    ):
        tensors = [graph.Tensors(at(number)) for number in range(count)]
        found = [(tensor.Name().decode(), tuple(map(int, tensor.ShapeAsNumpy()))) for tensor in tensors]
        if found != [(name, shape)]:
            problems.append(f"the {kind} is {found}, not {[(name, shape)]}")
    return problems


def unsupported(model: bytes, table: Table | None = None) -> list[str]:
    """One sentence for each operator that a runtime lacks; none when the model loads everywhere."""
    problems = []
    for name, version in operators_of(model):
        for runtime, rows in (supported() if table is None else table).items():
            low, high = rows.get(name, (1, 0))
            if not low <= version <= high:
                has = f"has versions {low} to {high}" if high else "does not have it"
                problems.append(f"{name} version {version}: {runtime} {has}")
    return problems


def probe_model(operator: int, version: int) -> bytes:
    """A model that names one operator and does nothing: it loads where that version is known."""
    import flatbuffers  # type: ignore[import-untyped]
    from ai_edge_litert import schema_py_generated as schema

    code: Any = schema.OperatorCodeT()
    code.builtinCode, code.deprecatedBuiltinCode, code.version = operator, min(operator, _DEPRECATED_CODES), version
    graph: Any = schema.SubGraphT()
    graph.tensors, graph.inputs, graph.outputs, graph.operators = [], [], [], []
    model: Any = schema.ModelT()
    model.version, model.buffers = _MODEL_VERSION, [schema.BufferT()]
    model.operatorCodes, model.subgraphs = [code], [graph]
    builder = flatbuffers.Builder(256)
    builder.Finish(model.Pack(builder), _FILE_IDENTIFIER)
    return bytes(builder.Output())


def loadable(python: str, wanted: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Which of the operators the interpreter of another environment loads.

    Args:
        python: the Python of an environment that has tflite-runtime or LiteRT.
        wanted: operator names and versions.
    """
    codes = {name: code for code, name in _names().items()}
    with tempfile.TemporaryDirectory() as folder:
        for name, version in wanted:
            (Path(folder) / f"{name}.{version}").write_bytes(probe_model(codes[name], version))
        found = subprocess.run(  # noqa: S603 - our own script, in an environment that the caller names
            [python, "-c", _LOADER, folder], check=True, capture_output=True, text=True
        )
    pairs = (line.rsplit(".", 1) for line in found.stdout.split())
    return {(name, int(version)) for name, version in pairs}


def measure(python: str) -> dict[str, Range]:
    """The first and last version of each operator that another environment's interpreter loads."""
    wanted = [(name, version) for name in _names().values() for version in range(1, MOST_VERSIONS + 1)]
    found: dict[str, Range] = {}
    for name, version in sorted(loadable(python, wanted)):
        low, high = found.get(name, (version, version))
        found[name] = (min(low, version), max(high, version))
    return found


def main(argv: list[str]) -> int:
    """Measures both runtimes and writes the table."""
    if len(argv) != 1:
        print(
            "usage: python -m training.networks.operators PYTHON  (of an environment with tflite-runtime)",
            file=sys.stderr,
        )
        return 2
    table = {"tflite-runtime 2.14.0": measure(argv[0]), "ai-edge-litert": measure(sys.executable)}
    rows = [
        f" {json.dumps(runtime)}: {{\n"
        + ",\n".join(f"  {json.dumps(name)}: {json.dumps(versions)}" for name, versions in sorted(found.items()))
        + "\n }"
        for runtime, found in table.items()
    ]
    replace_durably(Path(__file__).with_name(TABLE), ("{\n" + ",\n".join(rows) + "\n}\n").encode())
    return 0


def _names() -> dict[int, str]:
    from ai_edge_litert import schema_py_generated as schema

    return {code: name for name, code in vars(schema.BuiltinOperator).items() if not name.startswith("_")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
