"""The wheel as it would be installed: it ships kpi and api with their data, and works away from the source tree."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    wheel = next(folder.glob("*.whl"))
    target = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run(installed: Path, code: str) -> str:
    """Run ``code`` with the wheel and the third-party packages on the path, and nothing of the source tree."""
    site = sysconfig.get_path("purelib")
    lines = f"import sys; sys.path[:0] = [{str(installed)!r}, {site!r}]\n{code}"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", lines], check=True, capture_output=True, text=True, cwd=installed
    )
    return done.stdout


def test_the_wheel_ships_packages_and_data(installed: Path) -> None:
    for path in (
        "kpi/values/units.toml",
        "kpi/tables/headers.toml",
        "kpi/rules/facts.toml",
        "kpi/scoring/scoring.toml",
        "kpi/scorecard/templates/report/style.css",
        "kpi/scorecard/templates/opinion/document.xml",
        "kpi/models",
        "api/app.py",
        "api/templates/base.html",
        "api/static/style.css",
    ):
        assert (installed / path).exists(), path
    assert not (installed / "tests").exists()


def test_the_installed_package_reads_a_document(installed: Path) -> None:
    document = ROOT / "corpus" / "documents" / "rendered" / "nanguan-2024.tab_rows.txt"
    code = (
        "import kpi, json, pathlib\n"
        f"x = kpi.extract(pathlib.Path({str(document)!r}))\n"
        "print(json.dumps([kpi.__file__, len(x.projects), len(kpi.review(x).findings)]))"
    )
    file, projects, findings = json.loads(run(installed, code))
    assert file.startswith(str(installed))
    assert projects == 10
    assert findings > 0


def test_the_installed_service_starts_by_its_import_string(installed: Path) -> None:
    code = (
        "from kpi.cli.serve import APP\nfrom importlib import import_module\n"
        "module, name = APP.split(':')\napp = getattr(import_module(module), name)()\n"
        "print(app.title, import_module(module).__file__)"
    )
    assert str(installed) in run(installed, code)
