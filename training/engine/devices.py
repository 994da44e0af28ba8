r"""Data-parallel training with ``tf.distribute``: several devices of one machine, or several machines.

On one machine ``--devices N`` shares each batch between N GPUs, or between N logical CPU devices where there are not so
many. On several machines the same command is started on each, with ``TF_CONFIG`` naming all of them and which one this
is, as TensorFlow documents it::

    TF_CONFIG='{"cluster": {"worker": ["host1:12345", "host2:12345"]}, "task": {"type": "worker", "index": 0}}' \
        python -m training --preset lesson

The first worker records, measures and publishes; the others compute. Every device gets the same pictures of each batch
wherever it stands, and the gradients' sums are what one device would have computed: the weights are the same within
float noise.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, Final

from training.engine import lesson
from training.errors import TrainingError
from training.plan import Plan

TF_CONFIG: Final = "TF_CONFIG"


def is_shared(plan: Plan, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether several devices train."""
    return plan.devices > 1 or is_shared_by_machines(environment)


def is_shared_by_machines(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether several machines train.

    Raises:
        TrainingError: ``TF_CONFIG`` cannot be read.
    """
    return len(_cluster(environment)) > 1


def is_chief(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this process records and publishes; the only one does.

    Raises:
        TrainingError: ``TF_CONFIG`` cannot be read.
    """
    if len(_cluster(environment)) < 2:
        return True
    task = _config(environment).get("task", {})
    return task.get("type") == "chief" or (
        task.get("type") == "worker"
        and task.get("index") == 0
        and not _config(environment).get("cluster", {}).get("chief")
    )


def check_devices(plan: Plan) -> None:
    """Makes sure, before anything is made, that there is something to share a batch between.

    Raises:
        TrainingError: ``--devices`` names more than there are GPUs, and more than there are cores.
    """
    cores = max(2, os.cpu_count() or 1)  # two on one core show how it works
    if plan.devices <= cores:
        return
    import tensorflow as tf

    gpus = len(tf.config.list_physical_devices("GPU"))
    if plan.devices > gpus:
        raise TrainingError(
            f"--devices must be at most {max(cores, gpus)} here, not {plan.devices}: {cores} cores, {gpus} GPUs."
        )


def strategy_for(plan: Plan, environment: Mapping[str, str] = os.environ) -> Any:
    """The tf.distribute.Strategy of a plan; to be asked before TensorFlow does anything else.

    Raises:
        TrainingError: there are not so many devices, or the other machines cannot be reached.
    """
    import tensorflow as tf

    if len(_cluster(environment)) > 1:
        try:
            return tf.distribute.MultiWorkerMirroredStrategy()
        except (RuntimeError, ValueError, tf.errors.OpError) as error:
            raise TrainingError(f"The machines of {TF_CONFIG} cannot work together: {_first_line(error)}") from error
    gpus = tf.config.list_logical_devices("GPU") if tf.config.list_physical_devices("GPU") else []
    if len(gpus) >= plan.devices:
        return tf.distribute.MirroredStrategy([gpu.name for gpu in gpus[: plan.devices]])
    (cpu,) = tf.config.list_physical_devices("CPU")
    try:
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * plan.devices)
    except RuntimeError as error:
        if len(tf.config.list_logical_devices("CPU")) < plan.devices:
            raise TrainingError(f"--devices {plan.devices}: TensorFlow is running already; start again.") from error
    return tf.distribute.MirroredStrategy([f"/cpu:{number}" for number in range(plan.devices)])


def shared_steps(strategy: Any, learning_rate: float) -> lesson.Epoch:
    """The steps of an epoch, each batch shared between the strategy's devices.

    Args:
        strategy: from :func:`strategy_for`.
        learning_rate: Adam's.
    """
    import tensorflow as tf

    @tf.function(reduce_retracing=True)
    def step(images: Any, labels: Any, positions: Any, state: Any, number: Any) -> Any:
        def on_device() -> Any:
            context = tf.distribute.get_replica_context()
            mine = positions[context.replica_id_in_sync_group :: strategy.num_replicas_in_sync]
            return lesson.learn_from(images, labels, mine, state[0])

        sums, loss, hits = tf.nest.map_structure(
            lambda value: strategy.reduce(tf.distribute.ReduceOp.SUM, value, axis=None), strategy.run(on_device)
        )
        size = tf.cast(tf.size(positions), tf.float32)
        return lesson.adam_step(state, [each / size for each in sums], number, learning_rate), loss, hits

    def steps(images: Any, labels: Any, order: Any, weights: Any, means: Any, squares: Any, first: Any) -> Any:
        state, loss, hits = (weights, means, squares), 0.0, 0
        for number, positions in enumerate(order, start=int(first) + 1):
            state, more_loss, more_hits = step(images, labels, positions, state, tf.constant(number))
            loss, hits = loss + float(more_loss), hits + int(more_hits)
        return (*state, loss, hits)

    return steps


def _cluster(environment: Mapping[str, str]) -> list[str]:
    cluster = _config(environment).get("cluster", {})
    return [address for role in ("chief", "worker") for address in cluster.get(role, [])]


def _config(environment: Mapping[str, str]) -> dict[str, Any]:
    try:
        config = json.loads(environment.get(TF_CONFIG, "{}") or "{}")
    except ValueError as error:
        raise TrainingError(f"{TF_CONFIG} is not JSON: {error}.") from error
    if not isinstance(config, dict):
        raise TrainingError(f"{TF_CONFIG} is not a JSON object.")
    return config


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
