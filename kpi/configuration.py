"""Which rules run and how: ``kpi.toml``, read and checked.

A file looks like this; everything may be left out::

    select = ["VAG", "VAL001"]          # codes or families; nothing means all
    ignore = ["STR012"]

    [severity]
    STR012 = "warning"                  # error, warning or info

    [thresholds.STR011]
    fewest = 5                          # the names that `kpi rules CODE` lists

    [score]
    "完整性" = 25                        # points of a block of the scorecard

    [[organisation]]                    # for some organisations only; later ones win
    match = ["某市公安局", "434*"]       # names or codes, * for any characters
    ignore = ["SAT"]
    severity = { VAG001 = "error" }
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from kpi.rules import BY_CODE
from kpi.schema import Block, Organisation, Severity
from kpi.schema.reviews import MOST_POINTS, PLACES

FILE_NAME = "kpi.toml"


class ConfigError(ValueError):
    """A configuration that cannot be used; the message is Chinese and names the place."""


_FAMILIES = frozenset(code[:3] for code in BY_CODE)


def _known(code: str) -> str:
    if code not in BY_CODE and code not in _FAMILIES:
        raise ValueError(f"没有规则或类别“{code}”")
    return code


def _codes(given: object) -> object:
    return [code.strip().upper() for code in given] if isinstance(given, list | tuple) else given


def _by_code(given: object) -> object:
    return {str(code).upper(): entry for code, entry in given.items()} if isinstance(given, Mapping) else given


def _whole_codes(given: dict[str, Any]) -> dict[str, Any]:
    if unknown := [code for code in given if code not in BY_CODE]:
        raise ValueError(f"没有规则“{unknown[0]}”")
    return given


def _exact(given: object) -> object:
    return str(given) if isinstance(given, float) else given  # 0.1 as it is written, not as a binary fraction


def _blocks(given: dict[str, Any]) -> dict[str, Any]:
    if unknown := [name for name in given if name not in get_args(Block)]:
        raise ValueError(f"没有“{unknown[0]}”这一块；有{'、'.join(get_args(Block))}")
    return given


_Codes = Annotated[tuple[Annotated[str, AfterValidator(_known)], ...], BeforeValidator(_codes)]
_Number = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, allow_inf_nan=False)]
_Severities = Annotated[dict[str, Severity], BeforeValidator(_by_code), AfterValidator(_whole_codes)]
_Thresholds = Annotated[dict[str, dict[str, _Number]], BeforeValidator(_by_code), AfterValidator(_whole_codes)]
_Points = Annotated[_Number, Field(le=MOST_POINTS, decimal_places=PLACES)]
_BlockPoints = Annotated[dict[str, _Points], AfterValidator(_blocks)]


class _Part(BaseModel):
    """What may be said for all organisations and for some."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    select: _Codes = ()
    ignore: _Codes = ()
    severity: _Severities = {}
    thresholds: _Thresholds = {}

    @model_validator(mode="after")
    def _thresholds_exist(self) -> Self:
        for code, given in self.thresholds.items():
            known = BY_CODE[code].thresholds
            for name in given:
                if name not in known:
                    has = "、".join(known) or "没有可设的数值"
                    raise ValueError(f"规则 {code} 没有“{name}”这个数值（{has}）")
        return self


class Override(_Part):
    """For the organisations whose name or code fits one of ``match``."""

    match: tuple[str, ...] = Field(min_length=1)

    def fits(self, organisation: Organisation) -> bool:
        """Whether it is meant for this organisation."""
        called = [text for text in (organisation.name, organisation.code) if text]
        return any(fnmatchcase(text, pattern) for text in called for pattern in self.match)


class Config(_Part):
    """Which rules run, and what they are told; the module's docstring shows the file.

    Codes are compared in capitals. ``wants`` and ``severity_of`` hold for all organisations; ``of`` gives what holds
    for one.
    """

    score: _BlockPoints = {}
    organisation: tuple[Override, ...] = ()

    def of(self, organisation: Organisation) -> Config:
        """What holds for one organisation: its overrides laid over the rest."""
        fitting = [override for override in self.organisation if override.fits(organisation)]
        if not fitting:
            return self
        select, ignore, severity, thresholds = self.select, self.ignore, dict(self.severity), dict(self.thresholds)
        for override in fitting:
            select = override.select or select
            ignore = (*ignore, *override.ignore)
            severity |= override.severity
            thresholds |= {code: thresholds.get(code, {}) | given for code, given in override.thresholds.items()}
        return Config(select=select, ignore=ignore, severity=severity, thresholds=thresholds, score=self.score)

    def wants(self, code: str) -> bool:
        """Whether the rule of that ``code`` is to run."""
        return (not self.select or code.startswith(self.select)) and not (self.ignore and code.startswith(self.ignore))

    def severity_of(self, code: str, found: Severity | None = None) -> Severity:
        """The severity of that rule; ``found``: of one finding, where it is lighter than the rule's own."""
        return self.severity.get(code) or found or BY_CODE[code].severity

    @cached_property
    def is_default(self) -> bool:
        """Whether nothing was set."""
        return self == Config()


def load(path: Path) -> Config:
    """The configuration in a file.

    Raises:
        ConfigError: The file cannot be read, is not TOML, or says something that is not known.

    """
    try:
        return parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}：不能读取（{error}）") from error
    except ConfigError as error:
        raise ConfigError(f"{path}：{error}") from error


def parse(text: str) -> Config:
    """The configuration in the text of a file.

    Raises:
        ConfigError: It is not TOML, or says something that is not known.

    """
    try:
        return Config.model_validate(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"不是有效的 TOML（{error}）") from error
    except ValidationError as error:
        raise ConfigError("；".join(_said(found) for found in error.errors())) from error


_SAID = {
    "extra_forbidden": "没有这一项",
    "literal_error": "应是 error、warning 或 info",
    "missing": "缺少这一项",
    "too_short": "不能为空",
    "greater_than_equal": "不能小于 0",
    "less_than_equal": f"不能大于 {MOST_POINTS}",
    "decimal_max_places": f"最多写 {PLACES} 位小数",
}


def _said(found: Any) -> str:
    place = ".".join(map(str, found["loc"]))
    own = str(found.get("ctx", {}).get("error", ""))
    return f"{place}：{own or _SAID.get(found['type'], '写法不对')}" if place else own


def nearest(folder: Path) -> Path | None:
    """The ``kpi.toml`` of ``folder`` or of the nearest folder above it."""
    for here in (folder.absolute(), *folder.absolute().parents):
        if (found := here / FILE_NAME).is_file():
            return found
    return None
