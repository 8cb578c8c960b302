"""Start the review pages from an unpacked bundle: install into a folder of its own the first time, without a network.

It runs on whatever Python the computer has, so it asks for nothing beyond the standard library and says in Chinese
what is missing. Further arguments go to ``kpi serve``.
"""

import hashlib
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import urllib.request
import venv
import webbrowser
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE / ".venv"
READY = HOME / "installed"
WINDOWS = os.name == "nt"
PYTHON = HOME / ("Scripts/python.exe" if WINDOWS else "bin/python")
PORT = 8000
TRIES = 20


def wrong(told):
    """Why this Python cannot run the bundle; None where it can."""
    here = "%d.%d" % sys.version_info[:2]
    if (told["platform"] == "windows") != WINDOWS:
        return "这是用于 %s 的安装包，请换用对应本机系统的安装包。" % told["platform"]
    if here not in told["pythons"] or struct.calcsize("P") != 8:
        return "需要 64 位的 Python %s，本机运行的是 %s。" % ("、".join(told["pythons"]), here)
    return None


def digest():
    """What is to be installed, and by which Python: where it changes, everything is installed anew."""
    names = sorted("%s %d" % (file.name, file.stat().st_size) for file in (HERE / "wheels").glob("*.whl"))
    return hashlib.sha256("\n".join([sys.version, str(HERE), *names]).encode()).hexdigest()


def install(told):
    """Make the folder of packages, from the wheels alone."""
    wanted = digest()
    if READY.is_file() and READY.read_text() == wanted:
        return
    print("第一次启动，正在安装，约需一两分钟，请稍候……", flush=True)
    shutil.rmtree(HOME, ignore_errors=True)
    venv.EnvBuilder(with_pip=False).create(HOME)
    pip = next((HERE / "wheels").glob("pip-*.whl"))
    command = [
        str(PYTHON),
        str(pip / "pip"),
        "--isolated",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--no-index",
        "--find-links",
        str(HERE / "wheels"),
        "kpi==" + told["version"],
    ]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    READY.write_text(wanted)


def serving(port):
    """Whether the service answers there already: the script was started twice."""
    try:
        ask = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
        with ask("http://127.0.0.1:%d/healthz" % port, timeout=3) as answer:
            return "ruleset_version" in json.load(answer)
    except (OSError, ValueError):
        return False


def free(port):
    """Whether nobody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def command(arguments):
    """What is run: as the arguments say, else on the first free port, with the samples and a browser."""
    serve = [str(PYTHON), "-m", "kpi.cli", "serve", "--load", str(HERE / "samples")]
    if "--no-open" not in arguments:
        serve.append("--open")
    if not any(one.startswith("--port") for one in arguments):
        serve += ["--port", str(next((port for port in range(PORT, PORT + TRIES) if free(port)), PORT))]
    return serve + [one for one in arguments if one != "--no-open"]


def main(arguments):
    """Install, start, and stay until it is stopped; what went wrong as a sentence."""
    with (HERE / "bundle.json").open(encoding="utf-8") as file:
        told = json.load(file)
    why = wrong(told)
    if why:
        return why
    try:
        install(told)
    except (OSError, subprocess.CalledProcessError) as error:
        return "安装没有完成：%s。请确认安装包已完整解压到有写入权限的文件夹，再试一次。" % error
    if not arguments and serving(PORT):
        webbrowser.open("http://127.0.0.1:%d/" % PORT)
        return None
    if not WINDOWS:
        os.execv(str(PYTHON), command(arguments))  # whoever ends the script ends the service
    try:
        return subprocess.call(command(arguments)) or None
    except KeyboardInterrupt:  # the service was told as well, and has ended
        return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
