"""Files are told by what is in them, not by what they are called."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.attachment_types import OLE, TAKEN, UnfitFile, media_type_of
from services.gateway.reasons import in_german

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 20


def archive(**entries: str) -> bytes:
    """An archive of these entries, ``__`` for a slash and a further ``_`` for a dot."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as made:
        for name, content in entries.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return whole.getvalue()


def office(*names: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        for name in ("[Content_Types].xml", *names):
            made.writestr(name, "<x/>" * 100)
    return whole.getvalue()


def encrypted(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[changed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def refused(name: str, stated: str, data: bytes) -> UnfitFile:
    with pytest.raises(UnfitFile) as unfit:
        media_type_of(name, stated, data)
    assert in_german(unfit.value.reason) != unfit.value.reason
    return unfit.value


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("A.PNG", PNG, "image/png"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("a.docx", office("word/document.xml"), WORD),
        ("a.xlsx", office("docProps/app.xml", "a", "b", "c", "d", "e", "xl/workbook.xml"), SHEET),
        ("a.odt", archive(mimetype=ODT, content_xml="<x/>"), ODT),
        ("a.txt", "Grüße\nund mehr".encode(), "text/plain"),
        ("a.csv", "name;ort\r\nA;B".encode("utf-16"), "text/csv"),
    ],
)
def test_what_is_taken_is_found_by_its_content(name: str, data: bytes, found: str) -> None:
    assert media_type_of(name, "", data) == found
    assert media_type_of(name, found, data) == found


def test_a_name_or_a_type_that_does_not_fit_the_content_is_named() -> None:
    assert refused("a.docx", "", PDF).field == "name"
    assert refused("a.pdf", "image/png", PDF).field == "Content-Type"
    assert refused("a.pdf.exe", "", PDF).field == "name"
    assert refused("script.bat", "text/plain", b"echo off").field == "name"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.exe", b"MZ\x90\0" + b"\0" * 300),
        ("a.txt", b"MZ\x90\0" + b"\0" * 300),
        ("a", b"\x7fELF" + b"\x02" * 60),
        ("a.zip", archive(a_txt="x")),
        ("a.docx", archive(a_txt="x")),
        ("a.docx", encrypted(office("word/document.xml"))),
        ("a.docx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")),
        ("a.docm", office("word/document.xml", "word/vbaProject.bin")),
        ("a.docx", office("word/document.xml")[:-10]),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 40),
        ("a.png", PNG + archive(evil_exe="x")),
        ("a.txt", b"\0\1\2"),
        ("a.txt", b"\xc3\x28"),
        ("a.txt", b""),
    ],
)
def test_programs_archives_and_what_nobody_can_look_into_are_not_taken(name: str, data: bytes) -> None:
    assert refused(name, "", data).field == "body"


def test_an_archive_that_would_unpack_to_very_much_is_only_looked_at_from_outside() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<x/>")
        made.writestr("word/document.xml", b"\0" * 50_000_000)
    assert media_type_of("a.docx", "", whole.getvalue()) == WORD


@given(st.binary(max_size=400), st.sampled_from(["a.pdf", "a.docx", "a.txt", "a.exe"]))
def test_whatever_comes_it_is_one_of_those_that_are_taken_or_refused(data: bytes, name: str) -> None:
    for start in (b"", b"PK\x03\x04", b"PK\x05\x06", PDF, OLE):
        try:
            found = media_type_of(name, "", start + data)
        except UnfitFile:
            continue
        assert name.endswith(TAKEN[found])
