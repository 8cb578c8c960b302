"""What is collected: tests over material beside the repository only where it is there.

With `KPI_NO_SKIPS` set to anything, a run in which something was left out fails, and says what it was: a test that was
skipped or is expected to fail, a skipped file, or one of the files below. CI sets it, so that it cannot pass for want
of LibreOffice or of the material that a reader of the repository need not have. It holds under pytest-xdist too, whose
workers report to this process.
"""

from __future__ import annotations

import os

import pytest

from tests.material import CONTRACT_EXAMPLES, PEER_CASES, REAL_TABLES, SEEDS

NEEDED = {
    "test_seeds.py": SEEDS,
    "test_contract_examples.py": CONTRACT_EXAMPLES,
    "test_peer_cases.py": PEER_CASES,
    "test_real_tables.py": REAL_TABLES,
}
collect_ignore = [name for name, material in NEEDED.items() if not material.exists()]

_left_out = [f"{name}: {NEEDED[name].name} is not there" for name in collect_ignore]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note(report)


def _note(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped:
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
        _left_out.append(f"{report.nodeid}: {why}")


def _fails() -> bool:
    return bool(os.environ.get("KPI_NO_SKIPS") and _left_out)


def pytest_sessionfinish(session: pytest.Session) -> None:
    in_a_worker = hasattr(session.config, "workerinput")
    if _fails() and session.exitstatus == pytest.ExitCode.OK and not in_a_worker:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _fails():
        terminalreporter.section("left out, and KPI_NO_SKIPS is set", red=True)
        for line in _left_out:
            terminalreporter.line(line)
