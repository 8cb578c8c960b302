"""Names and ids that are paths: they are labels, and never reach the file system."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api import service
from api.app import create_app
from api.settings import Settings
from tests.api import audited
from tests.api.audited import MARK
from tests.api.browsing import BROWSER, signed_in, waited_for
from tests.api.samples import TABLE, answered
from tests.browser.running import Server
from tests.office import excel, p, word, zipped

NAMES = (
    f"../../../../tmp/{MARK}.txt", f"/tmp/{MARK}.txt", f"..\\..\\{MARK}.txt", f"C:\\Windows\\{MARK}.txt",
    f"\\\\host\\share\\{MARK}.txt", f"//host/share/{MARK}.txt", f"%2e%2e%2f%2e%2e%2f{MARK}.txt", f"....//....//{MARK}",
    f"file:///etc/{MARK}", f"~root/{MARK}", f"{MARK}\0.txt", f"{MARK}.txt\0.pdf", f"$(touch {MARK})", f"`{MARK}`",
    f"| touch {MARK}", f"-{MARK}", f"CON.{MARK}", f"{MARK}:stream", f"{MARK}\r\nX-Injected: 1", f"\u202e{MARK}",
    f"{MARK}" + "长" * 300, f"{MARK}.doc", f"{MARK}.pdf", f"{MARK}.rtf",
)  # fmt: skip
CONTENTS = (
    TABLE.encode(), word(p("甲")), excel('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'),
    b"%PDF-1.7\n", b"<html><p>x</html>",
)  # fmt: skip


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service that sees when a name is used for a file, in its own process and in those that read."""
    told = Settings(data=tmp_path_factory.mktemp("names"), database="", workers=2, open=True)
    audited.watch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "TARGET", "tests.api.audited:read")
        with TestClient(create_app(told), raise_server_exceptions=False) as client:
            yield client
    assert audited.seen == []


def test_the_hook_sees(tmp_path: Path) -> None:
    assert audited.seen == []
    audited.watch()
    with pytest.raises(FileNotFoundError):
        (tmp_path / MARK).read_bytes()
    assert audited.seen
    audited.seen.clear()


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_the_name_of_a_document_is_a_label(watched: TestClient, name: str) -> None:
    for content in CONTENTS:
        answer = watched.post("/v1/extract", files={"file": (name, content)})
        assert "touched" not in answer.text
        assert answer.status_code in (200, 422)
    answered(watched.post("/v1/extract", json={"text": TABLE, "filename": name}))
    answered(watched.post(f"/v1/extract?filename={quote(name)}", content=TABLE, headers={"content-type": "text/plain"}))
    assert audited.seen == []


def test_the_names_of_a_batch_are_labels(watched: TestClient) -> None:
    members = zipped({name.replace("\0", "_")[:200]: TABLE for name in NAMES})
    csrf = signed_in(watched)
    sent = [("files", (name, CONTENTS[number % len(CONTENTS)])) for number, name in enumerate(NAMES)]
    made = watched.post(
        "/upload", data={"csrf": csrf, "title": NAMES[0]}, files=[*sent, ("files", (f"{NAMES[1]}.zip", members))],
        headers=BROWSER, follow_redirects=False,
    )  # fmt: skip
    batch = made.headers["location"]
    waited_for(watched, batch)
    lines = watched.get(f"/v1{batch}/results.jsonl")
    assert "touched" not in lines.text
    assert len(lines.text.splitlines()) > len(NAMES)  # hidden members of a zip are left out
    for path in (batch, f"{batch}/d/0/p/0", f"{batch}/d/0/p/0/sheet", f"{batch}/d/0/p/0/sheet.docx"):
        answer = watched.get(path, headers=BROWSER)
        assert answer.status_code == 200
        assert "x-injected" not in answer.headers
    assert audited.seen == []


PATHS = (
    "/static/{}", "/static/x/{}", "/v1/rules/{}", "/rules/{}", "/v1/batches/{}", "/v1/batches/{}/results.jsonl",
    "/batches/{}", "/batches/{}/d/0/p/0", "/batches/abc/d/{}/p/0", "/batches/abc/d/0/{}", "/{}",
)  # fmt: skip
TRICKS = (
    "../../../../etc/passwd", "..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "..%5c..%5cetc%5cpasswd",
    "/etc/passwd", "//etc/passwd", "%00", "x%00.html", "..%252f..%252fetc%252fpasswd", "%c0%ae%c0%ae/etc/passwd",
    ";/etc/passwd", "file:///etc/passwd", "..", "%2e%2e", "a" * 5_000,
)  # fmt: skip


def test_ids_that_are_paths(tmp_path: Path) -> None:
    """Over a plain connection: clients mend such addresses before they send them."""
    server = Server(tmp_path)
    server.start()
    try:
        for path in PATHS:
            for trick in TRICKS:
                said = asked(server, path.format(trick))
                assert said.split()[1] in (b"303", b"400", b"404", b"405", b"422"), (path, trick, said)
                assert b"root:" not in said
    finally:
        server.stop()
    assert "Traceback" not in server.log()
    assert {file.name for file in tmp_path.iterdir()} <= {"kpi.db", "kpi.db-wal", "kpi.db-shm", "server.log"}


def asked(server: Server, target: str) -> bytes:
    """What the server answers to this very address."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as link:
        link.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        said, late = b"", time.monotonic() + 30
        while time.monotonic() < late and (got := link.recv(65536)):
            said += got
        return said
