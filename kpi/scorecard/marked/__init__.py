"""The marked copy: the submitted Excel or Word file itself, with a comment on each cell that has a finding.

Only what the comments need is added to the package; every other part goes over as it is, so that charts, pictures,
macros, formulas and formats stay. A digital signature does not: what is signed has changed. Findings on a whole project
or document stand on its title or on the first cell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from lxml import etree

from kpi import settings
from kpi.documents import problem
from kpi.documents.kinds import Kind
from kpi.documents.reading import Refused
from kpi.schema import Problem
from kpi.scorecard.marked import excel, word
from kpi.scorecard.marked.notes import notes_of
from kpi.scorecard.marked.parts import Parts
from kpi.scorecard.names import file_name
from kpi.scorecard.scored import Scored

_MARKERS = {Kind.XLSX.value: excel.mark, Kind.DOCX.value: word.mark}
_ENDINGS = {Kind.XLSX.value: (".xlsx", ".xlsm"), Kind.DOCX.value: (".docx", ".docm")}
_MARK = "_审核批注"
# Media types of files that can be marked.
MARKED = frozenset(_MARKERS)


def write(documents: Iterable[Scored], folder: Path) -> list[Path]:
    """Write the marked copies of ``documents`` into ``folder``; those that cannot have one are left out.

    :func:`mark` says why.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, data in files(documents):
        if isinstance(data, bytes):
            paths.append(folder / name)
            paths[-1].write_bytes(data)
    return paths


def files(documents: Iterable[Scored]) -> Iterator[tuple[str, bytes | Problem]]:
    """For each document with findings its copy with a file name of its own, or its label and why it has no copy."""
    taken: set[str] = set()
    for document in documents:
        data = mark(document)
        if isinstance(data, bytes):
            yield name_of(document, taken), data
        elif data is not None:
            yield document.label, data


def mark(document: Scored) -> bytes | Problem | None:
    """The marked copy of one document.

    Returns:
        The bytes of the copy; ``None`` where there are no findings; a problem where the file is of another format,
        damaged, beyond a limit, or no longer the one that was read. Nothing is raised for what a file holds.

    """
    media_type = document.extraction.source.media_type
    if not document.review.findings:
        return None
    if media_type not in _MARKERS:
        submitted = PurePath(document.extraction.source.name or document.label)
        return problem("not_markable", submitted.suffix.lstrip(".").lower() or media_type)
    try:
        data = _bytes_of(document.source)
        if hashlib.sha256(data).hexdigest() != document.extraction.source.sha256:
            raise Refused("not_readable", "读取之后文件已有改动")
        parts = Parts(data)
        _MARKERS[media_type](parts, notes_of(document))
        return parts.zipped()
    except Refused as refused:
        return refused.problem
    except etree.XMLSyntaxError as error:
        return problem("damaged_file", error.msg or "XML")
    except Exception as error:  # a damaged file may make any library under this raise anything
        return problem("damaged_file", type(error).__name__)


def _bytes_of(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        with source.open("rb") as file:
            return file.read(settings.MAX_DOCUMENT_BYTES + 1)
    except OSError as error:
        raise Refused("not_readable", error.strerror or str(error)) from error


def name_of(document: Scored, taken: set[str] | None = None) -> str:
    """The name of the file that was submitted, marked; the ending tells Office whether macros are in it."""
    submitted = PurePath((document.extraction.source.name or document.label).replace("\\", "/"))
    endings = _ENDINGS[document.extraction.source.media_type]
    ending = submitted.suffix.lower() if submitted.suffix.lower() in endings else endings[0]
    stem = submitted.name[: -len(ending)] if submitted.name.lower().endswith(endings) else submitted.name
    return file_name(stem, f"{_MARK}{ending}", set() if taken is None else taken)
