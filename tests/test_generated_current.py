from tests import generated


def test_generated_pages_are_current() -> None:
    assert generated.differences() == []


def test_every_rule_page_has_its_manual() -> None:
    for path, text in generated.pages().items():
        if path.parent.name == "rules" and path.name != "README.md":
            for section in ("## 检查什么", "## 为什么重要", "## 反例", "## 正例", "## 依据"):
                assert section in text, f"{path.name} lacks {section}"
