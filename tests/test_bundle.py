"""The bundle for closed networks: laid out from wheels, complete, and started by its script without a network."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import httpx
import pytest

from bundle import layout, wheels
from tests.browser.running import Server
from tests.material import ROOT
from tests.wheels import repacked

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
SECONDS = 240.0
# An index that would be asked in vain: nothing listens there.
_NOWHERE = "http://127.0.0.1:9/"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheels of all runtime packages, ours among them."""
    folder = tmp_path_factory.mktemp("wheels")
    for wanted in wheels.required(ROOT / "requirements.txt", "linux"):
        repacked(wanted.name, folder)
    repacked("pip", folder)
    build = ("build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    subprocess.run([sys.executable, "-m", *build], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wheels with which nothing can be installed."""
    folder = tmp_path_factory.mktemp("few")
    repacked("pip", folder)
    return folder


@pytest.fixture
def unpacked(found: Path, tmp_path: Path) -> Path:
    """The bundle, unpacked into a folder with a name that scripts stumble over."""
    file = layout.write(tmp_path, layout.VERSION, "linux", [HERE], found)
    folder = tmp_path / "解压 到这里"
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
        modes = {info.filename.rpartition("/")[2]: info.external_attr >> 16 for info in archive.infolist()}
    assert modes["start.sh"] & 0o111 == 0o111
    file.unlink()
    return folder / f"kpi-{layout.VERSION}-linux-x86_64"


def environment(home: Path) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).resolve().parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(home),
        "LANG": "C.UTF-8", "PIP_INDEX_URL": _NOWHERE, "PIP_NO_INDEX": "0", "KPI_WORKERS": "1",
    }  # fmt: skip


def test_it_installs_and_serves_without_a_network(unpacked: Path, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address, log = f"http://127.0.0.1:{port}", tmp_path / "log"
    command = ["sh", "start.sh", "--port", str(port), "--no-open"]
    for again in (False, True):
        with log.open("w") as out:
            process = subprocess.Popen(command, cwd=unpacked, env=environment(tmp_path), stdout=out, stderr=out)
        try:
            answer = _asked(process, f"{address}/", log)
            assert "绩效目标审核" in answer.text
            assert ("正在安装" in log.read_text("utf-8")) is not again
            assert "批次“示例”" in log.read_text("utf-8")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(SECONDS)
    with pytest.raises(httpx.TransportError):  # whoever ends the script ends the service
        httpx.get(f"{address}/healthz", trust_env=False)
    assert (tmp_path / ".kpi" / "kpi.db").is_file()


def _asked(process: subprocess.Popen[bytes], address: str, log: Path) -> httpx.Response:
    late = time.monotonic() + SECONDS
    while time.monotonic() < late and process.poll() is None:
        try:
            return httpx.get(address, trust_env=False, follow_redirects=True)
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8"))


def started(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "start.py"], cwd=folder, env=environment(folder), capture_output=True, encoding="utf-8",
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"platform": "windows", "pythons": [HERE]}, "请换用对应本机系统的安装包"),
        ({"platform": "linux", "pythons": ["3.9", "3.10"]}, "需要 64 位的 Python 3.9、3.10"),
        ({"platform": "linux", "pythons": [HERE], "version": "9.9"}, "安装没有完成"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    few: Path, tmp_path: Path, told: dict[str, object], said: str
) -> None:  # fmt: skip
    folder = tmp_path / "bundle"
    layout.lay_out(folder, layout.VERSION, "linux", [HERE], few)
    told = json.loads((folder / "bundle.json").read_text("utf-8")) | told
    (folder / "bundle.json").write_text(json.dumps(told), "utf-8")
    assert said in started(folder)


def test_started_twice_it_finds_the_service_or_another_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    spec = importlib.util.spec_from_file_location("start", layout.FILES / "start.py")
    assert spec is not None
    assert spec.loader is not None
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setattr(start, "PORT", port)
        chosen = start.command([])
        assert int(chosen[chosen.index("--port") + 1]) > port
        assert "--open" in chosen
        assert "--port" not in start.command(["--port=9", "--no-open"])
    assert not start.serving(port)
    server = Server(tmp_path)
    server.start()
    try:
        assert start.serving(int(server.address.rpartition(":")[2]))
    finally:
        server.stop()


def test_the_bundle_for_windows(few: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(layout.write(tmp_path, "1.0", "windows", ["3.11", "3.12"], few)) as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
        script = archive.read("kpi-1.0-windows-x86_64/启动.bat")
        guide = archive.read("kpi-1.0-windows-x86_64/使用说明.txt").decode("utf-8-sig")
    assert {"启动.bat", "使用说明.txt", "start.py", "bundle.json", "samples/b-central.tab_rows.txt"} <= names
    assert "start.sh" not in names
    assert b"(3.12 3.11)" in script
    assert script.count(b"\n") == script.count(b"\r\n")
    for text in (script.decode("gbk"), guide):
        assert "@" not in text.replace("@echo off", "")
        assert "Python 3.11 至 3.12" in text
    assert "启动.bat" in guide


def test_nothing_is_missing_and_what_is_missing_is_named(found: Path, tmp_path: Path) -> None:
    assert wheels.missing(found, "linux", HERE) == []
    for file in found.glob("*.whl"):
        if not file.name.startswith(("jieba", "colorama", "httpx-")):
            (tmp_path / file.name).symlink_to(file)
    told = "\n".join(wheels.missing(tmp_path, "linux", HERE))
    assert "weasel asks for httpx" in told
    assert "no wheel of jieba" in told
    assert "colorama" not in told
    assert "no wheel of colorama" in "\n".join(wheels.missing(tmp_path, "windows", HERE))


def test_the_pinned_packages_are_all_that_a_platform_needs() -> None:
    names = {
        platform: {one.name for one in wheels.required(ROOT / "requirements.txt", platform)}
        for platform in wheels.PLATFORMS
    }
    assert names["windows"] - names["linux"] == {"colorama"}
    assert names["linux"] <= names["windows"]
