"""With `KPI_NO_SKIPS` set a run in which anything is left out fails: the real conftest beside tiny tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import NEEDED
from tests.material import ROOT

PASSED, FAILED = pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED
SOUND = "def test_sound(): assert True\n"
SKIPPED = {
    "a test": f"import pytest\n{SOUND}@pytest.mark.skipif(True, reason='why not')\ndef test_it(): pass\n",
    "a test that skips itself": f"import pytest\n{SOUND}def test_it(): pytest.skip('why not')\n",
    "a test that may fail": f"import pytest\n{SOUND}@pytest.mark.xfail\ndef test_it(): assert False\n",
    "cases of which there are none": f"import pytest\n{SOUND}@pytest.mark.parametrize('n', [])\ndef test_it(n): pass\n",
    "a file": f"import pytest\npytest.importorskip('no_such_module')\n{SOUND}",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository of nothing but the conftest and one test, with all the material beside it."""
    tests = tmp_path / "main" / "tests"
    tests.mkdir(parents=True)
    for name in ("__init__.py", "conftest.py", "material.py"):
        shutil.copy(ROOT / "tests" / name, tests)
    (tests / "test_sound.py").write_text(SOUND, encoding="utf-8")
    for name, material in NEEDED.items():
        (tests / name).write_text(SOUND, encoding="utf-8")
        (tmp_path / material.relative_to(ROOT.parent)).mkdir(parents=True)
    return tests


def run(tests: Path, *options: str, strict: bool) -> tuple[int, str]:
    """The exit code of pytest and what it shows."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "KPI_"))}
    if strict:
        environment["KPI_NO_SKIPS"] = "1"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, "tests"],
        cwd=tests.parent,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_a_run_that_leaves_nothing_out_passes(tree: Path, options: tuple[str, ...]) -> None:
    code, shown = run(tree, *options, strict=True)
    assert code == PASSED
    assert f"{len(NEEDED) + 1} passed" in shown


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_what_is_skipped_fails_the_run(tree: Path, options: tuple[str, ...]) -> None:
    names = [f"test_skipped_{number}.py" for number in range(len(SKIPPED))]
    for name, text in zip(names, SKIPPED.values(), strict=True):
        (tree / name).write_text(text, encoding="utf-8")
    assert run(tree, *options, strict=False)[0] == PASSED
    code, shown = run(tree, *options, strict=True)
    assert code == FAILED
    assert [name for name in names if name not in shown.partition("KPI_NO_SKIPS")[2]] == []


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_material_that_is_not_there_fails_the_run(tree: Path, options: tuple[str, ...]) -> None:
    for material in NEEDED.values():
        folder = tree.parents[1] / material.relative_to(ROOT.parent)
        if folder.is_dir():
            folder.rmdir()
    code, shown = run(tree, *options, strict=False)
    assert code == PASSED
    code, shown = run(tree, *options, strict=True)
    assert code == FAILED
    assert [name for name in NEEDED if name not in shown.partition("KPI_NO_SKIPS")[2]] == []


def test_a_run_that_fails_keeps_its_exit_code(tree: Path) -> None:
    (tree / "test_broken.py").write_text("import no_such_module\n", encoding="utf-8")
    (tree / "test_skipped.py").write_text(SKIPPED["a test"], encoding="utf-8")
    assert run(tree, strict=True)[0] == run(tree, strict=False)[0] == pytest.ExitCode.INTERRUPTED
