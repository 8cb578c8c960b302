"""The rule manual: every rule, and the page of one."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter
from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.pages.render import page
from api.pages.session import Reader
from api.problems import Refused
from kpi.explain import FAMILIES
from kpi.rules import BY_CODE, RULES, RULESET_VERSION

router = APIRouter(prefix="/rules", include_in_schema=False)


@router.get("")
def rules_page(request: Request, _reader: Reader) -> Response:
    """The catalogue, by family."""
    by_family = {name: [rule for rule in RULES if rule.code.startswith(code)] for code, name in FAMILIES.items()}
    there = {name: rules for name, rules in by_family.items() if rules}
    return page(request, "rules.html", by_family=there, version=RULESET_VERSION, total=len(RULES))


@router.get("/{code}")
def rule_page(request: Request, _reader: Reader, code: str) -> Response:
    """One rule's manual."""
    rule = BY_CODE.get(code.upper())
    if rule is None:
        raise Refused(404, "unknown_rule", "没有这条规则。")
    place = RULES.index(rule)
    return page(
        request, "rule.html", rule=rule, family=FAMILIES.get(rule.code[:3], ""), manual=shown(rule.manual),
        before=RULES[place - 1] if place else None, after=RULES[place + 1] if place + 1 < len(RULES) else None,
    )  # fmt: skip


@cache
def shown(manual: str) -> Markup:
    """A manual without its first line, which is its title, as HTML; HTML in it stays text."""
    markdown = MarkdownIt("commonmark", {"html": False})
    markdown.add_render_rule("softbreak", _joined)
    return Markup(markdown.render(manual.partition("\n")[2]))


def _joined(*_token: object) -> str:
    """Between lines of Chinese there is no blank."""
    return ""
