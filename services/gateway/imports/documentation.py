"""``python -m services.gateway.imports.documentation``: the tables of columns in docs/imports.md."""

import re
from pathlib import Path

from services.gateway.imports.columns import TABLES, documented

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "imports.md"


def with_tables(text: str) -> str:
    """The document with the tables as the code has them."""
    for kind, columns in TABLES.items():
        marked = re.compile(rf"(<!-- columns of {kind} -->\n).*?(\n<!-- end -->)", re.DOTALL)
        table = documented(columns)
        text = marked.sub(lambda found, table=table: found[1] + table + found[2], text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    DOCUMENT.write_text(with_tables(DOCUMENT.read_text()))
