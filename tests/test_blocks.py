"""Layouts beyond one plain table: blocks side by side, one column a place, trees, merged two-row headings."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

import kpi
from tests.material import differences, plain


class Form(NamedTuple):
    """A table (→ stands for a tab) and what must be read from each of its rows."""

    text: str
    rows: list[dict[str, Any]]


FORMS = {
    "whole period and year, under a merged heading": Form(
        "一级指标→实施期指标→→→年度指标→→\n→二级指标→三级指标→指标值→二级指标→三级指标→指标值\n"
        "产出指标→数量指标→建设泵站→≥6座→数量指标→建设泵站→≥2座\n→时效指标→完工时间→2027年底→→→\n",
        [
            {"horizon": "whole_period", "tier1": "产出指标", "name": "建设泵站", "raw_value": "≥6座"},
            {"horizon": "whole_period", "tier2": "时效指标", "raw_value": "2027年底"},
            {"horizon": "annual", "tier1": "产出指标", "tier2": "数量指标", "raw_value": "≥2座"},
        ],
    ),
    "whole period and year, named by the goals above": Form(
        "项目名称→泵站\n总体目标→实施期目标→→→年度目标→→\n→建成六座。→→→建成两座。→→\n"
        "一级指标→二级指标→三级指标→指标值→二级指标→三级指标→指标值\n"
        "产出指标→数量指标→建设泵站→6座→数量指标→建设泵站→2座\n",
        [{"horizon": "whole_period", "raw_value": "6座"}, {"horizon": "annual", "raw_value": "2座"}],
    ),
    "one name, a value for the whole period and one for the year": Form(
        "一级指标→二级指标→三级指标→中期指标值→年度指标值→分值\n产出指标→数量指标→建设泵站→6座→2座→10\n",
        [
            {"horizon": "whole_period", "raw_value": "6座", "weight": "10"},
            {"horizon": "annual", "raw_value": "2座", "weight": "10"},
        ],
    ),
    "one value column a village": Form(
        "一级指标→二级指标→三级指标→指标解释→指标值→→\n→→→→东坪村→西坪村→北坡社区\n"
        "产出指标→数量指标→修建水池（个）→反映建设情况→1→2→\n→质量指标→验收合格率→→100%→100%→100%\n",
        [
            {"place": "东坪村", "raw_value": "1", "value": {"unit": "个"}, "explanation": "反映建设情况"},
            {"place": "东坪村", "tier2": "质量指标", "raw_value": "100%"},
            {"place": "西坪村", "raw_value": "2"},
            {"place": "西坪村", "raw_value": "100%"},
            {"place": "北坡社区", "raw_value": "100%"},
        ],
    ),
    "a value column a village, in a copy that lost the blanks of merged headings": Form(
        "一级指标→二级指标→三级指标→指标值→备注\n→→→东坪村→西坪村\n产出指标→数量指标→修建水池→1个→2个→甲\n",
        [
            {"place": "东坪村", "raw_value": "1个", "basis": "甲"},
            {"place": "西坪村", "raw_value": "2个", "basis": "甲"},
        ],
    ),
    "blocks under merged headings that lost their blanks": Form(
        "一级指标→实施期目标→年度目标\n→二级指标→三级指标→指标值→二级指标→三级指标→指标值\n"
        "产出指标→数量指标→泵站→6座→数量指标→泵站→2座\n",
        [
            {"horizon": "whole_period", "tier1": "产出指标", "raw_value": "6座"},
            {"horizon": "annual", "tier1": "产出指标", "raw_value": "2座"},
        ],
    ),
    "places as headings of their own": Form(
        "一级指标→二级指标→三级指标→第一小学→第二小学\n产出指标→数量指标→受助学生→30人→45人\n",
        [{"place": "第一小学", "raw_value": "30人"}, {"place": "第二小学", "raw_value": "45人"}],
    ),
    "a tree with values beside the names": Form(
        "绩效指标→指标值\n产出指标→\n　成本指标→\n　　采购单价→≤12元\n　数量指标→\n　　采购数量→≥100支\n"
        "满意度指标→\n　服务对象满意度指标→\n　　患者满意度→≥90%\n效益指标→\n　社会效益指标→\n　　发病率→≤3%\n",
        [
            {"tier1": "产出指标", "tier2": "成本指标", "name": "采购单价", "raw_value": "≤12元"},
            {"tier1": "产出指标", "tier2": "数量指标", "name": "采购数量"},
            {"tier1": "满意度指标", "tier2": "服务对象满意度指标", "name": "患者满意度"},
            {"tier1": "效益指标", "tier2": "社会效益指标", "name": "发病率"},
        ],
    ),
    "a tree in the newer framework": Form(
        "指标名称→目标值\n成本指标→\n经济成本指标→\n总成本→≤5万元\n产出指标→\n数量指标→\n场次→3场\n",
        [{"tier1": "成本指标", "tier2": "经济成本指标"}, {"tier1": "产出指标", "tier2": "数量指标", "name": "场次"}],
    ),
    "the tiers' headings merged downwards over the columns of the value": Form(
        "一级指标→二级指标→三级指标→年度绩效指标→→→实际完成值→分值→得分\n→→→计算符号→目标值→计量单位→→→\n"
        "产出指标(50分)→数量指标→巡查次数→≥→24→次→26→10→10\n",
        [
            {
                "tier1_text": "产出指标",
                "raw_value": "≥24次",
                "weight": "10",
                "horizon": None,
                "cells": {"operator": "≥", "value": "24", "unit": "次"},
                "actual": {"raw": "26", "score": "10"},
            }
        ],
    ),
    "the same in a copy that lost the blanks of merged headings": Form(
        "一级指标→二级指标→三级指标→年度指标值→实际完成值→分值→得分\n→→→计算符号→目标值→计量单位→→→\n"
        "产出指标→数量指标→巡查次数→≥→24→次→26→10→9\n",
        [{"raw_value": "≥24次", "weight": "10", "actual": {"raw": "26", "score": "9"}}],
    ),
    "the same where the second row lost its own blanks": Form(
        "一级指标→二级指标→三级指标→年度指标值→实际完成值→分值→得分\n计算符号→目标值→计量单位\n"
        "产出指标→数量指标→巡查次数→≥→24→次→26→10→9\n",
        [{"raw_value": "≥24次", "weight": "10", "actual": {"raw": "26", "score": "9"}}],
    ),
    "the second row of a heading names all but the first tier": Form(
        "一级指标→绩效指标→→\n→二级指标→三级指标→指标值\n产出指标→数量指标→巡查次数→24次\n",
        [{"tier1": "产出指标", "tier2": "数量指标", "name": "巡查次数", "raw_value": "24次"}],
    ),
    "the name is the second tier": Form(
        "一级指标→指标名称→指标内容→指标值\n产出指标→数量指标→养护绿地→375万平方米\n效益指标→生态效益指标→改善环境→是\n",
        [
            {"tier2": "数量指标", "tier2_text": None, "name": "数量指标", "description": "养护绿地"},
            {"tier1": "效益指标", "tier2": "生态效益指标", "raw_value": "是"},
        ],
    ),
    "headings with the year and words around the value": Form(
        "一级指标名称→二级指标名称→三级指标名称→2025年度预期绩效指标值→权重（%）\n产出指标→数量指标→甲→5个→10\n",
        [{"name": "甲", "raw_value": "5个", "weight": "10"}],
    ),
    "a heading over several columns": Form(
        "绩效目标→一级指标→二级指标→三级指标→→指标值→→→备注\n"
        "绩效目标→产出指标→数量指标→1→巡查次数→≥→24→次→甲\n→→质量指标→2→巡查到位率→≥→95→%→\n",
        [
            {"tier1": "产出指标", "name": "巡查次数", "raw_value": "≥24次", "basis": "甲"},
            {"tier1": "产出指标", "tier2": "质量指标", "name": "巡查到位率", "raw_value": "≥95%", "basis": None},
        ],
    ),
    "signs and units that stand in the value as well as in their columns": Form(
        "一级指标→二级指标→三级指标→计算符号→指标值→计量单位\n产出指标→数量指标→甲→≥→≥10→公里\n"
        "→成本指标→乙→≤→10元→万元\n→质量指标→丙→＝→95%→%\n→时效指标→丁→不超过→3→天\n",
        [
            {"raw_value": "≥10公里", "cells": {"operator": "≥", "value": "≥10", "unit": "公里"}},
            {"raw_value": "≤10元", "value": {"unit": "元", "notes": ["unit_conflict"]}},
            {"raw_value": "＝95%"},
            {"raw_value": "不超过3天"},
        ],
    ),
    "tiers that are not known, with wordings for values": Form(
        "一级指标→二级指标→三级指标→指标值\n履职效能→部门效能→政策知晓→明显提高\n产出指标→数量指标→里程→≥10公里\n"
        "管理效率→战略管理→规划相符性→相符\n满意度指标→服务对象满意度→群众满意度→≥90%\n",
        [
            {"tier1": None, "tier1_text": "履职效能", "tier2_text": "部门效能", "name": "政策知晓"},
            {"tier1": "产出指标", "raw_value": "≥10公里"},
            {"tier1": None, "tier1_text": "管理效率", "raw_value": "相符"},
            {"tier1": "满意度指标", "raw_value": "≥90%"},
        ],
    ),
    "names that are words of remarks and signatures": Form(
        "三级指标→二级指标→指标值\n审核→数量指标→≥3次\n合计→数量指标→≥3次\n",
        [{"name": "审核", "raw_value": "≥3次"}, {"name": "合计"}],
    ),
    "a nature that is neither sign nor kind": Form(
        "一级指标→二级指标→三级指标→指标性质→指标值→计量单位\n产出指标→数量指标→甲→预期性→5→个\n"
        "→质量指标→乙→正向指标→95→%\n→时效指标→丙→等于→10→天\n",
        [
            {"raw_value": "5个", "cells": {"operator": None, "type": "预期性"}},
            {"raw_value": "95%", "cells": {"operator": None, "direction": "正向指标"}},
            {"raw_value": "等于10天", "cells": {"operator": "等于"}},
        ],
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_form_of_a_table(name: str) -> None:
    form = FORMS[name]
    extraction = kpi.extract(form.text.replace("→", "\t"))
    rows = [row for project in plain(extraction)["projects"] for row in project["indicators"]]
    assert list(differences(form.rows, rows)) == []
    assert extraction.coverage.rows_read == extraction.coverage.rows_seen == len(form.rows)
    assert extraction.problems == ()


def test_places_point_at_the_value_of_each_block() -> None:
    for form in FORMS.values():
        text = form.text.replace("→", "\t")
        for project in kpi.extract(text).projects:
            for indicator in project.indicators:
                value = indicator.cells.value or ""
                assert value.startswith(text[indicator.location.start : indicator.location.end])
