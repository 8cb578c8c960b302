"""What two machines must have alike to make the same of a document: code, versions, limits; said in Chinese."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

import kpi
from kpi import settings
from kpi.documents import libreoffice
from kpi.rules import RULESET_VERSION
from kpi.schema import SCHEMA_VERSION

About = Mapping[str, str]
# Those that read documents, and the one that writes the bytes of shards.
_LIBRARIES = ("lxml", "pyarrow", "pydantic", "pypdfium2", "regex")
_CODE = (".py", ".toml", ".txt")


class ClusterError(Exception):
    """A cluster does not serve; the message, in Chinese, says why."""


def about() -> About:
    """What results depend on beside documents and settings: what it is called → what it is here."""
    limits = {name: value for name, value in vars(settings).items() if name.isupper()}
    return {
        "规则版本": RULESET_VERSION,
        "数据格式版本": SCHEMA_VERSION,
        "kpi 的程序文件": _code(),
        "Python 版本": platform.python_version(),
        **{f"{name} 版本": metadata.version(name) for name in _LIBRARIES},
        "LibreOffice": "已安装" if libreoffice.installed() else "没有安装",
        **{f"KPI_{name}": str(value) for name, value in limits.items()},
    }


@cache
def _code() -> str:
    """A hash of the package's code and data, by which states of one version are told apart."""
    folder = Path(kpi.__file__).parent
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in _CODE and (name := path.relative_to(folder)).parts[0] != "models":
            found.update(f"{name.as_posix()}\0".encode() + path.read_bytes())
    return found.hexdigest()[:12]


def differences(here: About, there: About) -> str:
    """What is not alike; empty where all is."""
    names = dict.fromkeys((*here, *there))
    return "；".join(
        f"{name}：本机 {here.get(name, '没有')}，工作进程 {there.get(name, '没有')}"
        for name in names
        if here.get(name) != there.get(name)
    )
