"""Distinct indicator values, mixed as in the field: ratios 40 %, counts 20 %, money 15 %, dates 10 %, wordings 15 %."""

from __future__ import annotations

import random
from collections.abc import Callable

_BEFORE = ("≥", "≥", "≥", "", "", "=", "≤", "＞", ">=", "不低于", "达到")
_AFTER = ("", "", "", "", "以上", "以内")
_COUNTED = (
    "人",
    "个",
    "次",
    "户",
    "场",
    "批次",
    "人次",
    "台",
    "套",
    "项",
    "件",
    "份",
    "公里",
    "亩",
    "平方米",
    "家",
    "名",
)
_MONEY = ("万元", "万元", "元", "元/人", "万元/年", "元/人·月", "亿元", "元/亩")
_DEGREES = ("进一步", "不断", "持续", "有所", "逐步", "明显", "较上年有所", "稳步")
_DIRECTIONS = ("提高", "提升", "改善", "增强", "增加", "优化", "降低", "减少", "好转")
_SUBJECTS = ("居民满意程度", "服务水平", "工作效率", "办事环境", "群众幸福感", "人居环境", "队伍素质", "管理能力")
_PHRASES = (
    "有效保障{}",
    "{}良好",
    "按时完成{}工作",
    "按规定开展{}工作",
    "全面覆盖{}对象",
    "及时处理{}事项",
    "解决{}问题",
)


def values(count: int, seed: int = 20_250_101) -> list[str]:
    """``count`` distinct values; the same seed gives the same list."""
    choose = random.Random(seed)
    kinds: list[Callable[[random.Random], str]] = [_ratio, _count, _money, _date, _wording]
    seen: dict[str, None] = {}
    while len(seen) < count:
        seen.setdefault(choose.choices(kinds, (40, 20, 15, 10, 15))[0](choose))
    return list(seen)


def _number(choose: random.Random, most: int) -> str:
    number = choose.randint(1, most)
    return f"{number}" if choose.random() < 0.6 else f"{number / 100:.2f}".rstrip("0").rstrip(".")


def _ratio(choose: random.Random) -> str:
    return f"{choose.choice(_BEFORE)}{_number(choose, 10000)}{choose.choice(('%', '%', '%', '％', '百分比', '‰'))}"


def _count(choose: random.Random) -> str:
    before = choose.choice(_BEFORE)
    return f"{before}{choose.randint(1, 99999)}{choose.choice(_COUNTED)}{'' if before else choose.choice(_AFTER)}"


def _money(choose: random.Random) -> str:
    return f"{choose.choice(('≤', '≤', '=', '', '不超过', '控制在'))}{_number(choose, 999999)}{choose.choice(_MONEY)}"


def _date(choose: random.Random) -> str:
    year, month, day = choose.randint(2018, 2030), choose.randint(1, 12), choose.randint(1, 28)
    forms = (
        f"{year}年{month}月底", f"{year}年{month}月{day}日前", f"{month}月{day}日前完成", f"{year}年{month}月{day}日",
        f"{year}年{month}月底前", f"{year}.{month:02d}-{year + 1}.{month:02d}", f"{year}年{month}月",
        f"每年{month}月{day}日前",
        f"{year}-{month:02d}-{day:02d}", f"{year}年第{'一二三四'[month % 4]}季度",
    )  # fmt: skip
    return choose.choice(forms)


def _wording(choose: random.Random) -> str:
    subject = choose.choice(_SUBJECTS)
    if choose.random() < 0.7:
        subject += f"{choose.choice('和与、')}{choose.choice(_SUBJECTS)}"
    if choose.random() < 0.5:
        return subject + choose.choice(_DEGREES) + choose.choice(_DIRECTIONS)
    return choose.choice(_PHRASES).format(subject) + choose.choice(("", "。"))
