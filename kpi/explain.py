"""Values and places said in Chinese, for terminals and pages: ``≥90%`` → ``不低于 90%``."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from kpi.schema import Compound, DateValue, Empty, Location, Qualitative, Quantity, Range, Value, YesNo, plain

KINDS = {
    "quantity": "数量",
    "range": "区间",
    "date": "时间",
    "yes_no": "是否",
    "qualitative": "文字",
    "compound": "多个值",
    "empty": "空",
}
DIMENSIONS = {
    "ratio": "比率", "money": "金额", "count": "计数", "duration": "时长", "length": "长度", "area": "面积",
    "volume": "体积", "mass": "质量", "energy": "能量", "power": "功率", "data": "数据", "concentration": "浓度",
    "temperature": "温度", "score": "分数", "number": "数（无单位）",
}  # fmt: skip
SENSES = {
    "direction_only": "只说方向",
    "intensity_only": "只说好坏",
    "procedural": "只说照规定办",
    "punctual": "只说及时",
    "coverage": "只说范围",
    "restatement": "重复指标名称",
    "task": "写成了工作任务",
    "graded": "等级",
    "standard": "指明的标准",
    "other": "其他文字",
}
NOTES = {
    "unit_typo": "单位有错字",
    "unit_inherited": "单位取自单位列或指标名称",
    "unit_conflict": "单位前后不一致",
    "stray_space": "数字中有多余空格",
    "letter_for_digit": "数字中混有字母",
    "leap_year_unknown": "年份不明，二月底按28日计",
    "impossible_date": "没有这一天",
    "operator_conflict": "前后比较词矛盾",
    "suspected_misread": "疑似识别错误",
    "sign_read_as_digit": "“≥”被识别成了数字 2",
    "day_number": "日期成了表格里的天数",
    "percent_sign_lost": "缺百分号",
    "not_understood": "有数字未能理解",
    "truncated": "文字过长，只读取了前面部分",
}
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
CERTAINTIES = {"certain": "确定", "likely": "很可能", "judge": "请人工判断"}
CHANGES = {
    "lowered": "目标降低", "vaguer": "变得空泛", "dropped": "删去", "new": "新增", "moved": "值有变动",
    "raised": "目标提高", "clearer": "变得具体", "reworded": "文字改写", "same": "相同",
}  # fmt: skip
CHANGE_NOTES = {
    "unit_changed": "单位不同，折合后比较",
    "not_comparable": "两年的值不是一类，不能比较大小",
    "operator_changed": "比较符号变了",
    "follows_budget": "成本随预算增减",
    "renamed": "指标名称略有不同",
    "tier_changed": "归类变了",
}
FAMILIES = {
    "VAG": "指标值空泛", "VAL": "指标值写法", "UNI": "指标与值不符", "DIR": "方向", "FIN": "资金", "TIM": "时间",
    "STR": "完整与归类", "REL": "相关与照抄", "SAT": "满意度", "ACT": "自评",
}  # fmt: skip
_OPERATORS = {">=": "不低于", "<=": "不超过", ">": "超过", "<": "低于", "=": "等于", "~": "约"}
_DATE_OPERATORS = {"<=": "不晚于", ">=": "不早于", "in": "期间", "=": "就在"}
_RECURS = {"year": "每年", "half_year": "每半年", "quarter": "每季度", "month": "每月", "week": "每周", "day": "每日"}


def explain(value: Value) -> str:
    """One Chinese phrase that says what was understood."""
    match value:
        case Quantity():
            amount = _amount(value.magnitude, value)
            return _changed(value, f"{_OPERATORS[value.operator]} {amount}" if value.operator_written else amount)
        case Range():
            low = "" if value.lower.inclusive else "（不含）"
            high = "" if value.upper.inclusive else "（不含）"
            return _changed(
                value, f"{plain(value.lower.magnitude)}{low} 至 {_amount(value.upper.magnitude, value)}{high}"
            )
        case DateValue():
            return _date(value)
        case YesNo():
            return {True: "是", False: "否", None: "是与否都印着，未选定"}[value.answer]
        case Qualitative():
            return SENSES[value.sense]
        case Compound():
            joint = {"and": "；", "or": " 或 ", "with": "，"}[value.join]
            return joint.join((f"{part.label}：" if part.label else "") + explain(part) for part in value.parts)
        case Empty():
            return "没有填写"


def _amount(magnitude: object, value: Quantity | Range) -> str:
    per = f"/{value.per}" if value.per else ""
    unit = "个百分点" if value.unit == "百分点" else value.unit or ""
    return f"{magnitude:f}{unit}{per}"


def _changed(value: Quantity | Range, phrase: str) -> str:
    if value.change is None:
        return phrase
    against = f"较{value.baseline}" if value.baseline else ""
    return f"{against}{'提高' if value.change == 'increase' else '下降'} {phrase}"


def _date(value: DateValue) -> str:
    recurs = _RECURS[value.recurs] if value.recurs else ""
    if value.start is None and value.end is None:
        return recurs if value.operator == "in" else f"{recurs}一次，不晚于期末"
    if value.operator == "in":
        return f"{recurs}{_day(value.start)} 至 {_day(value.end)}"
    return f"{recurs}{_DATE_OPERATORS[value.operator]} {_day(value.end or value.start)}"


def _day(iso: str | None) -> str:
    """``2025-12-31`` as it is; what is not known left out: ``XXXX-12-31`` → 12月31日, ``XXXX-XX-10`` → 10日."""
    if iso is None or "X" not in iso:
        return iso or ""
    _, month, day = iso.split("-")
    return (f"{int(month)}月" if month.isdigit() else "") + f"{int(day)}日"


def in_base_units(value: Value) -> str:
    """The value in base units, where that says more than the value itself: 0.4万元 → 4000 元."""
    match value:
        case Quantity(base_unit=base) if base != value.unit:
            return f"{plain(value.base_magnitude)}{'' if base in (None, '1') else ' ' + base}"
        case Range(base_unit=base) if base != value.unit:
            unit = "" if base in (None, "1") else f" {base}"
            return f"{plain(value.lower.base_magnitude)} 至 {plain(value.upper.base_magnitude)}{unit}"
        case _:
            return ""


def place(location: Location | None) -> str:
    """Where something stands, as a reader looks it up: 第85行, 工作表“一”E12, 第3页第2个表第5行."""
    if location is None:
        return ""
    if location.sheet is not None and location.row is not None:
        return f"工作表“{location.sheet}”{letters(location.column)}{location.row}"
    if location.line is not None:
        return f"第{location.line}行"
    parts = (("第{}页", location.page), ("第{}个表", location.table), ("第{}行", location.row))
    return "".join(form.format(number) for form, number in parts if number is not None)


def letters(column: int | None) -> str:
    """The letters of a sheet's column, counted from 1: ``28`` → ``AB``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


_KEPT = Decimal("0.0001")


def percent(share: Decimal | None) -> str:
    """A share (0..1) as it is printed: ``77.8%``; a dash where there is none.

    Rounded from the four places that shares are kept with, as a cell of Excel shows them.
    """
    if share is None:
        return "—"
    return f"{(Decimal(share).quantize(_KEPT) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
