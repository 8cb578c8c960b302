"""The process that reads PDFs: ended when the time is up, replaced when it is gone, one at a time for all threads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import kpi
from kpi import processes, settings
from kpi.documents.pdf import confined
from tests.rendering import SLUGS, load
from tests.rendering.formats import PRINTED
from tests.test_hostile_pages import raw_pdf

GOOD = PRINTED["ruled"](load(SLUGS[0]))
# A form that draws itself twice, to whatever depth PDFium goes.
FOR_EVER = raw_pdf(
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
    b"<</Length 5>>stream\n/X Do\nendstream",
    b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"
    b"/Length 11>>stream\n/X Do /X Do\nendstream",
)


def read(data: bytes) -> int:
    """The number of projects."""
    return len(kpi.extract(data).projects)


def test_a_page_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "READ_SECONDS", 1.0)
    monkeypatch.setattr(processes, "GRACE_SECONDS", 1.0)
    began = time.monotonic()
    extraction = kpi.extract(FOR_EVER)
    assert [problem.code for problem in extraction.problems] == ["out_of_time"]
    assert time.monotonic() - began < 30
    monkeypatch.undo()
    assert read(GOOD) > 1


def test_a_child_that_is_gone_is_replaced() -> None:
    wanted = read(GOOD)
    child = confined._child()
    child._process.kill()
    child._process.wait()
    assert read(GOOD) == wanted > 1
    assert confined._child() is not child


def test_a_child_that_ends_while_it_reads_costs_its_document_only() -> None:
    child = confined._child()
    os.kill(child._process.pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(kpi.extract, GOOD)
        time.sleep(0.3)
        os.kill(child._process.pid, signal.SIGKILL)
        assert [problem.code for problem in waiting.result().problems] == ["damaged_file"]
    assert read(GOOD) > 1


def test_an_interrupted_reading_does_not_answer_for_the_next() -> None:
    wanted = read(GOOD)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.001)
        with pytest.raises(KeyboardInterrupt):
            sum(map(read, [GOOD] * 1_000))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert kpi.extract(b"%PDF-1.7 nothing").projects == ()
    assert read(GOOD) == wanted


def test_no_module_is_taken_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kpi").mkdir()
    for name in ("regex.py", "kpi/__init__.py", "pypdfium2.py"):
        (tmp_path / name).write_text("raise SystemExit(3)", encoding="utf-8")
    confined._child().end()
    monkeypatch.chdir(tmp_path)
    assert read(GOOD) > 1


def test_threads_wait_for_one_another() -> None:
    wanted = read(GOOD)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, [GOOD] * 8)) == [wanted] * 8


def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    child = confined._child()
    child.end()
    monkeypatch.setattr(settings, "MAX_READER_BYTES", 1)
    assert kpi.extract(GOOD).problems
    monkeypatch.undo()
    confined._child().end()
    assert read(GOOD) > 1


def test_a_forked_process_has_a_child_of_its_own_and_none_outlives_its_parent() -> None:
    code = """
        import os, sys
        import kpi
        from kpi.documents.pdf import confined
        data = sys.stdin.buffer.read()
        wanted = len(kpi.extract(data).projects)
        first = confined._child()._process.pid
        if (forked := os.fork()) == 0:
            same = len(kpi.extract(data).projects) == wanted and confined._child()._process.pid != first
            confined._child().end()
            os._exit(0 if same else 1)
        _, status = os.waitpid(forked, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert len(kpi.extract(data).projects) == wanted and confined._child()._process.pid == first
        print(first)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], input=GOOD, capture_output=True, check=True)
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)
