"""Length-preserving folding, so that every offset in the folded text is an offset in the source.

NFKC is not used: it turns ``③≥95%`` into ``3≥95%``, changes lengths and leaves ``≧`` alone.
"""

from __future__ import annotations

import regex

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # ！ … ～ → ! … ~
_SPACES = dict.fromkeys(map(ord, "\u3000\xa0\u2002\u2003\u2009\u200a\u202f\t\r\n\v\f"), ord(" "))
_SAME = {
    "≧⩾": "≥",
    "≦⩽": "≤",
    "﹥": ">",
    "﹤": "<",
    "﹦═": "=",
    "〜∼": "~",
    "﹪": "%",
    "￥": "¥",
    "﹣−‐‑‒": "-",
    "–—―─": "—",
    "〔［【": "[",
    "〕］】": "]",
    "﹙": "(",
    "﹚": ")",
    "﹐": ",",
    "○〇": "零",
    "萬": "万",
    "億": "亿",
    "個箇": "个",
    "戶": "户",
    "場": "场",
    "臺": "台",
    "畝": "亩",
    "頃": "顷",
    "噸": "吨",
    "處": "处",
    "間": "间",
    "棟": "栋",
    "項": "项",
    "條": "条",
    "張": "张",
    "輛": "辆",
    "種": "种",
    "類": "类",
    "課": "课",
    "時": "时",
    "鐘": "钟",
    "週": "周",
    "際": "际",
    "隻": "只",
    "兩倆": "两",
    "貳": "贰",
    "參": "叁",
    "陸": "陆",
    "點": "点",
    "達": "达",
    "過": "过",
    "於": "于",
    "滿": "满",
    "內": "内",
    "約": "约",
    "無": "无",
    "較": "较",
    "長": "长",
    "減": "减",
    "幾": "几",
    "雙": "双",
    "頭": "头",
    "隊": "队",
    "員": "员",
    "圓": "圆",
    "斤": "斤",
    "級": "级",
    "標": "标",
    "準": "准",
    "進": "进",
    "應": "应",
    "µ": "μ",
    "訴應盡蓋續穩設備義務農業產費質數規劃執": "诉应尽盖续稳设备义务农业产费质数规划执",
    "發補助資專款據實報優勝幣貨險繳納購買車": "发补助资专款据实报优胜币货险缴纳购买车",
    "顯著擴強開關寬鮮電熱燈線網絡護環綠種樹": "显著扩强开关宽鲜电热灯线网络护环绿种树",
    "從當屆畢結構體系統總額積極動員導學習題": "从当届毕结构体系统总额积极动员导学习题",
    "離職錄節儉禁違紀貪賄風險監督檢驗審計評": "离职录节俭禁违纪贪贿风险监督检验审计评",
    "負": "负",
}


def _table() -> dict[int, int]:
    table = {**_FULL_WIDTH, **_SPACES}
    for sources, target in _SAME.items():
        targets = target * len(sources) if len(target) == 1 else target
        table.update({ord(s): ord(t) for s, t in zip(sources, targets, strict=True)})
    return table


_TABLE = _table()
_FOLDED = frozenset(map(chr, _TABLE))
# Financial numerals, only within a number (队伍, 陆续 are words), and 15k for 15千.
_PLAIN_NUMERALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_FINANCIAL = regex.compile(
    r"(?<!队)(?:[壹贰叁肆伍陆柒捌玖拾佰仟零一二三四五六七八九十百千万亿点]{2,}"
    r"|[壹贰叁肆伍陆柒捌玖](?=[元圆份分成个项次台人户名家件场期套])|[佰仟](?= ?分 ?之))|(?<=分 ?之)[壹贰叁肆伍陆柒捌玖]"
)
_KILO = regex.compile(r"(?<=\d)[kK](?![A-Za-z㎡²])")
_NUMERAL_FORMS = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟kK")
_SURROGATE = regex.compile(r"[\ud800-\udfff]")


def fold(text: str) -> str:
    """``text`` with full-width forms, look-alike signs and traditional characters folded; the length stays.

    >>> fold("≧９５％（萬元）")
    '≥95%(万元)'
    """
    if not _FOLDED.isdisjoint(text):
        text = text.translate(_TABLE)
    if not _NUMERAL_FORMS.isdisjoint(text):
        text = _FINANCIAL.sub(lambda found: found[0].translate(_PLAIN_NUMERALS), text)
        text = _KILO.sub("千", text)
    return text


def after_spaces(text: str, at: int) -> int:
    """Where the spaces at ``at`` in folded text end."""
    while text.startswith(" ", at):
        at += 1
    return at


def without_surrogates(text: str) -> str:
    """``text`` with each half character (broken file names and pasted text hold them) as U+FFFD; the length stays."""
    return text if text.isprintable() else _SURROGATE.sub("\ufffd", text)
