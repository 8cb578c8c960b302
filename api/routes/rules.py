"""``GET /v1/rules``: the rule catalogue, and the manual page of one rule."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api import problems
from kpi.rules import BY_CODE, RULES, RULESET_VERSION
from kpi.schema import Certainty, Opinion, Severity

router = APIRouter(tags=["规则"])


class RuleEntry(BaseModel):
    """One rule of the catalogue; read from the attributes of a rule."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(description="规则编号，如 VAG001")
    name: str = Field(description="英文短名")
    severity: Severity = Field(description="级别")
    certainty: Certainty = Field(description="把握程度")
    opinion: Opinion = Field(description="对应的评审意见")
    title: str = Field(description="一句话说明")
    manual: str = Field(description="完整说明（Markdown）")


class RuleCatalogue(BaseModel):
    """Every rule, and the version of the whole set."""

    ruleset_version: str = RULESET_VERSION
    rules: tuple[RuleEntry, ...]


@router.get(
    "/v1/rules",
    summary="全部规则",
    description="审核规则目录，按编号所属类别排列。",
    response_description="规则目录",
    responses=problems.documented(500),
)
def list_rules() -> RuleCatalogue:
    """The whole catalogue."""
    return RuleCatalogue(rules=tuple(map(RuleEntry.model_validate, RULES)))


@router.get(
    "/v1/rules/{code}",
    summary="一条规则",
    description="一条规则的完整说明：检查什么、为什么重要、反例、正例、依据。",
    response_description="一条规则",
    responses=problems.documented(404, 500),
)
def show_rule(
    code: Annotated[str, Path(description="规则编号，不分大小写", examples=["VAG001"])],
) -> RuleEntry:
    """One rule; 404 (``unknown_rule``) where there is none of that code."""
    rule = BY_CODE.get(code.upper())
    if rule is None:
        raise problems.Refused(404, "unknown_rule", "没有这条规则；全部规则见 /v1/rules。")
    return RuleEntry.model_validate(rule)
