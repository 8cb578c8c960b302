"""What the score is made of: blocks, criteria, costs, read from ``scoring.toml`` or from a user's own file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from functools import cache, lru_cache
from importlib import resources
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from kpi.schema import Certainty, Severity
from kpi.schema.reviews import MOST_POINTS, PLACES, Block
from kpi.scoring import needs

_CENT, _LEAST = Decimal("0.01"), Decimal(1).scaleb(-PLACES)
By = Literal["each", "rows", "filled_rows"]
_CODE = re.compile(r"[A-Z]{3}(\d{3})?")


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError(f"“{text}”不是规则的编号或类别（如 VAG、VAG001）")
    return text


def _fact(text: str) -> str:
    if text not in needs.MISSING:
        raise ValueError(f"“{text}”不是已知的条件：{'、'.join(needs.MISSING)}")
    return text


# Written as a string or a whole number; a float would bring its own digits.
_Points = Annotated[
    Decimal,
    BeforeValidator(lambda v: v if isinstance(v, str | int) else str(v)),
    Field(ge=0, le=MOST_POINTS, decimal_places=PLACES),
]
_Code = Annotated[str, BeforeValidator(_code)]
_Fact = Annotated[str, BeforeValidator(_fact)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Criterion(_Part):
    """One criterion of a block, as ``scoring.toml`` explains it. Without ``rules`` it is left to the reviewer."""

    name: str
    points: _Points
    rules: tuple[_Code, ...] = ()
    beside: tuple[_Code, ...] = ()
    needs: tuple[_Fact, ...] = ()
    by: By = "each"
    cost: Mapping[Severity, _Points] = {}
    money: bool = False


class Part(_Part):
    """One block of the official review; its criteria share its points."""

    name: Block
    points: _Points
    criterion: tuple[Criterion, ...]

    @model_validator(mode="after")
    def _adds_up(self) -> Part:
        total = sum((criterion.points for criterion in self.criterion), Decimal(0))
        if total != self.points:
            raise ValueError(f"“{self.name}”各项的分数合计是 {total:f}，应为 {self.points:f}")
        return self


class _Tiers(_Part):
    expected: tuple[str, ...]


class _Costs(_Part):
    each: Mapping[Severity, _Points]
    rows: Mapping[Severity, _Points]


class _File(_Part):
    grades: Mapping[str, _Points]
    cost: _Costs
    certainty: Mapping[Certainty, _Points]
    tiers: _Tiers
    block: tuple[Part, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> _File:
        if sorted(part.name for part in self.block) != sorted(get_args(Block)):
            raise ValueError(f"应当有且只有这四块：{'、'.join(get_args(Block))}")
        codes = [code for part in self.block for c in part.criterion for code in (*c.rules, *c.beside)]
        if twice := {code for code in codes if codes.count(code) > 1}:
            raise ValueError(f"编号写了两次：{'、'.join(sorted(twice))}")
        return self


@dataclass(frozen=True, eq=False)
class Scheme:
    """A way of scoring. Compared by identity, as it is asked for every document."""

    blocks: tuple[Part, ...]
    grades: Mapping[str, Decimal]
    costs: Mapping[By, Mapping[Severity, Decimal]]
    certainty: Mapping[Certainty, Decimal]
    tiers: tuple[str, ...]

    def criterion_of(self, rule: str) -> tuple[Block, Criterion] | None:
        """Where a rule's findings belong; the longest code wins. Null where no criterion names the rule."""
        named = (
            (len(code), part.name, criterion)
            for part in self.blocks
            for criterion in part.criterion
            for code in (*criterion.rules, *criterion.beside)
            if rule.startswith(code)
        )
        found = max(named, key=lambda n: n[0], default=None)
        return found and (found[1], found[2])

    def grade(self, share: Decimal | None) -> str | None:
        """The grade of a share of points (0..1): 优 良 中 差; null where there is none."""
        if share is None:
            return None
        best_first = sorted(self.grades.items(), key=lambda g: -g[1])
        return next((name for name, limit in best_first if share * 100 >= limit), None)


class SchemeError(ValueError):
    """A scoring file that does not say how to score; the message is Chinese and names the place."""


def read(text: str) -> Scheme:
    """The scheme that a file of the form of ``scoring.toml`` describes.

    Raises:
        SchemeError: it is no TOML, or not of that form.

    """
    try:
        file = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(f"不是有效的 TOML：{error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        raise SchemeError(f"{place + '：' if place else ''}{_said(first['type'], first['msg'])}") from error
    costs: dict[By, Mapping[Severity, Decimal]] = {
        "each": file.cost.each,
        "rows": file.cost.rows,
        "filled_rows": file.cost.rows,
    }
    return Scheme(file.block, file.grades, costs, file.certainty, file.tiers.expected)


_SAID = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "greater_than_equal": "不能小于 0",
    "less_than_equal": f"不能大于 {MOST_POINTS}",
    "decimal_max_places": f"最多写 {PLACES} 位小数",
}


def _said(kind: str, message: str) -> str:
    return _SAID.get(kind, message.removeprefix("Value error, "))


@lru_cache(maxsize=256)
def step(points: Decimal) -> Decimal:
    """To what the points of a criterion of so many points are rounded: 0.01, and where it is worth less than one point
    a hundredth of the order of what it is worth, so that rounding takes or leaves no part of it that counts.
    """
    return max(_CENT.scaleb(min(points.adjusted(), 0)), _LEAST) if points else _CENT


@cache
def default() -> Scheme:
    """The scheme that the product brings."""
    return read(resources.files("kpi.scoring").joinpath("scoring.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def weighted(scheme: Scheme, points: tuple[tuple[str, Decimal], ...]) -> Scheme:
    """The scheme with other points for its blocks; what its criteria are worth and cost changes in proportion."""
    if not points:
        return scheme
    given = dict(points)
    return replace(scheme, blocks=tuple(_weighted(scheme, part, given.get(part.name)) for part in scheme.blocks))


def _weighted(scheme: Scheme, part: Part, points: Decimal | None) -> Part:
    if points is None or not part.points:
        return part
    factor = points / part.points
    criteria = [_scaled(scheme, criterion, factor) for criterion in part.criterion]
    rounded = points - sum((criterion.points for criterion in criteria), Decimal(0))
    largest = max(range(len(criteria)), key=lambda n: criteria[n].points)
    criteria[largest] = criteria[largest].model_copy(update={"points": criteria[largest].points + rounded})
    return part.model_copy(update={"points": points, "criterion": tuple(criteria)})


def _scaled(scheme: Scheme, criterion: Criterion, factor: Decimal) -> Criterion:
    costs = {**scheme.costs[criterion.by], **criterion.cost}
    if criterion.by == "each":  # the others cost a share of the points
        costs = {severity: cost * factor for severity, cost in costs.items()}
    points = criterion.points * factor
    points = points.quantize(step(points), ROUND_DOWN)  # the largest gets the rest, which is never negative so
    return criterion.model_copy(update={"points": points, "cost": costs})
