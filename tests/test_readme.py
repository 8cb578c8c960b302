import pytest

from tests import readme


@pytest.mark.parametrize("name", readme.FILES)
def test_the_examples_are_true(name: str) -> None:
    assert readme.stale((readme.ROOT / name).read_text("utf-8")) == []
