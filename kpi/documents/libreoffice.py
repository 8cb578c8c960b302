"""Formats that only an office program reads (doc, wps, rtf, odt, xlsb, "XML 表格 2003") → docx or xlsx, by LibreOffice.

``soffice`` runs headless with a profile of its own, which forbids macros, links and the network; after a time limit it
is ended with all it has started. What it writes is then read like any file of that kind.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple

import olefile

from kpi import settings
from kpi.documents.kinds import Kind, kind_of
from kpi.documents.model import Content
from kpi.documents.problems import problem
from kpi.documents.sheets import xlsx
from kpi.documents.word import docx


class _Way(NamedTuple):
    """How a kind is read: what users call it, the file's ending, and what it is turned into."""

    called: str
    suffix: str
    target: str


_WAYS = {
    Kind.DOC: _Way("Word 97—2003（doc、wps）", "doc", "docx"),
    Kind.RTF: _Way("RTF", "rtf", "docx"),
    Kind.ODT: _Way("ODT", "odt", "docx"),
    Kind.XLSB: _Way("Excel 二进制工作簿（xlsb）", "xlsb", "xlsx"),
    Kind.FLAT_XLS: _Way("XML 表格 2003", "xml", "xlsx"),
}
_READERS = {"docx": docx.read, "xlsx": xlsx.read}
_PROGRAMS = ("soffice", "libreoffice")
_ENCRYPTED_DOC = 0x0100  # a flag in the tenth byte of the WordDocument stream
# No macros, no updates of links, and a proxy that does not exist in the place of the network.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyName"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyPort"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyName"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyPort"><value>9</value></prop></item>
</oor:items>
"""  # noqa: E501 - one setting a line


def installed() -> str | None:
    """Where LibreOffice is on this machine."""
    return next((path for name in _PROGRAMS if (path := shutil.which(name))), None)


def read(data: bytes) -> Content:
    """Read a file through LibreOffice; a problem says so where it is not installed."""
    kind = kind_of(data, None)
    assert isinstance(kind, Kind)
    way = _WAYS[kind]
    if _is_encrypted(data, kind):
        return Content((), (problem("encrypted"),))
    program = installed()
    if program is None:
        return Content((), (problem("needs_libreoffice", way.called),))
    with tempfile.TemporaryDirectory(prefix="kpi-", ignore_cleanup_errors=True) as folder:
        return _converted(data, way, program, Path(folder))


def _converted(data: bytes, way: _Way, program: str, folder: Path) -> Content:
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    source = folder / f"document.{way.suffix}"
    source.write_bytes(data)
    target = folder / "out" / f"document.{way.target}"
    command = (
        program, f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard",
        "--convert-to", way.target, "--outdir", str(target.parent), str(source),
    )  # fmt: skip
    if not _run(command, folder):
        return Content((), (problem("out_of_time", f"{settings.CONVERT_SECONDS:g}"),))
    if not target.is_file():
        return Content((), (problem("damaged_file", f"LibreOffice 不能转换 {way.called}"),))
    if target.stat().st_size > settings.MAX_DOCUMENT_BYTES:
        return Content((), (problem("too_large", f"转换后 {settings.MAX_DOCUMENT_BYTES:,} 字节"),))
    return _READERS[way.target](target.read_bytes())


def _run(command: tuple[str, ...], folder: Path) -> bool:
    """Run ``command``; ``False`` where the time was up and it was ended, with every process that it had started."""
    environment = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder)}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(settings.CONVERT_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    finally:
        _end(process)
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """End ``process`` and what it has started: its group, or on Windows its tree."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _is_encrypted(data: bytes, kind: Kind) -> bool:
    """Whether a password is needed; a damaged file is left to LibreOffice."""
    try:
        if kind is Kind.DOC:
            with olefile.OleFileIO(io.BytesIO(data)) as file:
                head: bytes = file.openstream("WordDocument").read(12)
            return bool(int.from_bytes(head[10:12], "little") & _ENCRYPTED_DOC)
        if kind is Kind.ODT:
            with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("META-INF/manifest.xml") as manifest:
                return b"encryption-data" in manifest.read(settings.MAX_XML_BYTES)
    except Exception:  # olefile and zipfile raise whatever their parsing meets
        return False
    return False
