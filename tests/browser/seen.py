"""What a page must be beside right: without faults in its console, within the screen, and usable by everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page

_SERIOUS = ("serious", "critical")
# The pages that are asked for as such: their status is no fault.
_EXPECTED = "Failed to load resource: the server responded with a status of 404"


class Seen:
    """Collects what goes wrong on a page: exceptions of scripts, refusals of the content policy, failed loads."""

    def __init__(self, page: Page) -> None:
        self.faults: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_EXPECTED):
            self.faults.append(message.text)


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds that is serious or critical: rule, help, and where."""
    page.evaluate(axe)
    result: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{found['id']}: {found['help']}: {[node['target'] for node in found['nodes'][:5]]}"
        for found in result["violations"]
        if found["impact"] in _SERIOUS
    ]


def beyond(page: Page) -> list[str]:
    """What sticks out of the screen to the right, outside of frames that scroll."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
        [...document.querySelectorAll("body *")]
          .filter((each) => !each.closest(".scroll") && each.getBoundingClientRect().right > innerWidth + 1)
          .slice(0, 5).map((each) => each.outerHTML.slice(0, 200)).concat(`${document.documentElement.scrollWidth}`)"""
    )
    return found


def small_targets(page: Page, least: int) -> list[str]:
    """Buttons and fields that are lower than ``least`` pixels: too small for a finger."""
    found: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll("button, .button, select, input, textarea, nav a, summary")]
          .filter((each) => each.checkVisibility() && !["hidden", "checkbox", "radio"].includes(each.type))
          .filter((each) => !each.closest(".crumbs") && each.getBoundingClientRect().height < least - 0.5)
          .map((each) => `${each.getBoundingClientRect().height} ${each.outerHTML.slice(0, 120)}`)""",
        least,
    )
    return found


def check(page: Page, axe: str, size: str, name: str, screenshots: Path | None) -> None:
    """All of it, and a picture."""
    if screenshots is not None:
        screenshots.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=screenshots / f"{name}.{size}.png", full_page=True)
    assert violations(page, axe) == []
    assert beyond(page) == []
    if size == "phone":
        assert small_targets(page, 44) == []
