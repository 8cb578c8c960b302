"""What a file is, told by its content: its first bytes, the streams of an OLE file, the members of a zip."""

from __future__ import annotations

import io
import zipfile
from enum import Enum

import olefile
import regex

from kpi.documents import encoding
from kpi.documents.problems import problem
from kpi.documents.text import comma
from kpi.schema import Problem


class Kind(Enum):
    """A kind of file that is read; the value is its media type."""

    TEXT = "text/plain"
    MARKDOWN = "text/markdown"
    CSV = "text/csv"
    HTML = "text/html"
    MHTML = "multipart/related"
    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    DOC = "application/msword"
    RTF = "application/rtf"
    ODT = "application/vnd.oasis.opendocument.text"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
    XLS = "application/vnd.ms-excel"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    FLAT_XLS = "application/vnd.ms-excel.xml"  # "XML 表格 2003", which finance systems export under the name .xls


# The first bytes of formats that are not read, and what a user calls them.
_FOREIGN = {
    b"\x89PNG": "PNG 图片",
    b"\xff\xd8\xff": "JPEG 图片",
    b"GIF8": "GIF 图片",
    b"II*\x00": "TIFF 图片",
    b"MM\x00*": "TIFF 图片",
    b"BM": "BMP 图片",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x1f\x8b": "gzip 压缩包",
    b"MZ": "程序",
}
_SHORT_MAGIC = 2  # as letters of a text they may also be its beginning; then binary bytes must follow
_PDF_HEADER_BYTES = 1024
_HEAD_BYTES = 4096
_SAMPLE_BYTES = 64 * 1024
_CONTENT_TYPES = "[Content_Types].xml"
_HTML = regex.compile(
    rb"(?:\s|<!--.{0,2000}?-->|<\?xml[^>]{0,200}\?>)*+"
    rb"<(?:!DOCTYPE\s+html|html|head|body|table|meta|style|div|p|title|tr|span|h\d)\b",
    regex.IGNORECASE | regex.DOTALL,
)
_EXCEL_XML = regex.compile(
    rb"\s*<\?xml[^>]{0,200}\?>.{0,500}(?:progid=\"Excel\.Sheet\"|office:spreadsheet)", regex.DOTALL
)
_MHTML = regex.compile(
    rb"\s*(?:[A-Za-z-]+:[^\n]{0,500}\n(?:[ \t][^\n]{0,500}\n)*){0,20}?MIME-Version:", regex.IGNORECASE
)
_OLE_STREAMS = (
    ("encryptedpackage", None),
    ("worddocument", Kind.DOC),
    ("workbook", Kind.XLS),
    ("book", Kind.XLS),
)
_ZIP_MEMBERS = (
    ("word/document.xml", Kind.DOCX),
    ("xl/workbook.xml", Kind.XLSX),
    ("xl/workbook.bin", Kind.XLSB),
)
_MAIN_PARTS = (
    (b"wordprocessingml.document.main+xml", Kind.DOCX),
    (b"ms-word.document.macroEnabled.main+xml", Kind.DOCX),
    (b"spreadsheetml.sheet.main+xml", Kind.XLSX),
    (b"ms-excel.sheet.macroEnabled.main+xml", Kind.XLSX),
)
_OFFICE_SUFFIXES = (".docx", ".docm", ".xlsx", ".xlsm", ".xlsb", ".odt", ".ods")
_DOCUMENTS = (*_OFFICE_SUFFIXES, ".doc", ".xls", ".pdf", ".txt", ".csv", ".md", ".html", ".htm", ".rtf", ".zip")
_ODF = {
    b"application/vnd.oasis.opendocument.text": Kind.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": Kind.ODS,
}


def kind_of(data: bytes, name: str | None) -> Kind | Problem:
    """What ``data`` is. ``name`` decides only where the content may not tell: kinds of plain text, damaged files."""
    head = data[:_HEAD_BYTES]
    if b"%PDF-" in data[:_PDF_HEADER_BYTES]:
        return Kind.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_zip(data, name)
    if data.startswith(olefile.MAGIC):
        return _in_ole(data)
    if data.startswith(b"{\\rtf"):
        return Kind.RTF
    for magic, called in _FOREIGN.items():
        if data.startswith(magic) and (len(magic) > _SHORT_MAGIC or b"\x00" in head):
            return problem("unsupported_format", called)
    plain = head.removeprefix(b"\xef\xbb\xbf")
    if plain.startswith((b"\xff\xfe", b"\xfe\xff")):
        plain = plain.decode("utf-16", "ignore").encode()
    if _EXCEL_XML.match(plain):
        return Kind.FLAT_XLS
    if _HTML.match(plain):
        return Kind.HTML
    if _MHTML.match(plain) and any(kind in head.lower() for kind in (b"multipart/", b"text/html")):
        return Kind.MHTML
    return _of_text(data, name)


def _of_text(data: bytes, name: str | None) -> Kind:
    suffix = (name or "").lower().rpartition(".")[2]
    if suffix in ("md", "markdown"):
        return Kind.MARKDOWN
    if suffix == "csv" or comma.looks_separated(encoding.decode(data[:_SAMPLE_BYTES])[0]):
        return Kind.CSV
    return Kind.TEXT


def _in_zip(data: bytes, name: str | None) -> Kind | Problem:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            kind = office_kind(archive)
            if kind is None and not holds_documents(archive, name):
                return problem("damaged_file", "没有找到文档的正文")
    except Exception as error:  # zipfile, zlib and struct share no base class
        return problem("damaged_file", str(error) or type(error).__name__)
    return kind or problem("unsupported_format", "ZIP 压缩包")


def office_kind(archive: zipfile.ZipFile) -> Kind | Problem | None:
    """What an archive is by its members: an office file, one that is not read, or (``None``) a zip of other files."""
    names = {info.filename.replace("\\", "/").lower() for info in archive.infolist()}
    for member, kind in _ZIP_MEMBERS:
        if member in names:
            return kind
    if "mimetype" in names:
        with archive.open("mimetype") as file:
            if found := _ODF.get(file.read(100).strip()):
                return found
    if _CONTENT_TYPES.lower() in names:  # a program may name the main part as it likes
        with archive.open(_CONTENT_TYPES) as file:
            types = file.read(_SAMPLE_BYTES)
        if b"presentationml" in types:
            return problem("unsupported_format", "PowerPoint")
        return next((kind for word, kind in _MAIN_PARTS if word in types), None)
    return None


def holds_documents(archive: zipfile.ZipFile, name: str | None) -> bool:
    """Whether a zip that is no office file holds documents; one that is called as they are may be a damaged one."""
    called = (name or "").lower().endswith(_OFFICE_SUFFIXES)
    return not called or any(info.filename.lower().endswith(_DOCUMENTS) for info in archive.infolist())


def _in_ole(data: bytes) -> Kind | Problem:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            streams = {path[-1].lower() for path in file.listdir()}
    except Exception as error:  # olefile raises whatever its parsing meets
        return problem("damaged_file", str(error) or type(error).__name__)
    for stream, kind in _OLE_STREAMS:
        if stream in streams:
            return kind or problem("encrypted")
    return problem("unsupported_format", "OLE 复合文档")
