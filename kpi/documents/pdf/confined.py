"""PDFs are read in a child process that can be ended: PDFium cannot be interrupted, and a file may end its process.

One child is kept for each process that reads documents; it serves one document after the other and is replaced when it
was ended. It leaves with its parent, whose end closes its input.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import subprocess
import sys
import threading
from typing import Any

from kpi import settings
from kpi.documents.model import Content
from kpi.documents.problems import problem

_START = "import sys; sys.path[:] = sys.argv[1:]; from kpi.documents.pdf import confined; confined.main()"
# The child keeps the limit of time itself where it can; it is ended so many seconds later.
_GRACE_SECONDS = 5.0


def read(data: bytes) -> Content:
    """Read the bytes of a PDF; a problem says so where the child had to be ended or ended by itself."""
    with _LOCK:
        return _child().read(data)


class _Child:
    """The other process and the pipes to it."""

    def __init__(self) -> None:
        self.parent = os.getpid()
        self._process = subprocess.Popen(
            # -P: modules come from where this process has them, never from the folder it happens to stand in.
            [sys.executable, "-P", "-c", _START, *(path or os.getcwd() for path in sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        atexit.register(self.end)

    def read(self, data: bytes) -> Content:
        limits = {name: value for name, value in vars(settings).items() if name.isupper()}
        late = threading.Timer(settings.READ_SECONDS + _GRACE_SECONDS, self._process.kill)
        late.start()
        try:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            pickle.dump((limits, data), self._process.stdin)
            self._process.stdin.flush()
            content: Content = pickle.load(self._process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            ended_by_us = not late.is_alive()
            self.end()
            why = problem("out_of_time", f"{settings.READ_SECONDS:g}") if ended_by_us else None
            return Content((), (why or problem("damaged_file", "读取进程异常退出"),))
        except BaseException:  # interrupted: an answer may be on its way, and the next document must not get it
            self.end()
            raise
        finally:
            late.cancel()
        return content

    @property
    def serves(self) -> bool:
        """Whether it runs, and is this process's own: a forked process leaves its parent's child alone."""
        return self.parent == os.getpid() and self._process.poll() is None

    def end(self) -> None:
        """End the process, if it is this process's own."""
        if self.parent != os.getpid():
            return
        atexit.unregister(self.end)
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was not written yet is lost with the process
                    pipe.close()


_LOCK = threading.Lock()
_KEPT: list[_Child] = []


def _child() -> _Child:
    if not (_KEPT and _KEPT[0].serves):
        if _KEPT:
            _KEPT.pop().end()
        _KEPT.append(_Child())
    return _KEPT[0]


def main() -> None:
    """The child: limits and the bytes of a PDF in, its content out, until the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not be taken for an answer
    from kpi.documents.pdf import reader

    while True:
        try:
            limits, data = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        _keep_to(limits)
        # Should the parent be gone by then, nobody else ends this process.
        orphaned = threading.Timer(settings.READ_SECONDS + 2 * _GRACE_SECONDS, os._exit, (1,))
        orphaned.daemon = True
        orphaned.start()
        content = reader.read(data)
        orphaned.cancel()
        pickle.dump(content, answers)
        answers.flush()


def _keep_to(limits: dict[str, Any]) -> None:
    for name, value in limits.items():
        setattr(settings, name, value)
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (settings.MAX_READER_BYTES, resource.RLIM_INFINITY))
