"""What a process of its own must survive: functions that hang, exit, crash, take all memory, raise, print."""

from __future__ import annotations

import os
import signal
import sys
import time


def act(what: str, detail: str = "") -> str:
    """Do it; the answer, where there is one, is ``detail``."""
    match what:
        case "hang":
            while True:
                time.sleep(1)
        case "spin":
            while True:
                pass
        case "exit":
            os._exit(3)
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "memory":
            return str(len([bytearray(2**28) for _ in range(64)]))
        case "raise":
            raise ValueError(detail)
        case "print":
            print(detail, flush=True)
            sys.stdout.write("x" * 100_000)
        case "slow":
            time.sleep(0.2)
    return f"{os.getpid()} {detail}"
