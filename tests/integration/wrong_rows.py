"""A file of people in which every kind of thing is wrong, and for each bad row what must be said of it."""

from dataclasses import dataclass, field

HEADER = "external_id,name,email,phone,occupation,sectors,languages,available_from,place,region"
MEGABYTES = 5_000_000


def row(number: int, **cells: str) -> str:
    """A good row but for these cells, without its end."""
    whole = {
        "external_id": f"P-{number}",
        "name": f"Änne Nr. {number}",
        "email": f"p{number}@example.org",
        "phone": "+49 381 1234",
        "occupation": "2144",
        "sectors": "construction;Maschinenbau",
        "languages": "de:B2;ar:native",
        "available_from": "31.12.2026",
        "place": "Rostock",
        "region": "DE-MV",
    }
    return ",".join((whole | cells).values())


@dataclass
class File:
    """``bad``: column and the beginning of the reason, by line. ``good``: external ids of those that can be loaded."""

    content: bytes
    good: list[str] = field(default_factory=list)
    bad: dict[int, tuple[str, str]] = field(default_factory=dict)


def wrongs(number: int) -> list[tuple[bytes, str, str]]:
    """Bad rows, each of one line, with column and reason. They are about number 1 where they repeat one."""
    text: list[tuple[str, str, str]] = [
        (row(number, available_from="12/31/2026"), "available_from", "a date with slashes is ambiguous"),
        (row(number, available_from="31.02.2026"), "available_from", "there is no such day"),
        (row(number, email="nobody"), "email", "must be an e-mail address"),
        (row(number, name="=HYPERLINK(1)"), "name", "begins like a formula"),
        (row(number, place="@SUM(A1)"), "place", "begins like a formula"),
        (row(number, name="An\0na"), "name", "holds a NUL"),
        (row(number, languages="de:fließend"), "languages", "a level must be one of"),
        (row(number, occupation="Ingenieur"), "occupation", "String should match pattern"),
        (row(number, region="Bayern"), "region", "String should match pattern"),
        (row(number, sectors="weaving"), "sectors", "must be one of"),
        (row(number, external_id=""), "external_id", "is empty"),
        (row(number, name=""), "name", "Field required"),
        (row(1, name="Somebody else"), "external_id", "line 2 is about the same profile"),
        (row(number) + ",more", "", "the row has 11 cells"),
        (row(number).rpartition(",")[0], "region", "the row has 9 cells"),
        (row(number, name=f'"Anna {number}'), "name", "the quotation mark that opens"),
        (row(number, name=f'"Anna"{number}'), "name", "something stands behind"),
        (row(number, name="y" * 20_001), "name", "longer than 20000"),
    ]
    broken = row(number, name="J~rgen").encode().replace(b"~", b"\xfc")
    return [*((each.encode(), column, reason) for each, column, reason in text), (broken, "name", "not valid UTF-8")]


def file_of(rows: int) -> File:
    """So many lines of rows; every fifth is bad, in turn in each of the ways; one has five megabytes in one cell."""
    made, lines = File(b""), [HEADER.encode()]
    for number in range(1, rows + 1):
        line = number + 1
        if number == rows // 2:
            huge, column, reason = row(number, place=f'"{"y" * MEGABYTES}"').encode(), "place", "the line has more than"
        elif number % 5 == 0:
            ways = wrongs(number)
            huge, column, reason = ways[number // 5 % len(ways)]
        else:
            lines.append(row(number).encode())
            made.good.append(f"P-{number}")
            continue
        lines.append(huge)
        made.bad[line] = (column, reason)
    made.content = b"\r\n".join(lines) + b"\r\n"
    return made
