"""The parts of an office file: a zip of XML, inflated and parsed within limits, nothing fetched, nothing expanded."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator

from lxml import etree

from kpi import settings
from kpi.documents.reading import Refused

# The strict form of the formats has other names for the same elements; they are read as the usual ones.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
)
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_ENCRYPTED = 0x1
_READ_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Package:
    """An office file. Names are compared without case, backslashes count as slashes.

    All methods raise :class:`~kpi.documents.reading.Refused` where a limit is reached; the sizes that a zip declares
    are never trusted.
    """

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        members = self._zip.infolist()
        if len(members) > settings.MAX_ZIP_MEMBERS:
            raise Refused("too_many_files", str(settings.MAX_ZIP_MEMBERS))
        self._members = {plain_name(info.filename): info for info in members}
        self._left = settings.MAX_INFLATED_BYTES

    def members(self) -> Iterator[zipfile.ZipInfo]:
        """The members of the zip in their order; of those that share a name, the one that is read."""
        return iter(self._members.values())

    def raw(self, name: str) -> bytes | None:
        """The content of a part as it stands, ``None`` where there is none of that name."""
        info = self._members.get(plain_name(name))
        if info is None:
            return None
        if info.flag_bits & _ENCRYPTED:
            raise Refused("encrypted")
        if info.compress_type not in _READ_METHODS:
            raise Refused("damaged_file", f"压缩方法 {info.compress_type}")
        with self._zip.open(info) as file:
            data = file.read(self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise Refused("too_large", f"解压后 {settings.MAX_INFLATED_BYTES:,} 字节")
        return data

    def bytes(self, name: str) -> bytes | None:
        """The content of a part in the usual form, ``None`` where there is none of that name."""
        data = self.raw(name)
        return None if data is None else usual(data)

    def xml(self, name: str) -> etree._Element | None:
        """The root of a part, ``None`` where there is none of that name."""
        data = self.bytes(name)
        return None if data is None else parsed(data)

    def main(self, default: str) -> str:
        """The name of the part that the document begins with, ``default`` where the package does not say."""
        named = next((to for kind, to, _ in self.targets("") if kind.endswith("/officeDocument")), default)
        return named if plain_name(named) in self._members else default

    def targets(self, part: str) -> Iterator[tuple[str, str, str]]:
        """What ``part`` refers to within the package: kind, name of the part, id."""
        folder, _, file = part.rpartition("/")
        try:
            root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        except etree.XMLSyntaxError:
            return  # broken relationships: the usual names serve
        for one in () if root is None else root.iter(_RELATIONSHIPS):
            target = one.get("Target", "")
            if one.get("TargetMode") != "External" and target:
                name = target if target.startswith("/") else posixpath.join(folder, target)
                yield one.get("Type", ""), posixpath.normpath(name).lstrip("/"), one.get("Id", "")


def plain_name(name: str) -> str:
    """The name of a member in the form in which names are compared."""
    return name.replace("\\", "/").lstrip("/").lower()


def usual(data: bytes) -> bytes:
    """XML with the namespaces of the strict form replaced by the usual ones."""
    if b"purl.oclc.org/ooxml" in data:
        for name, transitional in _STRICT:
            data = data.replace(name, transitional)
    return data


def strict(data: bytes) -> bytes:
    """XML with the usual namespaces replaced by those of the strict form: the way back from :func:`usual`."""
    for name, transitional in _STRICT:
        data = data.replace(transitional, name)
    return data


def parsed(data: bytes) -> etree._Element:
    """The root of ``data``; a document type declaration is refused, entities have no place in these formats."""
    if len(data) > settings.MAX_XML_BYTES:
        raise Refused("too_large", f"解压后 {settings.MAX_XML_BYTES:,} 字节")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _too_deep_or(error) from error
    _refuse_dtd(root)
    return root


def elements(data: bytes, *tags: str) -> Iterator[tuple[str, etree._Element]]:
    """The elements of these names in order, each with its name and forgotten once it was looked at."""
    found = etree.iterparse(
        io.BytesIO(data), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    first = True
    try:
        for _, element in found:
            if first:
                _refuse_dtd(element)
                first = False
            yield str(element.tag), element
            element.clear()
            above = element.getparent()
            while above is not None and element.getprevious() is not None:
                del above[0]
    except etree.XMLSyntaxError as error:
        raise _too_deep_or(error) from error


def _refuse_dtd(root: etree._Element) -> None:
    """Raise where the document of ``root`` declares a type."""
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("damaged_file", "含有文档类型声明（DTD）")


def _too_deep_or(error: etree.XMLSyntaxError) -> Exception:
    return Refused("too_deep", "256") if "depth" in str(error).lower() else error
