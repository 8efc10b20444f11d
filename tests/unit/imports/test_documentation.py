"""The documented columns are those of the code."""

from services.gateway.imports.documentation import DOCUMENT, with_tables


def test_the_document_tells_every_column() -> None:
    assert DOCUMENT.read_text() == with_tables(DOCUMENT.read_text()), "python -m services.gateway.imports.documentation"
