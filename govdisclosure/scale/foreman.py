"""Hands out the buckets, sees them done, and finds out who killed a worker."""

from __future__ import annotations

import os
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path

from ..errors import DatasetError
from .crew import Crew, OwnCrew
from .files import write_json
from .guard import read_trail
from .worker import Done, Task, run, trail_path

PATIENCE = 6  # times a bucket may lose its worker with nobody to blame
ALONE = 3  # deaths of a source read alone before it is condemned
GRACE = 5.0  # seconds more than the timeout before a worker that hangs inside C is killed
TICK = 0.5


class Foreman:
    """Does `tasks` with `crew`. ``condemned``: label → kind, sources that proved to kill or hang their worker."""

    def __init__(
        self, crew: Crew, task: Callable[[int, dict[str, str]], Task], condemned: dict[str, str]
    ) -> None:
        self.crew, self.task, self.condemned = crew, task, condemned
        self.waiting: deque[int] = deque()
        self.at_work: dict[Future, Task] = {}
        self.deaths: Counter[int] = Counter()
        self.hung: set[str] = set()

    def work(self, numbers: Iterator[int], tick: Callable[[int], None]) -> Iterator[Done]:
        """Yield each bucket as it is done, in no order; `tick` hears how many sources are read in those at work."""
        self.waiting.extend(numbers)
        while self.waiting or self.at_work:
            lost = []
            while self.waiting and not lost and len(self.at_work) < 2 * self.crew.workers:
                lost = self._start(self.waiting.popleft())
            finished, _ = wait(self.at_work, 0 if lost else TICK, FIRST_COMPLETED)
            for future in finished:
                task = self.at_work.pop(future)
                error = future.exception() if not future.cancelled() else None
                if error is None and not future.cancelled():
                    yield future.result()
                elif isinstance(error, DatasetError):
                    raise error
                else:
                    lost.append((task, error))
            if lost:
                self._recover(lost)
            tick(self._watch())

    def _start(self, number: int) -> list[tuple[Task, BaseException]]:
        """Hand out a bucket; [(task, error)] where the executor takes no more."""
        from concurrent.futures import BrokenExecutor

        task = self.task(number, self.condemned)
        try:
            Path(trail_path(task)).unlink(missing_ok=True)
            self.at_work[self.crew.submit(run, task)] = task
        except (BrokenExecutor, RuntimeError) as error:
            return [(task, error)]
        return []

    def _watch(self) -> int:
        """Sources read so far in the buckets at work; kills our own workers that hang."""
        done = 0
        for task in self.at_work.values():
            step = read_trail(trail_path(task))
            if step is None:
                continue
            label, pid, host, since, count = step
            done += count
            if (
                task.timeout
                and time.time() - since > task.timeout + GRACE
                and host == socket.gethostname()
            ):
                self.hung.add(label)
                self.crew.kill(pid)
        return done

    def _recover(self, lost: list[tuple[Task, BaseException | None]]) -> None:
        """Workers died or the pool broke: start again, test what they were reading alone, do the lost buckets again."""
        if self.crew.own:
            wait(self.at_work, 30)  # a broken pool breaks for all
            lost += [
                (task, None)
                for future, task in self.at_work.items()
                if not future.done() or future.exception()
            ]
            kept = {f: t for f, t in self.at_work.items() if f.done() and not f.exception()}
            self.at_work = kept
            self.crew.restart()
        for task, step in [(task, read_trail(trail_path(task))) for task, _ in lost]:
            if step is not None:
                self._judge(task, step[0])
        for task, error in lost:
            self._again(task, error)
        if not self.crew.own and any(error is not None and _broken(error) for _, error in lost):
            raise DatasetError(
                lost[0][0].out,
                "an executor that works",
                seen=f"{type(lost[0][1]).__name__}: {lost[0][1]}",
                advice="Run it again with a new executor: what is done is kept, and what broke it is known.",
            )

    def _again(self, task: Task, error: BaseException | None) -> None:
        self.deaths[task.number] += 1
        if self.deaths[task.number] > PATIENCE:
            raise DatasetError(
                task.out,
                "workers that stay alive",
                seen=f"bucket {task.number} lost {PATIENCE} of them, last {error!r}",
                advice="Is memory short? Use fewer jobs; what is done is kept.",
            ) from error
        self.waiting.appendleft(task.number)

    def _judge(self, task: Task, label: str) -> None:
        """Read a suspect alone, in a process of its own; condemn it if that dies too, or hangs again (a machine that
        slept makes an innocent one look as if it hung)."""
        if label in self.condemned:
            return
        kind = _alone(task, label) if label in self.hung else _verdict(task, label)
        if kind:
            self.condemned[label] = kind
            self.deaths.clear()
            write_json(os.path.join(task.out, ".build", "condemned.json"), self.condemned)


def _broken(error: BaseException) -> bool:
    from concurrent.futures import BrokenExecutor

    return isinstance(error, BrokenExecutor)


def _verdict(task: Task, label: str) -> str | None:
    """What befalls a suspect every time it is read alone. One death proves nothing: the system, or a person, kills too."""
    for _ in range(ALONE):
        kind = _alone(task, label)
        if kind is None:
            return None
    return kind


def _alone(task: Task, label: str) -> str | None:
    """'crashed' or 'timeout' where reading this source alone kills or hangs its process; None where it is innocent."""
    crew = OwnCrew(1, task.memory)
    try:
        future = crew.submit(run, task._replace(only=label))
        limit = (task.timeout or 600) + GRACE + 30
        if not wait([future], limit).done:
            return "timeout"
        return "crashed" if future.exception() else None
    finally:
        crew.close()
