"""Writing that leaves either the old file or the new one, and one writer at a time."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import DatasetError

LOCK = ".lock"
_ADVICE = {
    errno.ENOSPC: "The disk is full: make room and run it again; what was there is untouched.",
    errno.EDQUOT: "Your disk quota is used up: make room and run it again; what was there is untouched.",
    errno.EROFS: "The file system is read-only: choose another folder.",
    errno.EACCES: "You may not write there: choose another folder or change its permissions.",
    errno.EPERM: "You may not write there: choose another folder or change its permissions.",
    errno.ENOTDIR: "A file stands where a folder should be: choose another folder.",
    errno.EEXIST: "A file stands where a folder should be: choose another folder.",
    errno.EFBIG: "The file system takes no file of that size: choose another folder.",
    errno.EMFILE: "Too many open files: raise `ulimit -n`.",
}


def unwritable(path: str | os.PathLike, error: OSError) -> DatasetError:
    """The DatasetError that says why `path` could not be written and what to do."""
    advice = _ADVICE.get(
        error.errno, "Check the folder and run it again; what was there is untouched."
    )
    return DatasetError(
        os.fspath(path), "a place to write", seen=error.strerror or str(error), advice=advice
    )


@contextmanager
def replacing(path: str | os.PathLike, *, sync: bool = True) -> Iterator[str]:
    """A temporary name beside `path`; on success it becomes `path`, on any failure it is removed.

    Raises DatasetError where the disk refuses.
    """
    final = os.fspath(path)
    folder, name = os.path.split(final)
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.new")
    try:
        try:
            os.makedirs(folder or ".", exist_ok=True)
            yield temporary
            if sync:
                flush(temporary)
            os.replace(temporary, final)
        except BaseException:
            discard(temporary)
            raise
    except OSError as error:
        raise unwritable(final, error) from error


def flush(path: str) -> None:
    """Wait until a file's bytes are on the disk."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_all(paths: Iterable[str]) -> None:
    """Wait until the bytes of those files that are there are on the disk; the disk does many at a time nearly as fast as one.

    Raises DatasetError where it refuses.
    """
    from concurrent.futures import ThreadPoolExecutor

    waiting = [path for path in paths if os.path.exists(path)]
    with ThreadPoolExecutor(8) as pool:
        for path, done in [(path, pool.submit(flush, path)) for path in waiting]:
            if isinstance(error := done.exception(), OSError):
                raise unwritable(path, error) from error


def discard(path: str | os.PathLike) -> None:
    """Remove a file if it is there."""
    try:
        os.unlink(path)
    except OSError:
        pass


def write_json(path: str | os.PathLike, value) -> None:
    """JSON, the same bytes for the same value, written atomically."""
    with replacing(path) as temporary, open(temporary, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1, sort_keys=True)
        file.write("\n")


def read_json(path: str | os.PathLike):
    """JSON of a data set. Raises DatasetError where it is damaged, FileNotFoundError where it is missing."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise DatasetError(
            os.fspath(path),
            "a data set written by govdisclosure",
            seen=str(error)[:200],
            advice="The file is damaged: build or save the data set again.",
        ) from error


@contextmanager
def locked(folder: str | os.PathLike) -> Iterator[None]:
    """Be the only writer of a folder; the system lets go of the lock when the process ends, however it ends.

    Raises DatasetError where another process holds it or the folder can't be made.
    """
    path = os.path.join(os.fspath(folder), LOCK)
    try:
        os.makedirs(folder, exist_ok=True)
        file = open(path, "a+b")  # noqa: SIM115 - kept open as long as the lock is held
    except OSError as error:
        raise unwritable(folder, error) from error
    with file:
        if not _lock(file):
            raise DatasetError(
                os.fspath(folder),
                "a folder that nobody else is writing",
                seen="another build or save at work",
                advice="Wait until it has ended, or choose another folder.",
            )
        yield


def _lock(file) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
