"""PDFs are read in a child process that can be ended: PDFium cannot be interrupted, and a file may end its process.

One child is kept for each process that reads documents; it serves one document after the other.
"""

from __future__ import annotations

import threading

from kpi import processes, settings
from kpi.documents.model import Content
from kpi.documents.problems import problem
from kpi.processes import Child, EndedError

_TARGET = "kpi.documents.pdf.reader:read"
_LOCK = threading.Lock()
_KEPT: list[Child] = []


def read(data: bytes) -> Content:
    """Read the bytes of a PDF; a problem says so where the child had to be ended or ended by itself."""
    with _LOCK:
        try:
            content: Content = _child().call(data, seconds=settings.READ_SECONDS + processes.GRACE_SECONDS)
        except EndedError as ended:
            late = problem("out_of_time", f"{settings.READ_SECONDS:g}")
            return Content((), (late if ended.late else problem("damaged_file", "读取进程异常退出"),))
        return content


def _child() -> Child:
    if not (_KEPT and _KEPT[0].serves):
        if _KEPT:
            _KEPT.pop().end()
        _KEPT.append(Child(_TARGET))
    return _KEPT[0]
