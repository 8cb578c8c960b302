"""The pages that are written from the code: one a rule, the rule list, the JSON Schemas.

``python -m tests.generated`` checks that they are current; ``--write`` rewrites them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from kpi import parse_value, scoring
from kpi.documents.problems import CATALOGUE
from kpi.explain import CERTAINTIES, SEVERITIES, explain
from kpi.rules import BY_CODE, RULES, SUPPRESSES
from kpi.schema import Extraction, Review, Trend, Value, plain
from kpi.scoring import needs
from tests.material import VALUES, read_yaml

DOCS = Path(__file__).parent.parent / "docs"


def pages() -> dict[Path, str]:
    """Every generated page: its path and its text."""
    found = {DOCS / "rules" / f"{rule.code}.md": _rule_page(rule.code) for rule in RULES}
    found[DOCS / "rules" / "README.md"] = _rule_list()
    found[DOCS / "problems.md"] = _problem_list()
    found[DOCS / "scoring.md"] = _scoring()
    found[DOCS / "values.md"] = _value_forms("en")
    found[DOCS / "values.zh-CN.md"] = _value_forms("zh")
    for name, schema in {
        "value": TypeAdapter(Value).json_schema(mode="serialization"),
        "extraction": Extraction.model_json_schema(mode="serialization"),
        "review": Review.model_json_schema(mode="serialization"),
        "trend": Trend.model_json_schema(mode="serialization"),
    }.items():
        found[DOCS / "schema" / f"{name}.json"] = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
    return found


def _rule_page(code: str) -> str:
    rule = BY_CODE[code]
    facts = f"级别：{SEVERITIES[rule.severity]}　把握：{CERTAINTIES[rule.certainty]}　评审意见：{rule.opinion}"
    silenced = "、".join(sorted(SUPPRESSES.get(code, ())))
    note = f"\n> 同一处有本条时，不再报 {silenced}。\n" if silenced else ""
    return f"# {rule.code} {rule.name}\n\n{facts}\n{note}\n{rule.manual.strip()}\n"


def _rule_list() -> str:
    rows = [f"| [{r.code}]({r.code}.md) | {SEVERITIES[r.severity]} | {r.opinion} | {r.title} |" for r in RULES]
    suppressed = [f"- {code} 在场时，{'、'.join(sorted(others))} 不再报" for code, others in SUPPRESSES.items()]
    return (
        "# 规则\n\n每条规则的说明页由规则自身的文档生成。\n\n| 编号 | 级别 | 评审意见 | 检查什么 |\n|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n\n## 一处问题只报一次\n\n"
        + "\n".join(suppressed)
        + "\n"
    )


_FORMS = {
    "ratio": ("Rates and shares", "比率"),
    "count": ("Counts", "计数"),
    "money": ("Money", "金额"),
    "measure": ("Measures", "计量"),
    "duration": ("Durations", "时长"),
    "deadline": ("Deadlines and days", "期限与日期"),
    "period": ("Periods", "期间"),
    "recurring": ("Recurring dates", "循环日期"),
    "ranges": ("Ranges", "区间"),
    "change": ("Changes", "变化幅度"),
    "compound": ("Several values in one cell", "一格多值"),
    "yes_no": ("Yes and no", "是与否"),
    "wording": ("Wordings", "文字"),
    "empty": ("Empty", "空"),
    "field": ("As the field writes", "实际写法汇编"),
}
_INTRODUCTION = {
    "en": "# Every form of value, with its answer\n\n"
    "Written from `corpus/values/`, which the tests hold the parser to. "
    "The fields are those of CONTRACT §1; a field not shown is null or not looked at.\n",
    "zh": "# 指标值的各种写法与读法\n\n"
    "本页由 `corpus/values/` 生成，测试逐条核对。左边是写法，右边是程序读成的意思。\n",
}


def _value_forms(language: str) -> str:
    """Each entry of the corpus as a row: the phrasings, and what they mean."""
    column, heads = (0, "| written | read as |") if language == "en" else (1, "| 写法 | 读作 |")
    parts = [_INTRODUCTION[language]]
    for name, titles in _FORMS.items():
        rows = []
        for entry in read_yaml(VALUES / f"{name}.yaml"):
            given = {key: entry[key] for key in ("year", "unit", "name") if key in entry}
            value = parse_value(entry["said"][0], **given)
            answer = _fields(entry["value"]) if language == "en" else _cell(explain(value))
            said = " ".join(f"`{_cell(text)}`" for text in entry["said"])
            beside = f" ({', '.join(f'{k}: {v}' for k, v in given.items())})" if given else ""
            rows.append(f"| {said}{_cell(beside)} | {answer} |")
        parts.append(f"\n## {titles[column]}\n\n{heads}\n|---|---|\n" + "\n".join(rows) + "\n")
    return "".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "↵").replace("`", "'")


def _fields(value: dict[str, Any]) -> str:
    shown = {key: item for key, item in value.items() if item is not None and item != []}
    return f"`{_cell(json.dumps(shown, ensure_ascii=False))}`"


_SCORING = """# 评分办法

本页由 `kpi/scoring/scoring.toml` 生成。四块和 20、30、30、20 的分值参照财预〔2015〕88号，未再核对原文；
各项的名称、分值和扣法是本工具的默认设置，都可以改：

- 只改四块的分值，写在 `kpi.toml` 的 `[score]` 里，各项按比例增减；
- 全部自定，照这个文件的格式另写一份，用 `kpi score --scoring 文件` 指定。

怎样评：

- **只评能机审的。** 一项要有相应的规则，又要有所需的内容（“需要”一栏），才算可机审；
  其余留给审核人员，不给分也不扣分。没有运行的规则，所在的项也留着不评。
- **机审得分率**＝机审得分÷可机审分值。等级（{grades}）只按机审得分率折算，不是评审结论。
- **扣分都有出处。** 每一处扣分列出所依据的问题。提示不扣分；把握为“很可能”的按 {likely} 计，“请人工判断”的不扣分；
  涉及整个文档、不属于哪个项目的问题不扣项目的分。
- **扣法。** “逐条”：每条问题扣“每条扣”一栏的分数，扣完为止。
  “按行”：该项分值×有问题的行占全部行的比例，一行有几条问题的按最重的一条，
  再按“每条扣”一栏的倍数计，扣完为止（2 倍即半数的行有问题就扣完）。
  “按已填行”：只看填有指标值的行。
- **小数。** 分值最多写 {places} 位小数。改了四块的分值，各项按比例换算后舍去尾数，余下的归入最大的一项，
  各项之和总等于这一块的分值。
  扣分四舍五入到 0.01；不足 1 分的项按它首位数字的百分之一舍入（0.05 分的项到 0.0001），
  最细到第 {places} 位，扣完时恰好扣完。
  csv、Parquet 里的分数不再舍入：Parquet 是 {places} 位小数的定点数。

"""


def _scoring() -> str:
    """The blocks and their criteria, as the default scheme has them."""
    scheme = scoring.default()
    grades = "，".join(f"{limit:f}% 起为{name}" for name, limit in scheme.grades.items())
    parts = [_SCORING.format(grades=grades, likely=plain(scheme.certainty["likely"]), places=scoring.PLACES)]
    for part in scheme.blocks:
        rows = [_criterion(scheme, criterion) for criterion in part.criterion]
        head = "| 评分项 | 分值 | 规则 | 需要 | 扣法 | 每条扣 |\n|---|---|---|---|---|---|"
        parts.append("\n".join((f"## {part.name}（{plain(part.points)} 分）", "", head, *rows)) + "\n\n")
    return "".join(parts).rstrip() + "\n"


def _criterion(scheme: scoring.Scheme, criterion: scoring.Criterion) -> str:
    if not criterion.rules:
        beside = f"（参考 {'、'.join(criterion.beside)}）" if criterion.beside else ""
        return f"| {criterion.name} | {plain(criterion.points)} | 人工评定{beside} | | | |"
    ways = {"each": "逐条", "rows": "按行", "filled_rows": "按已填行"}
    costs = {**scheme.costs[criterion.by], **criterion.cost}
    shown = "，".join(f"{word} {plain(costs[key])}" for key, word in SEVERITIES.items() if costs.get(key))  # type: ignore[index, call-overload]
    wanted = "；".join(needs.PRESENT[fact] for fact in criterion.needs)
    return (
        f"| {criterion.name} | {plain(criterion.points)} | {'、'.join(criterion.rules)} | {wanted} "
        f"| {ways[criterion.by]} | {shown} |"
    )


def _problem_list() -> str:
    rows = [f"| `{code}` | {kind.message} | {'是' if kind.unread else '否'} |" for code, kind in CATALOGUE.items()]
    return (
        "# 读取问题\n\n读不出的内容以问题（Problem）给出，代码不变，句子是中文。“算作未读”的，命令行以 3 退出。\n\n"
        "| 代码 | 句子 | 算作未读 |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    )


def differences() -> list[str]:
    """What is missing, stale, or left over in ``docs``."""
    wanted = pages()
    found = [
        f"{path.name}: not current"
        for path, text in wanted.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    left = [p.name for folder in ("rules", "schema") for p in (DOCS / folder).glob("*") if p not in wanted]
    return found + [f"{name}: nothing generates it" for name in left]


def write() -> None:
    """Write every page."""
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    sys.exit("\n".join(differences()) or 0)
