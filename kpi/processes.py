"""Work in another process that can be ended: a hostile document may neither hang nor kill the one that serves others.

:class:`Child` is one such process and answers one call after another; :mod:`kpi.pools` keeps several.
A child is ended when a call takes too long, replaced when it is gone, and leaves with its parent, whose end closes its
input. What it calls is a function named ``module:function`` over arguments that pickle. Of a generator the answer is
what it returns; each thing that it yields is a step: the caller sees it, and the limit of time begins anew.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import IO, Any, NamedTuple

from kpi import settings

# A service manager stops all processes at once: it is the parent that says when what was accepted is finished, so the
# child overlooks such signals from its first line on.
_START = "import signal, sys; [signal.signal(s, signal.SIG_IGN) for s in (signal.SIGINT, signal.SIGTERM)]; "
_START += "sys.path[:] = sys.argv[2:]; from kpi import processes; processes.main(sys.argv[1])"
# A child may take so long to begin; that is not counted as its first call's.
START_SECONDS = 60.0
# A child keeps the limit of time itself where it can; it is ended so many seconds later.
GRACE_SECONDS = 5.0
# So often a child looks whether its parent is there.
_LOOK_SECONDS = 1.0
# So many new objects are made before garbage is looked for among them.
_OBJECTS = 50_000
# A lowered one goes on with about a tenth of the time of those that want to run as well, and so still comes to its end.
_LOWER = 10


class EndedError(Exception):
    """The process was ended, or ended by itself, before it answered.

    ``late`` where it was given too long; ``left`` where the one that serves leaves, which says nothing of the call.
    ``steps`` is how many steps of the call were done before; -1 where the process did not even begin.
    """

    def __init__(self, late: bool, steps: int = 0, *, left: bool = False) -> None:
        super().__init__("out of time" if late else "the process ended")
        self.late, self.steps, self.left = late, steps, left


class _Step(NamedTuple):
    """What a generator yielded on its way to the answer."""

    value: Any


class Child:
    """Another process and the pipes to it. One call at a time; the caller sees to that."""

    def __init__(self, target: str) -> None:
        self.parent = os.getpid()
        self.calls = 0
        self._began = self._left = False
        self._process = subprocess.Popen(
            # -P: modules come from where this process has them, never from the folder it happens to stand in.
            [sys.executable, "-P", "-c", _START, target, *(path or os.getcwd() for path in sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is for the one that serves, which first finishes what it accepted
        )
        atexit.register(self._leave)

    def call(self, *arguments: Any, seconds: float, seen: Callable[[Any], None] | None = None) -> Any:
        """What the function answers; ``seen`` is called with each of its steps.

        Raises:
            EndedError: It, or one step, took longer than ``seconds``, or the process is gone; the child cannot be
                used again.
            Exception: Whatever the function raised.

        """
        limits = {name: value for name, value in vars(settings).items() if name.isupper()}
        self.calls += 1
        self.begin()
        answer, error = self._exchange((limits, seconds, arguments), seconds, seen)
        if isinstance(error, MemoryError):  # what was taken is seldom given back, and the next call would lack it
            self.end()
        if error is not None:
            raise error
        return answer

    def begin(self) -> None:
        """Wait until it is there.

        Raises:
            EndedError: It did not begin.

        """
        if not self._began:
            try:
                self._exchange(None, START_SECONDS)
            except EndedError as ended:
                raise EndedError(ended.late, -1, left=ended.left) from ended
            self._began = True

    def _exchange(self, message: object, seconds: float, seen: Callable[[Any], None] | None = None) -> Any:
        """Send a message, if there is one, and wait for the answer."""
        ended_by_us = threading.Event()
        steps = 0

        def end() -> None:
            ended_by_us.set()
            self._process.kill()

        late = after(seconds, end)
        try:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            if message is not None:
                pickle.dump(message, self._process.stdin, pickle.HIGHEST_PROTOCOL)
                self._process.stdin.flush()
            while isinstance(found := pickle.load(self._process.stdout), _Step):
                late.cancel()
                steps += 1
                self.calls += 1
                if seen is not None:
                    seen(found.value)
                late = after(seconds, end)
            return found
        except (OSError, EOFError, pickle.UnpicklingError) as gone:
            self.end()
            raise EndedError(ended_by_us.is_set(), steps, left=self._left) from gone
        except BaseException:  # interrupted: an answer may be on its way, and the next call must not get it
            self.end()
            raise
        finally:
            late.cancel()

    @property
    def serves(self) -> bool:
        """Whether it runs, and is this process's own: a forked process leaves its parent's child alone."""
        return self.parent == os.getpid() and self._process.poll() is None

    def lower(self) -> None:
        """Let the process, and all that it has started, stand behind others, where the system can do that."""
        if not hasattr(os, "setpriority"):
            return
        priority = min(19, os.getpriority(os.PRIO_PROCESS, 0) + _LOWER)
        for pid in _descendants(self._process.pid):
            with contextlib.suppress(OSError):  # it is gone
                os.setpriority(os.PRIO_PROCESS, pid, priority)
            with contextlib.suppress(OSError):  # some systems share their time between sessions first
                Path(f"/proc/{pid}/autogroup").write_text(f"{priority}", encoding="ascii")

    def kill(self) -> None:
        """End the process in the midst of a call, from another thread."""
        self._process.kill()

    def _leave(self) -> None:
        self._left = True
        self.end()

    def end(self) -> None:
        """End the process, if it is this process's own."""
        if self.parent != os.getpid():
            return
        atexit.unregister(self._leave)
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was not written yet is lost with the process
                    pipe.close()


def after(seconds: float, act: Callable[..., object], *arguments: object) -> threading.Timer:
    """A timer that has begun: it acts after so many seconds, in a thread of its own, unless it is cancelled."""
    timer = threading.Timer(seconds, act, arguments)
    timer.daemon = True
    timer.start()
    return timer


def _descendants(pid: int) -> list[int]:
    """A process, and those that it has started, as far as the system tells."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


def main(target: str) -> None:
    """The child: says that it is there; then limits and arguments in, what the function answers or raises out."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not be taken for an answer
    if os.name == "posix":
        threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    pickle.dump(None, answers)
    answers.flush()
    settled = False
    while True:
        try:
            limits, seconds, arguments = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        _keep_to(limits)
        try:
            answer, error = _answer(function, arguments, seconds, answers), None
        except Exception as raised:  # the caller decides; it must not take the process with it
            answer, error = None, raised
        pickle.dump((answer, error), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
        del answer, error
        if not settled:
            settle()
            settled = True


def settle() -> None:
    """Spare a process that goes on for long Python's search for garbage, which would take a third of its time.

    What is loaded stays, and is not looked through again. What is made later seldom refers to itself: it is looked
    through once in so many new objects, some megabytes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS, 20, 50)


def _leave_with(parent: int) -> None:
    """End this process, however busy it is, when the one that started it was killed."""
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os._exit(1)


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float, answers: IO[bytes]) -> Any:
    """What the function answers; its steps are told on the way."""
    orphaned = _orphaned(seconds)
    try:
        answer = function(*arguments)
        while isinstance(answer, Generator):
            try:
                step = next(answer)
            except StopIteration as done:
                return done.value
            orphaned.cancel()
            pickle.dump(_Step(step), answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()
            orphaned = _orphaned(seconds)
        return answer
    finally:
        orphaned.cancel()


def _orphaned(seconds: float) -> threading.Timer:
    """Should the parent be gone by then, nobody else ends this process."""
    try:
        return after(seconds + GRACE_SECONDS, os._exit, 1)
    except RuntimeError:  # no memory for a thread: there is none for a document
        os._exit(1)


def _keep_to(limits: dict[str, Any]) -> None:
    for name, value in limits.items():
        setattr(settings, name, value)
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (settings.MAX_READER_BYTES, resource.RLIM_INFINITY))
