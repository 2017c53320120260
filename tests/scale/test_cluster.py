"""Work done elsewhere: a Dask cluster of several processes that loses one, its address alone, executors that break."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import pytest

import govdisclosure as gd
from govdisclosure import cli
from govdisclosure.errors import DatasetError
from govdisclosure.scale import guard
from govdisclosure.scale.plan import buckets_for

from .pages import contents, reports

COUNT = 260


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    assert buckets_for(COUNT) == 4
    return reports(tmp_path_factory.mktemp("reports"), COUNT)


@pytest.fixture(scope="module")
def alone(source, tmp_path_factory):
    """What one process makes of the reports."""
    out = tmp_path_factory.mktemp("alone")
    gd.build(source, out, jobs=1, progress=False)
    return contents(out)


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip(
        "distributed", reason="distributed is not installed: the Dask door is not tested here"
    )
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None
    ) as made:
        yield made


class Striker:
    """Kills, with SIGKILL, the first foreign process that is seen at work on `out`."""

    def __init__(self, out) -> None:
        self.out, self.killed, self.over = out, [], False
        self.thread = threading.Thread(target=self._strike)

    def _strike(self) -> None:
        while not self.over and not self.killed:
            steps = [guard.read_trail(str(p)) for p in self.out.glob(".build/trail/*")]
            for step in [s for s in steps if s and s[4] > 5 and s[1] != os.getpid()][:1]:
                os.kill(step[1], 9)
                self.killed.append(step[1])
            time.sleep(0.01)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.over = True
        self.thread.join()


def test_a_cluster_that_loses_a_worker_at_work_ends_in_the_same_bytes(
    source, alone, cluster, tmp_path
):
    from distributed import Client

    with Client(cluster) as client:
        workers = {w.pid for w in cluster.workers.values()}
        assert len(workers) == 3
        with Striker(tmp_path) as striker:
            assert gd.build(source, tmp_path, executor=client, progress=False).read == COUNT
        assert set(striker.killed) <= workers and striker.killed, (
            "no worker was killed: the test shows nothing"
        )
        assert client.status == "running", "a client that was handed in is its owner's to close"
    assert contents(tmp_path) == alone


def test_the_address_alone_will_do_here_and_on_the_command_line(
    source, alone, cluster, tmp_path, capsys
):
    gd.build(source, tmp_path / "a", executor=cluster.scheduler_address, progress=False)
    assert contents(tmp_path / "a") == alone
    assert (
        cli.main(
            [
                "build",
                str(source),
                "--out",
                str(tmp_path / "b"),
                "--dask",
                cluster.scheduler_address,
            ]
        )
        == 0
    )
    assert contents(tmp_path / "b") == alone and f"{COUNT} reports" in capsys.readouterr().out


def test_a_cluster_that_is_not_there_is_an_error_of_one_line(source, tmp_path, capsys, monkeypatch):
    pytest.importorskip(
        "distributed", reason="distributed is not installed: the Dask door is not tested here"
    )
    assert (
        cli.main(["build", str(source), "--out", str(tmp_path), "--dask", "nonsense://127.0.0.1:1"])
        == 2
    )
    err = capsys.readouterr().err
    assert "Dask cluster" in err and "Traceback" not in err
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(DatasetError, match=r"pip install govdisclosure\[scale\]"):
        gd.build(source, tmp_path, executor="tcp://127.0.0.1:1", progress=False)


def test_a_foreign_pool_that_breaks_is_a_clear_error_and_the_build_goes_on_with_another(
    source, alone, tmp_path
):
    with (
        ProcessPoolExecutor(2, mp_context=get_context("forkserver")) as pool,
        Striker(tmp_path) as striker,
    ):
        with pytest.raises(DatasetError, match="new executor"):
            gd.build(source, tmp_path, executor=pool, progress=False)
    assert striker.killed
    gd.load(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        gd.build(source, tmp_path, executor=pool, progress=False)
    assert contents(tmp_path) == alone


class Feeble(Executor):
    """Does two tasks, then breaks for good, as joblib's loky and the standard pool do."""

    def __init__(self, at_submit: bool) -> None:
        self.left, self.at_submit = 2, at_submit

    def submit(self, function, *arguments):
        future, self.left = Future(), self.left - 1
        if self.left >= 0:
            future.set_result(function(*arguments))
        elif self.at_submit:
            raise BrokenProcessPool("a worker was terminated abruptly")
        else:
            future.set_exception(BrokenProcessPool("a worker was terminated abruptly"))
        return future


@pytest.mark.parametrize("at_submit", [True, False])
def test_what_a_broken_executor_had_done_is_kept(source, alone, tmp_path, at_submit):
    with pytest.raises(DatasetError, match="new executor"):
        gd.build(source, tmp_path, executor=Feeble(at_submit), progress=False)
    assert 0 < len(gd.load(tmp_path).reports) < COUNT
    again = gd.build(source, tmp_path, jobs=1, progress=False)
    assert 0 < again.kept < COUNT and contents(tmp_path) == alone


def test_what_is_no_executor_says_so(source, tmp_path):
    with pytest.raises(DatasetError, match="Executor"):
        gd.build(source, tmp_path, executor=4, progress=False)
