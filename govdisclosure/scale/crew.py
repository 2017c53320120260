"""Who does the work: our own process pool, any `concurrent.futures.Executor`, or a Dask cluster, behind one door."""

from __future__ import annotations

import os
import signal
import sys
import types
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager

from ..errors import DatasetError
from .guard import enter_worker


class Crew:
    """Someone else's executor. It can't be started again: when it breaks, the build ends with an error and can be repeated."""

    own = False

    def __init__(self, executor: Executor, workers: Callable[[], int]) -> None:
        self.executor, self._workers = executor, workers

    @property
    def workers(self) -> int:
        """How many tasks run at a time."""
        return max(1, self._workers())

    def submit(self, function: Callable, *arguments) -> Future:
        """As `Executor.submit`."""
        return self.executor.submit(function, *arguments)

    def kill(self, pid: int) -> None:
        """Stop a worker that hangs; only our own are ours to kill."""

    def restart(self) -> None:
        """Start afresh after a worker died."""

    def close(self) -> None:
        """Let go; the executor is its owner's to shut down."""


class Cluster(Crew):
    """A Dask cluster. `client` is closed at the end where it was opened here, for an address."""

    def __init__(self, client, *, ours: bool) -> None:
        self.client, self.ours = client, ours
        super().__init__(client.get_executor(pure=False), lambda: sum(client.nthreads().values()))

    def close(self) -> None:
        """Take back what has not begun, leave the cluster."""
        self.executor.shutdown(wait=False)
        if self.ours:
            self.client.close()


class OwnCrew(Crew):
    """A pool of processes that starts again when one of them dies."""

    own = True

    def __init__(self, jobs: int, memory: int | None) -> None:
        self.jobs, self.memory = jobs, memory
        super().__init__(self._pool(), lambda: jobs)

    def _pool(self) -> Executor:
        from concurrent.futures import ProcessPoolExecutor

        return ProcessPoolExecutor(
            self.jobs, mp_context=_context(), initializer=enter_worker, initargs=(self.memory,)
        )

    def submit(self, function: Callable, *arguments) -> Future:
        """As `Executor.submit`; a process is started here if it is needed."""
        with _without_main():
            return self.executor.submit(function, *arguments)

    def kill(self, pid: int) -> None:
        """Kill one of our processes; the pool breaks and every task at work has to be done again."""
        if pid in (getattr(self.executor, "_processes", None) or {}):
            os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    def restart(self) -> None:
        """End what is left of the pool and start another."""
        self.close()
        self.executor = self._pool()

    def close(self) -> None:
        """End the pool at once: what it was doing is lost, what it has written is kept."""
        processes = list((getattr(self.executor, "_processes", None) or {}).values())
        self.executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        for process in processes:
            process.join()


def _context():
    """A server that has loaded the library once and forks from one thread; else processes from scratch (Windows)."""
    import multiprocessing

    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["govdisclosure.scale.worker"])
    return context


def warm() -> None:
    """Let the server of our processes load the library while the sources are listed."""
    if _context().get_start_method() == "forkserver":
        from multiprocessing.forkserver import ensure_running

        with _without_main():
            ensure_running()


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep multiprocessing from running the user's script again in each process: our work needs nothing of it,
    and a script of three lines has no ``if __name__ == "__main__"``."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def crew_of(executor, jobs: int | None, memory: int | None) -> Crew:
    """A Crew from None (our pool), an Executor, a `distributed.Client`, or its address as a string."""
    if executor is None:
        return OwnCrew(max(1, jobs or os.cpu_count() or 1), memory)
    if isinstance(executor, str):
        return Cluster(_client(executor), ours=True)
    if hasattr(executor, "get_executor"):
        return Cluster(executor, ours=False)
    if not callable(getattr(executor, "submit", None)):
        raise DatasetError(
            "executor",
            "an Executor, a distributed.Client or its address (tcp://…)",
            seen=repr(executor)[:100],
            advice="Leave it out to use the cores of this machine.",
        )
    return Crew(
        executor, lambda: jobs or getattr(executor, "_max_workers", None) or os.cpu_count() or 1
    )


def _client(address: str):
    try:
        from distributed import Client
    except ImportError as error:
        raise DatasetError(
            address,
            "distributed, which talks to a Dask cluster",
            seen=str(error),
            advice="Run: pip install govdisclosure[scale]",
        ) from error
    try:
        return Client(address, timeout=20)
    except (OSError, ValueError, TimeoutError) as error:
        raise DatasetError(
            address,
            "the scheduler of a Dask cluster, tcp://host:port",
            seen=str(error)[:200] or type(error).__name__,
            advice="Is it running, and can this machine reach it?",
        ) from error
