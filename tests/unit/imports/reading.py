"""Reading a file in pieces, as the gateway does."""

import asyncio
from collections.abc import AsyncIterator

from services.gateway.imports.columns import PEOPLE
from services.gateway.imports.csv_file import CsvFile
from services.gateway.imports.encodings import Encoding
from services.gateway.imports.records import Record
from services.gateway.imports.rows import Row, RowReader

HEADER = "external_id,name,email,occupation,sectors,place,region"


def records(
    content: bytes, step: int = 7, encoding: Encoding = "utf-8", delimiter: bytes = b""
) -> tuple[CsvFile, list[Record]]:
    """The file, opened, and its records but for the header."""

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(content), step):
            yield content[start : start + step]

    async def read() -> tuple[CsvFile, list[Record]]:
        file, coming = CsvFile(PEOPLE, encoding, delimiter, tuple("abcdefghij")), chunks()
        await file.open(coming)
        return file, [record async for some in file.records(coming) for record in some]

    return asyncio.run(read())


def rows(content: bytes, step: int = 4096, encoding: Encoding = "utf-8") -> list[Row]:
    """The rows of a file of people."""
    file, found = records(content, step, encoding)
    reader = RowReader(file.header, file.encoded, "person", str, lambda key: f"person-of-{key}")
    return reader.read_all(found)


def told(content: bytes, encoding: Encoding = "utf-8") -> list[tuple[int, str, str]]:
    """Line, column and the first words of the reason of all that is wrong."""
    return [(row.line, each["column"], each["reason"]) for row in rows(content, encoding=encoding) for each in row.errors]
