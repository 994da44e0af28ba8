"""TFLite files on whichever of the two interpreters is installed, shared safely between threads.

LiteRT (``ai-edge-litert``) is the default; ``tflite-runtime`` 2.14, its predecessor, serves machines that have only
that. An interpreter is not thread safe, so that each call borrows one of a few; all are made from bytes, so that a
file that is replaced on disk cannot pull the ground from under them.
"""

import contextlib
import importlib
import importlib.metadata
import logging
import os
import queue
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.vision.tflite_file import FILE_IDENTIFIER, Tensor, inputs_and_outputs

NATIVE_LOG_PREFIXES: Final = (b"INFO: ", b"WARNING: ", b"ERROR: ", b"VERBOSE: ")
"""How lines begin that the interpreters print from C++."""

_log = logging.getLogger(__name__)
_stderr_lock = threading.Lock()


class TfliteRuntime(StrEnum):
    """Which interpreter to use."""

    AUTO = "auto"
    LITERT = "litert"
    TFLITE_RUNTIME = "tflite-runtime"


PACKAGES: Final[Mapping[TfliteRuntime, tuple[str, str]]] = {
    TfliteRuntime.LITERT: ("ai-edge-litert", "ai_edge_litert.interpreter"),
    TfliteRuntime.TFLITE_RUNTIME: ("tflite-runtime", "tflite_runtime.interpreter"),
}
"""Distribution and module of each interpreter, in the order in which AUTO tries them."""


class ModelError(Exception):
    """A model that cannot be used; ``str()`` is one line that says why."""


def choose_runtime(runtime: TfliteRuntime = TfliteRuntime.AUTO) -> TfliteRuntime:
    """Say which interpreter ``runtime`` means on this machine.

    Raises:
        ModelError: it is not installed, or cannot work with the numpy that is.
    """
    wanted = tuple(PACKAGES) if runtime is TfliteRuntime.AUTO else (runtime,)
    installed = [choice for choice in wanted if _version(choice) is not None]
    if not installed:
        names = " or ".join(PACKAGES[choice][0] for choice in wanted)
        raise ModelError(f"no TFLite interpreter: pip install {names}")
    if installed[0] is TfliteRuntime.TFLITE_RUNTIME and int(np.__version__.partition(".")[0]) >= 2:
        raise ModelError(
            f"tflite-runtime needs numpy below 2, not {np.__version__}: pip install -r requirements-tflite-runtime.txt"
        )
    return installed[0]


def runtime_name(runtime: TfliteRuntime = TfliteRuntime.AUTO) -> str:
    """Name the interpreter in use, with its version, e.g. ``litert 2.3.0``.

    Raises:
        ModelError: there is none.
    """
    chosen = choose_runtime(runtime)
    return f"{chosen} {_version(chosen)}"


def _version(runtime: TfliteRuntime) -> str | None:
    try:
        return importlib.metadata.version(PACKAGES[runtime][0])
    except importlib.metadata.PackageNotFoundError:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class TensorDetails:
    """What an interpreter says of an input or output.

    Attributes:
        index: to set or get it by.
        shape: int32 array.
        dtype: of its values.
    """

    index: int
    shape: NDArray[np.int32]
    dtype: type


def input_and_output(model: bytes, runtime: TfliteRuntime = TfliteRuntime.AUTO) -> tuple[TensorDetails, TensorDetails]:
    """Ask the interpreter about the first input and the first output of a TFLite file.

    Raises:
        ModelError: no interpreter, or a broken file.
    """
    interpreter = _opened(model, runtime)
    inputs, outputs = interpreter.get_input_details(), interpreter.get_output_details()
    return _details(inputs[0]), _details(outputs[0])


def _details(told: Mapping[str, Any]) -> TensorDetails:
    return TensorDetails(int(told["index"]), np.asarray(told["shape"], np.int32), told["dtype"])


class InterpreterPool:
    """A few interpreters of one model; thread safe, one picture at a time in each.

    One is made only when a call finds none idle: each unpacks the model's weights for itself, which takes time at the
    start, and more memory than the file. So a bot that has seen no photo yet has not even loaded their library.
    """

    def __init__(
        self,
        model: bytes,
        *,
        input_shape: tuple[int, ...],
        output_shapes: tuple[tuple[int, ...], ...],
        runtime: TfliteRuntime = TfliteRuntime.AUTO,
        interpreters: int = 1,
    ) -> None:
        """Read the model.

        Args:
            model: a TFLite file with one float32 input and float32 outputs.
            input_shape: the input's shape, with the batch of one.
            output_shapes: the outputs' shapes, in the order in which :meth:`run` returns them.
            runtime: the interpreter to use.
            interpreters: calls that can run at the same time.

        Raises:
            ModelError: no interpreter, a broken file, or one with other inputs and outputs.
        """
        choose_runtime(runtime)
        try:
            inputs, outputs = inputs_and_outputs(model)
        except ValueError as error:
            raise ModelError(str(error)) from error
        self._input_shape = input_shape
        self._make = partial(
            _Interpreter,
            model,
            runtime,
            _matching(inputs, (input_shape,), "inputs")[0],
            _matching(outputs, output_shapes, "outputs"),
        )
        self._to_make = threading.Semaphore(interpreters)
        self._idle: queue.LifoQueue[_Interpreter] = queue.LifoQueue()

    def run(self, values: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Run the model once.

        Args:
            values: float32, of the input's shape without the batch of one.

        Returns:
            Copies of the outputs, float32, without the batch of one.

        Raises:
            ModelError: the interpreter fails.
            ValueError: the values have another shape.
        """
        if values.shape != self._input_shape[1:]:
            raise ValueError(f"expected {list(self._input_shape[1:])}, got {list(values.shape)}")
        interpreter = self._borrowed()
        try:
            return interpreter.run(np.ascontiguousarray(values[None], np.float32))
        finally:
            self._idle.put(interpreter)

    def _borrowed(self) -> "_Interpreter":
        with contextlib.suppress(queue.Empty):
            return self._idle.get_nowait()
        if not self._to_make.acquire(blocking=False):
            return self._idle.get()
        try:
            return self._make()
        except BaseException:
            self._to_make.release()
            raise


class _Interpreter:
    def __init__(self, model: bytes, runtime: TfliteRuntime, input_index: int, output_indices: list[int]) -> None:
        self._interpreter = _opened(model, runtime, to_run=True)
        self._input = input_index
        self._outputs = output_indices

    def run(self, values: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        try:
            self._interpreter.set_tensor(self._input, values)
            self._interpreter.invoke()
            return tuple(np.asarray(self._interpreter.get_tensor(index), np.float32)[0] for index in self._outputs)
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"the interpreter fails: {_one_line(error)}") from error


def _opened(model: bytes, runtime: TfliteRuntime, *, to_run: bool = False) -> Any:
    """An interpreter.

    Args:
        model: the file.
        runtime: the interpreter to use.
        to_run: unpack the weights, too, and be ready.

    Raises:
        ModelError: no interpreter, or a broken file.
    """
    if model[4:8] != FILE_IDENTIFIER:
        raise ModelError("not a TFLite file")
    module = importlib.import_module(PACKAGES[choose_runtime(runtime)][1])
    kinds = module.OpResolverType
    kind = kinds.AUTO if to_run else kinds.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    try:
        with _native_log():
            interpreter = module.Interpreter(model_content=model, num_threads=1, experimental_op_resolver_type=kind)
            if to_run:
                interpreter.allocate_tensors()
            return interpreter
    except (RuntimeError, ValueError, SystemError, TypeError) as error:
        raise ModelError(f"the interpreter cannot load this file: {_one_line(error)}") from error


def _matching(tensors: list[Tensor], shapes: tuple[tuple[int, ...], ...], what: str) -> list[int]:
    """Find a float32 tensor for each shape; a file of ours has no two of the same."""
    found = {(each.shape, each.is_float32): each.index for each in tensors}
    wanted = [(shape, True) for shape in shapes]
    if len(tensors) != len(shapes) or any(key not in found for key in wanted):
        seen, expected = (", ".join(_told(*key) for key in keys) for keys in (found, wanted))
        raise ModelError(f"a model with other {what}: {seen or 'none'} instead of {expected}")
    return [found[key] for key in wanted]


def _told(shape: tuple[int, ...], is_float32: bool) -> str:
    return f"{'float32' if is_float32 else 'another type'} {list(shape)}"


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


@contextlib.contextmanager
def _native_log() -> Iterator[None]:
    """Log at debug level what C++ prints to the standard error, such as which delegate was made.

    There is no setting for it. Lines of other origin that were printed meanwhile are passed on.
    """
    with _stderr_lock, contextlib.ExitStack() as stack:
        try:
            printed = stack.enter_context(tempfile.TemporaryFile())
            stderr = os.dup(2)
        except OSError:  # a full disk; closed, as for a daemon
            yield
            return
        os.dup2(printed.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
            printed.seek(0)
            for line in printed.read().splitlines():
                if line.startswith(NATIVE_LOG_PREFIXES):
                    _log.debug("%s", line.decode("utf-8", "replace"))
                else:
                    os.write(2, line + b"\n")


class NoModelError(ModelError):
    """There is no model that can serve; ``str()`` says what to do."""
