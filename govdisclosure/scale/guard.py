"""Limits around the reading of one file, and the trail a worker leaves so that the one that killed it is known."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Overtime(BaseException):
    """The file took too long. No Exception, so that a reader that catches those lets it pass."""


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise Overtime in the block after `seconds`: by a timer signal in a main thread, by a watching thread elsewhere.

    Both work between two steps of Python; what hangs inside a C library is killed by the parent, see `pool`.
    """
    if not seconds:
        yield
    elif threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer"):
        with _timer(seconds):
            yield
    else:
        with _watched(seconds):
            yield


@contextmanager
def _timer(seconds: float) -> Iterator[None]:
    armed = True

    def ring(*_):
        if armed:
            raise Overtime

    before = signal.signal(signal.SIGALRM, ring)
    try:
        # it rings again every second: an exception raised inside a callback or a __del__ is lost
        signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
        yield
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _watched(seconds: float) -> Iterator[None]:
    thread, lock, done = threading.get_ident(), threading.Lock(), threading.Event()

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            with lock:
                if not done.is_set():
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(
                        ctypes.c_ulong(thread), ctypes.py_object(Overtime)
                    )
            wait = 1.0

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        with lock:
            done.set()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), None)


def enter_worker(memory: int | None) -> None:
    """What a worker process of ours does first: end with its parent, and take no more memory than it may."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends us
    if memory:
        limit_memory(memory)


def limit_memory(memory: int) -> None:
    """Let this process take `memory` bytes of address space beyond what it has; nothing where the system has no such limit."""
    try:
        import resource

        with open("/proc/self/statm") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = used + memory
        resource.setrlimit(
            resource.RLIMIT_AS,
            (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard),
        )
    except (ImportError, OSError, ValueError):
        pass


class Trail:
    """One small file that says which source is being read, since when, by whom. A killed worker leaves it behind."""

    def __init__(self, path: str) -> None:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self.path, self.who = path, [os.getpid(), socket.gethostname()]
        self.handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)

    def step(self, label: str, done: int) -> None:
        """Say that `label` is read now, after `done` others."""
        line = json.dumps([label, *self.who, time.time(), done]).encode()
        os.pwrite(self.handle, line + b"\n", 0)
        os.ftruncate(self.handle, len(line) + 1)

    def end(self) -> None:
        """All read: remove the trail."""
        os.close(self.handle)
        try:
            os.unlink(self.path)
        except OSError:
            pass


def read_trail(path: str) -> tuple[str, int, str, float, int] | None:
    """(label, pid, host, since, done) of a worker's last step; None where it took none."""
    try:
        with open(path, "rb") as file:
            label, pid, host, since, done = json.loads(file.readline())
        return label, pid, host, since, done
    except (OSError, ValueError):
        return None
