"""A document as a tree of dictionaries, lists and texts, whether it came as XML or as JSON."""

from collections.abc import Iterator
from typing import Any

import orjson
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from services.gateway.problems import Problem

DEEPEST = 60
Node = Any


def read(content: bytes) -> tuple[str, Node]:
    """The name of the root and what is in it; raises a 400 problem for what is neither JSON nor harmless XML."""
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"%":
        raise Problem(415, "unsupported-media-type", "a PDF is not read: export the XML from Europass and send that")
    return _from_xml(content) if start == b"<" or content[:2] in (b"\xff\xfe", b"\xfe\xff") else _from_json(content)


def _from_json(content: bytes) -> tuple[str, Node]:
    try:
        found = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as fault:
        raise Problem(400, "unreadable-document", f"neither JSON nor XML: {fault.msg}") from None
    _require_shallow(found)
    if isinstance(found, dict) and isinstance(found.get("SkillsPassport"), dict):
        return "SkillsPassport", found["SkillsPassport"]
    return ("SkillsPassport" if isinstance(found, dict) and "LearnerInfo" in found else ""), found


def _require_shallow(found: Node) -> None:
    """Raises a 400 problem for JSON that is nested too deeply to be a document."""
    level = [found]
    for _ in range(DEEPEST):
        level = [part for each in level for part in _parts(each)]
        if not level:
            return
    raise Problem(400, "unreadable-document", f"JSON nested deeper than {DEEPEST} values is not read")


def _parts(node: Node) -> list[Node]:
    return list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []


def _from_xml(content: bytes) -> tuple[str, Node]:
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise Problem(400, "unreadable-document", "XML with a document type or entities is not read") from None
    except (ParseError, ValueError, LookupError) as fault:
        raise Problem(400, "unreadable-document", f"not readable XML: {fault}"[:200]) from None
    return _local(root.tag), _tree(root, 0)


def _tree(element: Any, depth: int) -> Node:
    if depth > DEEPEST:
        raise Problem(400, "unreadable-document", f"XML nested deeper than {DEEPEST} elements is not read")
    made: dict[str, Node] = {f"@{_local(name)}": value for name, value in element.attrib.items()}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name, inner = _local(child.tag), _tree(child, depth + 1)
        if name not in made:
            made[name] = inner
        elif isinstance(made[name], list):
            made[name].append(inner)
        else:
            made[name] = [made[name], inner]
    words = (element.text or "").strip()
    if not made:
        return words
    return made | ({"#": words} if words else {})


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def all_of(node: Node, *path: str) -> Iterator[Node]:
    """Everything at this path, through lists, and through the ``…List`` elements that XML puts around them."""
    if isinstance(node, list):
        for each in node:
            yield from all_of(each, *path)
    elif not path:
        if node not in (None, ""):
            yield node
    elif isinstance(node, dict):
        yield from all_of(node.get(path[0]), *path[1:])
        if f"{path[0]}List" in node:
            inner = node[f"{path[0]}List"]
            yield from all_of(inner.get(path[0]) if isinstance(inner, dict) else inner, *path[1:])


def first_of(node: Node, *path: str) -> Node:
    """The first thing at this path, nothing where there is none."""
    return next(all_of(node, *path), {})


def text_of(node: Node, *path: str) -> str:
    """The first text at this path, "" where there is none."""
    for found in all_of(node, *path):
        words = found.get("#", "") if isinstance(found, dict) else found
        if isinstance(words, str | int) and str(words).strip():
            return str(words).strip()
    return ""
