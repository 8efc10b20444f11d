"""Which files are taken beside a message, told by what is in them.

Archives are never unpacked: of office documents, which are archives, only the table of contents is read.
"""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import filetype

WORD, SHEET, SLIDES = (
    f"application/vnd.openxmlformats-officedocument.{kind}"
    for kind in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
TAKEN: Mapping[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    WORD: (".docx",),
    SHEET: (".xlsx",),
    SLIDES: (".pptx",),
    f"{OPEN_DOCUMENT}text": (".odt",),
    f"{OPEN_DOCUMENT}spreadsheet": (".ods",),
    f"{OPEN_DOCUMENT}presentation": (".odp",),
    "text/plain": (".txt",),
    "text/csv": (".csv",),
}
"""By media type the endings of their names."""
TEXTS = frozenset({"text/plain", "text/csv"})
UNSAID = frozenset({"", "application/octet-stream"})
"""Content types that say nothing."""
FOLDERS = {"word/": WORD, "xl/": SHEET, "ppt/": SLIDES}
ENCRYPTED = 0x1
"""The flag of an entry (APPNOTE.TXT of PKWARE, 4.4.4)."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOOKED_AT = 8_192
LONGEST_MIMETYPE = 200


class UnfitFile(Exception):
    """A file that is not taken: the field that is to blame, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def media_type_of(name: str, stated: str, data: bytes) -> str:
    """The media type of this file, if it is taken, is what it is stated to be, and is named so. Raises UnfitFile."""
    if not data:
        raise UnfitFile("body", "is empty")
    found = _found(data) or _text(stated, name, data)
    if found not in TAKEN:
        raise UnfitFile("body", f"files of this kind are not taken: {found}")
    if stated not in UNSAID and stated != found:
        raise UnfitFile("Content-Type", f"the file is {found}, not {stated[:100]}")
    if not name.lower().endswith(TAKEN[found]):
        raise UnfitFile("name", f"must end in one of {', '.join(TAKEN[found])}")
    return found


def _found(data: bytes) -> str:
    """What the file's first bytes say; nothing where they say nothing."""
    if data.startswith(b"PK\x03\x04") or (zipfile.is_zipfile(io.BytesIO(data)) and not data.startswith(b"%PDF-")):
        return _in_archive(data)
    kind: Any = filetype.guess(data[:LOOKED_AT])
    if data.startswith(OLE) and b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in data:
        raise UnfitFile("body", "the file is encrypted, so nobody can look into it")
    return str(kind.mime) if kind is not None else ""


def _in_archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError, EOFError):
        raise UnfitFile("body", "the file is damaged") from None
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise UnfitFile("body", "the file is encrypted, so nobody can look into it")
    names = [entry.filename for entry in entries]
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
        raise UnfitFile("body", "the file holds macros")
    if "[Content_Types].xml" in names:
        return next((kind for folder, kind in FOLDERS.items() if any(name.startswith(folder) for name in names)), "")
    return _open_document(data, names) or "application/zip"


def _open_document(data: bytes, names: list[str]) -> str:
    """OpenDocument keeps its media type as the first entry, stored as it is (OpenDocument 1.3, part 2, 3.3)."""
    kind: Any = filetype.guess(data[:LOOKED_AT])
    return str(kind.mime) if kind is not None and "mimetype" in names and kind.mime.startswith(OPEN_DOCUMENT) else ""


def _text(stated: str, name: str, data: bytes) -> str:
    """Whether it is text at all, and which of the two by what it is stated to be, else by its name. Raises UnfitFile."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise UnfitFile("body", "is not text in UTF-8 or UTF-16") from None
    if any((ord(each) < 32 and each not in "\t\n\r\f") or ord(each) == 127 for each in set(text)):
        raise UnfitFile("body", "is not text in UTF-8 or UTF-16")
    if stated in TEXTS:
        return stated
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"
