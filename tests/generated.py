"""The pages that are written from the code: one a rule, the rule list, the JSON Schemas.

``python -m tests.generated`` checks that they are current; ``--write`` rewrites them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from kpi import parse_value
from kpi.documents.problems import CATALOGUE
from kpi.explain import CERTAINTIES, SEVERITIES, explain
from kpi.rules import BY_CODE, RULES, SUPPRESSES
from kpi.schema import Extraction, Review, Value
from tests.material import VALUES, read_yaml

DOCS = Path(__file__).parent.parent / "docs"


def pages() -> dict[Path, str]:
    """Every generated page: its path and its text."""
    found = {DOCS / "rules" / f"{rule.code}.md": _rule_page(rule.code) for rule in RULES}
    found[DOCS / "rules" / "README.md"] = _rule_list()
    found[DOCS / "problems.md"] = _problem_list()
    found[DOCS / "values.md"] = _value_forms("en")
    found[DOCS / "values.zh-CN.md"] = _value_forms("zh")
    for name, schema in {
        "value": TypeAdapter(Value).json_schema(mode="serialization"),
        "extraction": Extraction.model_json_schema(mode="serialization"),
        "review": Review.model_json_schema(mode="serialization"),
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
