"""A real server and a real Chromium. They are left out where Chromium or axe-core is not installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.running import Server
from tests.browser.seen import Seen
from tests.material import ROOT

AXE = ROOT / ".venv" / "axe" / "axe.min.js"
# A screen on a desk, and a phone.
SIZES = {"desk": (1280, 800), "phone": (390, 844)}
_OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("served"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_OPTIONS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make setup-dev, with npm")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def screenshots() -> Path | None:
    """Where pictures of the pages are kept, if anywhere: ``KPI_SCREENSHOTS``."""
    told = os.environ.get("KPI_SCREENSHOTS")
    return Path(told) if told else None


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    """The name of the width at which the pages are opened."""
    name: str = request.param
    return name


@pytest.fixture
def page(browser: Browser, size: str) -> Iterator[Page]:
    """A page at one of both widths, nobody signed in; what goes wrong on it fails the test."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=size == "phone", is_mobile=size == "phone",
        locale="zh-CN", reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(30_000)
    opened = context.new_page()
    seen = Seen(opened)
    yield opened
    context.close()
    assert seen.faults == []
