"""A training loop of many small steps, compiled, with a progress bar."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from course_utils.checks.compare import plain

CHUNK = 100  # steps a graph call: long enough to be fast, short enough for the bar to move

Step = Callable[[Any, Any], Any]  # of a batch (x, y)
Chunk = Callable[[Any, Any], Any]


@dataclass
class Steps:
    """What came of the steps.

    Attributes:
        losses: (step, loss) pairs: how many updates came before, and the loss in nats of the
            next batch; one pair each ``CHUNK`` steps.
        marks: (step, accuracy) pairs, where an accuracy was asked for.
        seconds: time of all steps, shuffling and compilation included.
        compiled: False where the step could not be compiled and ran operation by operation.
    """

    losses: list[tuple[int, float]] = field(default_factory=list)
    marks: list[tuple[int, float]] = field(default_factory=list)
    seconds: float = 0.0
    compiled: bool = True


@dataclass(frozen=True)
class Batches:
    """Shuffled batches without end; iterating gives (x, y) pairs.

    Attributes:
        x: (n, …) tensor of inputs.
        y: (n,) tensor of labels.
        positions: ``tf.data.Dataset`` of (size,) indices: which examples make each batch.
    """

    x: Any
    y: Any
    positions: Any

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return (self.at(chosen) for chosen in self.positions)

    def at(self, chosen: Any) -> tuple[Any, Any]:
        """The examples at (size,) positions: inputs (size, …) and labels (size,)."""
        import tensorflow as tf

        return tf.gather(self.x, chosen), tf.gather(self.y, chosen)


def batches_of(x: Any, y: Any, size: int, *, seed: int = 0) -> Batches:
    """Shuffled batches without end: a pass over the data takes no example twice.

    Only positions are shuffled; the examples of a batch are fetched together, which is faster
    than moving them one by one. What is left over at the end of a pass, less than a batch, waits
    for the next one.

    Args:
        x: (n, …) tensor of inputs.
        y: (n,) tensor of labels.
        size: examples a batch, n at most.
        seed: the same seed gives the same order.

    Returns:
        The batches, ``size`` examples each.

    Raises:
        ValueError: a batch is empty or larger than the data.
    """
    import tensorflow as tf

    n = len(x)
    if not 1 <= size <= n:
        raise ValueError(f"size is {size}; it must be from 1 to the number of examples, {n}")

    def one_pass(number: Any) -> Any:
        order = tf.random.experimental.stateless_shuffle(tf.range(n), (seed, number))
        return tf.reshape(order[: n - n % size], (-1, size))

    return Batches(x, y, tf.data.Dataset.counter().map(one_pass).unbatch())


def run_steps(
    step: Step,
    loss: Step,
    batches: Batches,
    steps: int,
    *,
    accuracy: Callable[[], Any] | None = None,
    every: int = 1000,
    name: str = "entrenamiento",
) -> Steps:
    """Run a training step over and over: the first one as it is, the rest in a compiled loop.

    The loss is looked at once a chunk only, so that a step has one forward pass, not two.

    Args:
        step: takes a batch (x, y) and updates the model's variables.
        loss: from a batch (x, y) to its loss, a scalar.
        batches: what ``batches_of`` gives.
        steps: how many steps.
        accuracy: gives the accuracy in [0, 1] of the moment; asked before the first step, every
            ``every`` steps and at the end. Its time does not count.
        every: steps between two accuracies.
        name: what the progress bar says.

    Returns:
        The losses, the accuracies, and how long the steps took.

    Raises:
        ValueError: ``steps`` or ``every`` below 1.
    """
    if min(steps, every) < 1:
        raise ValueError(f"steps is {steps} and every is {every}; they must be at least 1")
    start = perf_counter()
    eager = _chunk(step, loss, batches, steps)
    run, done, size = Steps(seconds=perf_counter() - start), 0, 1
    _mark(run, 0, accuracy)
    with _bar(steps, name) as bar:
        # The first step outside a graph: a student's error shows their own line, not TensorFlow's.
        ways = [eager]
        while done < steps:
            _advance(run, bar, done, size, ways)
            if done == 0:
                ways = _compiled(eager)
            done += size
            size = min(CHUNK, steps - done, every - done % every)
            if done % every == 0 or done == steps:
                _mark(run, done, accuracy)
    return run


def _chunk(step: Step, loss: Step, batches: Batches, steps: int) -> Chunk:
    """From the number of a step and of the one to stop at to the loss before the first of them."""
    import tensorflow as tf

    positions = batches.positions.take(steps).batch(steps).get_single_element()

    def chunk(number: Any, stop: Any) -> Any:
        first = loss(*batches.at(tf.gather(positions, number)))
        while number < stop:  # over tf.range, XLA would compile anew for each pair of limits
            step(*batches.at(tf.gather(positions, number)))
            number += 1
        return first

    return chunk


def _compiled(eager: Chunk) -> list[Chunk]:
    """The same chunk in three ways, the fastest first, and last the one that always works."""
    import tensorflow as tf

    return [tf.function(eager, jit_compile=True), tf.function(eager), eager]


def _advance(run: Steps, bar: Any, done: int, size: int, ways: list[Chunk]) -> None:
    """Run some steps in the first of the ways that works, and forget those before it."""
    import tensorflow as tf

    start = perf_counter()
    first = None
    while first is None:
        try:
            first = float(plain(ways[0](tf.constant(done), tf.constant(done + size))))
        except Exception as error:
            if len(ways) == 1:
                raise
            ways.pop(0)
            if len(ways) == 1:
                run.compiled = False
                bar.write(
                    f"Tu paso no se puede compilar ({type(error).__name__}) y sigue más lento: "
                    f"¿hay `.numpy()` o NumPy en tu gradiente o en tu pérdida?"
                )
    run.seconds += perf_counter() - start
    run.losses.append((done, first))
    bar.set_postfix_str(f"pérdida {first:.3f}", refresh=False)
    bar.update(size)


def _mark(run: Steps, done: int, accuracy: Callable[[], Any] | None) -> None:
    if accuracy is not None:
        run.marks.append((done, float(plain(accuracy()))))


def _bar(steps: int, name: str) -> Any:
    from tqdm.auto import tqdm

    return tqdm(total=steps, desc=name, unit="paso")
