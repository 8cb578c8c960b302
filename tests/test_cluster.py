"""`kpi score --engine dask` on a real cluster of processes: the same bytes as here, whoever is killed or comes late."""

from __future__ import annotations

import os
import pickle
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kpi import batch
from kpi.batch import planning, worker
from kpi.batch.compatible import about
from kpi.cli.app import app
from kpi.inputs import Away
from kpi.places import place
from kpi.schema import Problem
from kpi.scorecard import shards
from kpi.scorecard.results import Stored
from tests import cluster
from tests.benchmarks import documents
from tests.cluster import Cluster
from tests.office import zipped
from tests.rendering import RENDERED
from tests.test_batch import environment, problems
from tests.test_cli import BAD_USAGE, DONE, kpi
from tests.test_score_cli import files

GOOD = (RENDERED / "nandagang-2020.tab_rows.txt").read_text(encoding="utf-8")
FAULTS = "tests.faults:steps"


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers; a test that takes one away gives another one."""
    with cluster.cluster(tmp_path_factory.mktemp("dask"), workers=2) as made:
        yield made


def filled(folder: Path, count: int) -> Path:
    """So many documents, and four more: an empty one, three in a zip."""
    documents.write(folder, count)
    (folder / "空.txt").write_bytes(b"")
    (folder / "包.zip").write_bytes(zipped({f"{n}.txt": f"{GOOD}\n包中第{n}份" for n in range(3)}))
    return folder


def run(source: Path, out: Path, scheduler: str | None = None, **options: object) -> Stored:
    out.mkdir(exist_ok=True)
    found = batch.run([source], place(out), batch.Settings(), scheduler=scheduler, **options)  # type: ignore[arg-type]
    return Stored(place(out), found)


def test_a_cluster_gives_the_bytes_that_this_machine_gives(
    dask: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = sorted((filled(tmp_path / "上报", 24) / "0000").iterdir())[2]
    (tmp_path / "上报" / f"同{copied.suffix}").write_bytes(copied.read_bytes())  # in another part than the first
    monkeypatch.chdir(tmp_path)  # the workers stand elsewhere
    seen: list[str] = []
    results = run(Path("上报"), Path("out"), dask.address, seen=seen.append)
    whole = run(Path("上报"), Path("whole"))
    assert files(tmp_path / "out") == files(tmp_path / "whole")
    assert sorted(seen) == sorted(document.label for _, document in whole.documents())
    assert results.unread == 1
    damaged = next((tmp_path / "out/shards/findings").iterdir())
    damaged.write_bytes(damaged.read_bytes()[:-20])
    sorted((tmp_path / "上报" / "0000").iterdir())[0].unlink()  # all others move one place
    run(Path("上报"), Path("out"), dask.address, resume=True)
    run(Path("上报"), Path("again"))
    assert files(tmp_path / "out") == files(tmp_path / "again")


def test_a_worker_that_is_killed_in_the_midst_changes_nothing(dask: Cluster, tmp_path: Path) -> None:
    source = filled(tmp_path / "上报", 30)
    (source / "慢.txt").write_text(f"mock:exit-once {tmp_path}/once\n{GOOD}", encoding="utf-8")
    victim = dask.workers[0]
    seen: list[str] = []

    def note(label: str) -> None:
        if not seen:
            os.kill(victim.pid, signal.SIGKILL)
        seen.append(label)

    results = run(source, tmp_path / "out", dask.address, seen=note, target=FAULTS)
    dask.remove(victim)
    dask.add()
    assert victim.returncode == -signal.SIGKILL
    assert (tmp_path / "once").exists()
    run(source, tmp_path / "whole", target=FAULTS, workers=1)
    assert files(tmp_path / "out") == files(tmp_path / "whole")
    assert len(seen) == results.total.documents == 35


def test_limits_hold_in_the_workers_too(tmp_path: Path) -> None:
    limits = {"KPI_CONVERT_SECONDS": "0", "KPI_READ_SECONDS": "1", "KPI_MAX_READER_BYTES": str(2**31)}
    program = (
        "import sys; from pathlib import Path; from kpi import batch; from kpi.places import place\n"
        "_, a, b, c = sys.argv\n"
        f"batch.run([Path(a)], place(b), batch.Settings(), scheduler=c, target={FAULTS!r})"
    )
    source, out, folder = tmp_path / "上报", tmp_path / "out", tmp_path / "dask"
    for new in (source, out, folder):
        new.mkdir()
    for name, first in {"一": "", "二": "mock:hang", "三": "mock:memory", "四": ""}.items():
        (source / f"{name}.txt").write_text(f"{first}\n{GOOD}\n{name}", encoding="utf-8")
    with cluster.cluster(folder, workers=0) as made:
        made.add(**limits)
        command = [sys.executable, "-c", program, str(source), str(out), made.address]
        subprocess.run(command, check=True, env={**environment(), **limits}, timeout=100)
    assert problems(Stored(place(out), shards.entries(place(out)))) == {
        "二.txt": "out_of_time",
        "三.txt": "not_readable",
    }


def test_a_store_is_read_and_written_by_the_workers(dask: Cluster, tmp_path: Path) -> None:
    filled(tmp_path / "in", 20)
    (tmp_path / "in" / "包二.zip").write_bytes((tmp_path / "in" / "包.zip").read_bytes())
    made = {}
    for name, scheduler in {"far": dask.address, "near": None}.items():
        out = place(f"local://{tmp_path}/{name}")
        out.make()
        batch.run([f"local://{tmp_path}/in"], out, batch.Settings(), scheduler=scheduler)
        made[name] = files(tmp_path / name)
    assert made["far"] == made["near"]
    assert len(made["far"]) > 20


def test_what_is_interrupted_stops_and_goes_on(dask: Cluster, tmp_path: Path) -> None:
    source = filled(tmp_path / "上报", 9)
    for number in range(12):  # in parts three to five: what goes on would write them within the next seconds
        (source / f"慢{number}.txt").write_text(f"mock:sleep 0.4\n{GOOD}\n{number}", encoding="utf-8")

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(source, tmp_path / "out", dask.address, seen=interrupt, target=FAULTS)
    time.sleep(1.2)  # what a worker may need to notice, and for the document in hand
    left = files(tmp_path / "out")
    time.sleep(2)
    assert files(tmp_path / "out") == left
    assert "shards/run.json" not in left
    run(source, tmp_path / "whole", target=FAULTS, workers=2)
    run(source, tmp_path / "out", dask.address, resume=True, target=FAULTS)
    assert files(tmp_path / "out") == files(tmp_path / "whole")


@pytest.mark.parametrize(
    ("who", "message"), [("worker", "集群里已经没有工作进程"), ("scheduler", "与调度程序的连接断了")]
)
def test_a_cluster_that_goes_away_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: str, message: str
) -> None:
    monkeypatch.setattr("kpi.batch.cluster.AWAY_SECONDS", 1.0)
    source = filled(tmp_path / "上报", 20)
    (tmp_path / "dask").mkdir()
    with cluster.cluster(tmp_path / "dask", workers=1) as made:

        def kill(_: str) -> None:
            (made.workers[0] if who == "worker" else made.scheduler).kill()

        with pytest.raises(batch.ClusterError, match=message):
            run(source, tmp_path / "out", made.address, seen=kill)
    left = set(files(tmp_path / "out"))
    run(source, tmp_path / "out", resume=True)
    assert left < set(files(tmp_path / "out"))
    run(source, tmp_path / "whole")
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_a_worker_with_other_limits_is_refused(dask: Cluster, tmp_path: Path) -> None:
    (tmp_path / "一.txt").write_text(GOOD, encoding="utf-8")
    other = dask.add(KPI_MAX_ROWS="7")
    began = time.monotonic()
    while dask.log().count("Registered to") < len(dask.workers) and time.monotonic() < began + 20:
        time.sleep(0.1)
    arguments = ("score", tmp_path / "一.txt", "--out", tmp_path / "out", "--format", "csv")
    done = kpi(*arguments, "--engine", "dask", "--scheduler", dask.address)
    dask.remove(other)
    assert done.code == BAD_USAGE
    assert "KPI_MAX_ROWS：本机200000，工作进程7" in re.sub(r"[\s│]", "", done.err)
    assert files(tmp_path / "out") == {}


def test_a_worker_says_why_it_cannot_take_part(tmp_path: Path) -> None:
    def answer(out: Path, *inputs: str, **other: str) -> str:
        job = worker.Job(str(out), batch.Settings(), {**about(), **other})
        return worker.answer(pickle.dumps((job, "shards/probe", list(inputs))))

    out = place(tmp_path)
    out.write("shards/probe", b"shards/probe")
    assert answer(tmp_path, str(tmp_path)) == ""
    assert files(tmp_path) == {"shards/probe": b"shards/probe"}
    assert "看不到 /nowhere" in answer(tmp_path, "/nowhere")
    assert "不能读写" in answer(tmp_path / "nowhere")
    assert answer(tmp_path, 规则版本="0").startswith("规则版本：本机 0，工作进程 ")
    out.write("shards/probe", b"of another folder")
    assert "内容不符" in answer(tmp_path)


def test_a_worker_that_comes_late_is_asked_too(tmp_path: Path) -> None:
    job = worker.Job(str(tmp_path), batch.Settings(), {**about(), "规则版本": "0"})
    with pytest.raises(batch.ClusterError, match="规则版本"):
        worker.make(pickle.dumps((job, batch.Part(0, 0, ()), {})))


def test_a_file_that_changed_since_it_was_hashed_is_reported(tmp_path: Path) -> None:
    (tmp_path / "包.zip").write_bytes(zipped({"一.txt": GOOD, "二.txt": f"{GOOD}\n二"}))
    job = worker.Job(str(tmp_path), batch.Settings(), about())
    found = worker.look(pickle.dumps((job, [("包.zip", tmp_path / "包.zip")])))
    assert [(one.label, one.source) for one in found] == [
        ("包.zip!一.txt", Away(tmp_path / "包.zip", 0)), ("包.zip!二.txt", Away(tmp_path / "包.zip", 1)),
    ]  # fmt: skip
    (part,) = planning.parts(found, {})
    assert [item.source for item in worker.opened(part).items] == [GOOD.encode(), f"{GOOD}\n二".encode()]
    (tmp_path / "包.zip").write_bytes(zipped({"一.txt": GOOD, "二.txt": "改了"}))
    one, two = (item.source for item in worker.opened(part).items)
    assert one == GOOD.encode()
    assert isinstance(two, Problem)


def without_dask(*arguments: object) -> subprocess.CompletedProcess[str]:
    """``kpi`` where Dask is not installed."""
    program = "import sys; sys.modules.update(dask=None, distributed=None); from kpi.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        check=False, capture_output=True, encoding="utf-8", env=environment(),
    )  # fmt: skip


def test_dask_is_needed_for_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "一.txt").write_text(GOOD, encoding="utf-8")
    arguments = ("score", tmp_path / "一.txt", "--out", tmp_path / "out", "--format", "csv")
    assert without_dask(*arguments, "--workers", "1").returncode == DONE
    done = without_dask(*arguments, "--engine", "dask", "--scheduler", "tcp://127.0.0.1:1")
    assert done.returncode == BAD_USAGE
    assert "没有安装 dask" in done.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--engine", "dask"], "要用 --scheduler 写明"),
        (["--scheduler", "tcp://127.0.0.1:1"], "要和 --engine dask 一起用"),
        (["--engine", "dask", "--scheduler", "tcp://127.0.0.1:1", "--workers", "2"], "不用 --workers"),
        (["--engine", "dask", "--scheduler", "tcp://127.0.0.1:1"], "连不上 tcp://127.0.0.1:1"),
        (["--engine", "dask", "--scheduler", "nothing://"], "不是调度程序的地址"),
        (["--engine", "dask", "--scheduler", "tls://127.0.0.1:1"], "写明证书"),
    ],
)
def test_what_cannot_be_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    monkeypatch.setattr("kpi.batch.cluster.CONNECT_SECONDS", 1.0)
    (tmp_path / "一.txt").write_text(GOOD, encoding="utf-8")
    command = ["score", str(tmp_path / "一.txt"), "--out", str(tmp_path / "out"), *options]
    done = CliRunner(env={"COLUMNS": "200"}).invoke(app, command)
    assert done.exit_code == BAD_USAGE
    assert message in done.output
