"""UNI004."""

import re
from functools import cache, lru_cache

from kpi.rules import words
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.names import about
from kpi.rules.unit.common import any_word, begins_effect, table
from kpi.rules.value.common import printed, short
from kpi.schema import Compound, DateValue, Empty, Indicator, Project, Quantity, Range, Value

_MOST_CHARS = 200


@indicator_rule("UNI004", "two-measures-in-one", severity="info", certainty="likely", opinion="建议拆分")
def two_measures_in_one(indicator: Indicator, _project: Project) -> Fault | None:
    """一个指标里放了两件要分别衡量的事。

    ## 检查什么
    名称并列了两个效果（增强凝聚力，提高稳定性）、两个量（知晓率和满意度）或几项工作（甲设备采购及乙线路铺设）；
    或者指标值里有几个分属不同事项的数（培训5次，慰问200人）。

    ## 为什么重要
    一项完成、一项没有完成时，无法判断这个指标是否完成，也无法打分。

    ## 反例
    - 可持续影响指标 | 增强党员凝聚力，提高社会稳定性 | 进一步提高
    - 满意度指标 | 政策知晓率和群众满意度 | ≥90%
    - 数量指标 | 开展活动及慰问 | 开展活动5次，慰问群众200人

    ## 正例
    - 可持续影响指标 | 增强党员凝聚力 | 进一步提高
    - 质量指标 | 工资及保险发放准确率 | ≥95%
    - 数量指标 | 街道、社区单位数量 | 8个
    - 质量指标 | 政策覆盖率 | 100%（300人）

    ## 依据
    财预〔2015〕88号：绩效指标应当指向明确、细化量化。
    """
    value = indicator.value
    if isinstance(value, Empty):
        return None
    named = _measures(indicator.name or "") or _listed(indicator.name or "", value)
    if not named and isinstance(value, Compound):
        named = _of_value(value)
    if not named:
        return None
    listed = "、".join(f"“{short(each)}”" for each in named[:_MOST_NAMED])
    return Fault(
        f"一个指标里有{listed}几件事，要分别衡量。",
        "拆成几个指标，各写各的指标值。",
        evidence(指标=indicator.name, 指标值=printed(indicator)),
    )


_MOST_NAMED = 4
_TWO = 2


@lru_cache(maxsize=50_000)
def _measures(name: str) -> tuple[str, ...]:
    """The measures that a name puts together; empty where it is one."""
    text = name[:_MOST_CHARS].strip(" 。.，,；;、")
    halves = tuple(half for half in _joint().split(text) if half)
    if len(halves) < _TWO:
        return ()
    return _effects(text) or _nouns(halves) or _works(halves)


def _effects(text: str) -> tuple[str, ...]:
    """增强凝聚力，提高稳定性: at least two clauses, each of them an effect."""
    clauses = tuple(clause.strip() for clause in _CLAUSES.split(text) if clause.strip())
    every = all(len(clause) >= _LEAST_EFFECT and begins_effect(clause, wide=True) for clause in clauses)
    return clauses if every and len(clauses) >= _TWO else ()


_LEAST_EFFECT = 4
_CLAUSES = re.compile("[，,；;、]")


def _nouns(halves: tuple[str, ...]) -> tuple[str, ...]:
    """政策知晓率和群众满意度: both halves end in a measure."""
    sums = all(about(half).dimension == "money" for half in halves)  # 水费、电费 are paid together
    return halves if len(halves) == _TWO and not sums and all(map(_is_measure, halves)) else ()


def _is_measure(half: str) -> bool:
    if about(half).dimension:
        return True
    return any(half.endswith(noun) and len(half) > len(noun) for noun in table("two")["measures"])


def _works(parts: tuple[str, ...]) -> tuple[str, ...]:
    """打井、配电; 冷库建设及配套设施购置安装: several works, each upon a thing of its own."""
    if all(_TWO <= len(part) <= _SHORT and part[0] in table("two")["one_character"] for part in parts):
        return parts
    works = [part for part in parts if (found := _work().search(part)) and found.start() >= _THING]
    return tuple(works) if len(works) >= _TWO and works[-1] == parts[-1] else ()


_SHORT, _THING = 4, 2


def _listed(name: str, value: Value) -> tuple[str, ...]:
    """Three things and more, each a phrase of its own, under one number, with no measure that would sum them."""
    if "、" not in name or not isinstance(value, Quantity | Range):
        return ()
    parts = tuple(part.strip() for part in name[:_MOST_CHARS].split("、"))
    if len(parts) < _MANY or any(len(part) < _PHRASE for part in parts) or about(name).head:
        return ()
    state = begins_effect(name) or any_word("two", "states").search(parts[-1])
    return () if state else parts


_MANY, _PHRASE = 3, 4


def _of_value(value: Compound) -> tuple[str, ...]:
    """The labels of numbers that count different things: 开展活动5次，慰问群众200人."""
    if value.join != "and" or any(isinstance(part, DateValue) for part in value.parts):
        return ()
    parts = [part for part in value.parts if isinstance(part, Quantity | Range)]
    if len(parts) < _TWO or any(_is_part(part.label) for part in parts):
        return ()
    labelled = [part for part in parts if part.label and len(part.label) >= _TWO]
    if len({part.label for part in labelled}) >= _TWO:
        return tuple(f"{part.label}{part.raw.strip()}" for part in labelled)
    measures = {_measured(part) for part in parts if part.unit is not None}
    apart = len(measures) >= _TWO and not any(part.per for part in parts)
    return tuple(part.raw.strip() for part in parts) if apart else ()


def _measured(part: Quantity | Range) -> tuple[str | None, str | None]:
    """What a number measures; of time the units have no common base, and measure the same: 3分钟到2天."""
    return part.dimension, None if part.dimension == "duration" else part.base_unit


def _is_part(label: str | None) -> bool:
    """Whether a label divides one measure, and names no other: 其中, 一季度, 优."""
    said = label or ""
    return said in table("two")["grade_labels"] or bool(any_word("two", "parts_of_one").search(said))


@cache
def _joint() -> re.Pattern[str]:
    return re.compile(table("two")["joints"])


@cache
def _work() -> re.Pattern[str]:
    return re.compile(f"(?:{words.any_of(table('two')['works'])})$")
