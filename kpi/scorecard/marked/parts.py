"""A package that is being changed: parts replaced or added, all others copied as they are."""

from __future__ import annotations

import io
import posixpath
import zipfile

from lxml import etree

from kpi.documents.package import Package, parsed, plain_name, strict, usual
from kpi.documents.reading import Refused

_CONTENT_TYPES = "[Content_Types].xml"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Parts:
    """The parts of an office file. The strict form of the formats is read as the usual one, and written as it was.

    All methods raise :class:`~kpi.documents.reading.Refused` where a limit is reached or a part is missing.
    """

    def __init__(self, data: bytes) -> None:
        self.package = Package(data)
        self._changed: dict[str, tuple[str, bytes]] = {}  # by the name in which they are compared
        self._names = {plain_name(info.filename) for info in self.package.members()}
        self._is_strict = b"purl.oclc.org/ooxml" in (self.package.raw("_rels/.rels") or b"")
        if self.root(_CONTENT_TYPES) is None:
            raise Refused("damaged_file", f"缺少 {_CONTENT_TYPES}")

    def root(self, name: str) -> etree._Element | None:
        """The root of a part as it now is, ``None`` where there is none of that name."""
        data = self.raw(name)
        return None if data is None else parsed(usual(data))

    def raw(self, name: str) -> bytes | None:
        """The bytes of a part as it now is."""
        changed = self._changed.get(plain_name(name))
        return self.package.raw(name) if changed is None else changed[1]

    def put(self, name: str, content: etree._Element | bytes) -> None:
        """Replace or add a part."""
        if not isinstance(content, bytes):
            content = etree.tostring(content, xml_declaration=True, encoding="UTF-8", standalone=True)
            content = strict(content) if self._is_strict else content
        self._changed[plain_name(name)] = name, content

    def unused(self, pattern: str) -> str:
        """A name for a new part: ``pattern`` with the first number that is free in place of ``{}``."""
        number = 1
        while plain_name(name := pattern.format(number)) in self._names:
            number += 1
        self._names.add(plain_name(name))
        return name

    def link(self, part: str, kind: str, target: str) -> str:
        """Relate ``part`` to the part ``target``; the id of the relationship."""
        folder, _, file = part.rpartition("/")
        name = posixpath.join(folder, "_rels", f"{file}.rels")
        root = self.root(name)
        if root is None:
            root = parsed(f'<Relationships xmlns="{_LINKS}"/>'.encode())
        used = {one.get("Id") for one in root}
        number = next(f"rId{n}" for n in range(1, len(used) + 2) if f"rId{n}" not in used)
        etree.SubElement(root, f"{{{_LINKS}}}Relationship", Id=number, Type=kind, Target=f"/{target}")
        self.put(name, root)
        return number

    def say_type(self, name: str, media_type: str) -> None:
        """Enter a new part into the list of content types."""
        root = self.root(_CONTENT_TYPES)
        if root is not None:
            etree.SubElement(root, f"{_TYPES}Override", PartName=f"/{name}", ContentType=media_type)
            self.put(_CONTENT_TYPES, root)

    def zipped(self) -> bytes:
        """The package with its changes. The same changes give the same bytes."""
        data = io.BytesIO()
        left = dict(self._changed)
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
            for old in self.package.members():
                changed = left.pop(plain_name(old.filename), None)
                content = (self.package.raw(old.filename) or b"") if changed is None else changed[1]
                archive.writestr(_member(old.filename, old.date_time, old.external_attr), content)
            for name, content in left.values():
                archive.writestr(_member(name, _EPOCH, 0), content)
        return data.getvalue()


def _member(name: str, written: tuple[int, int, int, int, int, int], attributes: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, max(written, _EPOCH))
    member.external_attr = attributes
    member.compress_type = zipfile.ZIP_STORED if name.endswith("/") else zipfile.ZIP_DEFLATED
    return member
