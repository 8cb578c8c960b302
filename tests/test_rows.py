"""Rows in the forms that tables take: split values, absent merged cells, weights in tier names, self-evaluations."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

import kpi
from tests.material import differences, plain


class Form(NamedTuple):
    """A table as it is pasted, and what must be read from each of its rows."""

    text: str
    rows: list[dict[str, Any]]


FORMS = {
    "value, operator and unit apart": Form(
        "一级指标\t二级指标\t三级指标\t指标性质\t指标值\t度量单位\t权重\t指标方向性\n"
        "产出指标\t数量指标\t培训人数\t≥\t50\t人\t10\t正向\n"
        "\t成本指标\t总成本\t≤\t12.5\t万元\t10\t反向\n"
        "效益指标\t社会效益指标\t影响\t定性\t优良中低差\t\t20\t正向",
        [
            {"raw_value": "≥50人", "cells": {"operator": "≥", "value": "50", "unit": "人", "direction": "正向"}},
            {"raw_value": "≤12.5万元", "weight": "10", "value": {"base_magnitude": "125000", "raw": "≤12.5"}},
            {"raw_value": "优良中低差", "cells": {"operator": None, "type": "定性"}, "value": {"sense": "graded"}},
        ],
    ),
    "nature says what kind of value it is": Form(
        "一级指标\t二级指标\t三级指标\t指标性质\t指标值\n产出指标\t数量指标\t培训人数\t定量\t≥50人\n\t质量指标\t质量\t反向\t优",
        [
            {"raw_value": "≥50人", "cells": {"operator": None, "type": "定量", "direction": None}},
            {"raw_value": "优", "cells": {"operator": None, "type": None, "direction": "反向"}},
        ],
    ),
    "merged cells are absent": Form(
        "|一级指标|二级指标|三级指标|绩效指标描述|指标值|\n|产出指标|数量指标|甲|甲述|1个|\n|质量指标|乙|乙述|≥90%|\n"
        "|丙|丙述|≥95%|\n|效益指标|社会效益指标|丁|丁述|明显|",
        [
            {"tier1": "产出指标", "tier2": "数量指标", "name": "甲", "description": "甲述", "raw_value": "1个"},
            {"tier1": "产出指标", "tier2": "质量指标", "name": "乙", "description": "乙述", "raw_value": "≥90%"},
            {"tier1": "产出指标", "tier2": "质量指标", "name": "丙", "description": "丙述", "raw_value": "≥95%"},
            {"tier1": "效益指标", "tier2": "社会效益指标", "name": "丁", "raw_value": "明显"},
        ],
    ),
    "weights in tier names, other words for tiers": Form(
        "一级指标\t二级指标\t三级指标\t年度指标值\t分值权重\n"
        "产 出指标(50分)\t数量指标（10分）\t指标1：次数\t≥10次\t10\n"
        "项目效益\t社会效益\t①影响\t显著\t30\n满意度\t满意度\t2.群众满意度\t≥90％\t10",
        [
            {"tier1_text": "产出指标", "tier2_text": "数量指标", "name": "次数", "weight": "10"},
            {"tier1": "效益指标", "tier1_text": "项目效益", "tier2": "社会效益指标", "name": "影响"},
            {"tier1": "满意度指标", "tier2": "服务对象满意度指标", "name": "群众满意度", "raw_value": "≥90％"},
        ],
    ),
    "self-evaluation": Form(
        "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施\n"
        "产出指标\t数量指标\t次数\t≥10次\t8次\t10\t8\t天气原因\n总分\t\t\t\t\t100\t98\t",
        [
            {
                "raw_value": "≥10次",
                "weight": "10",
                "actual": {"raw": "8次", "score": "8", "reason": "天气原因", "value": {"magnitude": "8"}},
            }
        ],
    ),
    "no third tier, a remark column, an escaped pipe": Form(
        "|一级指标|二级指标|指标内容|指标值|备注|\n|:--|--|:--:|--|--|\n|产出指标|数量指标|甲\\|乙|≥50人||\n||质量指标|率|≥95%|历史标准|",
        [
            {"name": "甲|乙", "raw_value": "≥50人", "basis": None},
            {"tier1": "产出指标", "tier2": "质量指标", "name": "率", "basis": "历史标准"},
        ],
    ),
    "newer framework": Form(
        "一级指标\t二级指标\t三级指标\t指标值\n成本指标\t经济成本指标\t总成本\t≤5万元\n\t社会成本指标\t扰民次数\t≤2次",
        [{"tier1": "成本指标", "tier2": "经济成本指标"}, {"tier1": "成本指标", "tier2": "社会成本指标"}],
    ),
    "an unknown tier is kept as printed": Form(
        "一级指标\t二级指标\t三级指标\t指标值\n创新指标\t亮点\t做法数量\t≥2个",
        [{"tier1": None, "tier2": None, "tier1_text": "创新指标", "tier2_text": "亮点", "raw_value": "≥2个"}],
    ),
    "a value left empty": Form(
        "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t培训人数\t\n\t质量指标\t合格率\t/\n\t时效指标\t\t",
        [
            {"name": "培训人数", "raw_value": "", "value": {"kind": "empty"}},
            {"name": "合格率", "raw_value": "/", "value": {"kind": "empty"}},
        ],
    ),
    "unit in the name, year in the title": Form(
        "1、2024年度部门预算绩效目标表\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t质量指标\t合格率（%）\t≥95\n"
        "\t时效指标\t完成时间\t6月底前",
        [
            {"value": {"unit": "%", "base_magnitude": "0.95", "notes": ["unit_inherited"]}},
            {"value": {"end": "2024-06-30", "year_written": False}},
        ],
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_form_of_a_table(name: str) -> None:
    form = FORMS[name]
    extraction = kpi.extract(form.text)
    rows = [row for project in plain(extraction)["projects"] for row in project["indicators"]]
    assert list(differences(form.rows, rows)) == []
    assert extraction.coverage.rows_read == extraction.coverage.rows_seen == len(form.rows)


def test_framework_is_told_by_the_tiers() -> None:
    def framework(form: str) -> str | None:
        return kpi.extract(FORMS[form].text).projects[0].framework

    assert framework("newer framework") == "new"
    assert framework("value, operator and unit apart") == "old"
    assert framework("merged cells are absent") is None


def test_self_evaluation_is_told_by_its_columns() -> None:
    told = {name: kpi.extract(form.text).projects[0].self_evaluation for name, form in FORMS.items()}
    assert [name for name, is_one in told.items() if is_one] == ["self-evaluation"]


HEAD = "一级指标→二级指标→三级指标→指标值\n产出指标→数量指标→修井数量→≥3眼\n".replace("→", "\t")
NOTES = [
    "注：各地按实际填报",
    "注1:按年填报",
    "说明：同上",
    "填表说明1.按年填报",
    "备注",
    "合计",
    "总分100分",
    "小计（万元）",
]
NAMES = ["注册企业数量", "注12家", "说明会场次", "备注完整率", "总分及格率", "合计培训人数"]


@pytest.mark.parametrize("note", NOTES)
def test_a_note_is_no_indicator(note: str) -> None:
    (project,) = kpi.extract(f"{HEAD}{note}\t\t\t100\n").projects
    assert [row.name for row in project.indicators] == ["修井数量"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_may_begin_like_a_note(name: str) -> None:
    (project,) = kpi.extract(f"{HEAD}{name}\t≥5个\n").projects
    assert [row.name for row in project.indicators] == ["修井数量", name]
