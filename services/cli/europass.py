"""Sending a Europass document to the gateway, and telling what became of it."""

import httpx
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.embedded.problems import Problem

SECONDS = 200.0


def send_document(content: bytes, said: dict[str, str], address: str, token: str) -> None:
    """Imports it and shows the person that it makes. Raises Problem, which names each field that is missing."""
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    headers = {
        "Authorization": f"Bearer {token}",
        "content-type": "application/json" if start in (b"{", b"[") else "application/xml",
    }
    query = {name: words for name, words in said.items() if words}
    try:
        answer = httpx.post(f"{address}/v1/imports/europass", params=query, content=content, headers=headers, timeout=SECONDS)
    except httpx.TransportError as fault:
        raise Problem(f"no connection to {address} ({fault}); run it again, it goes on") from None
    told = answer.json()
    if answer.is_error:
        reasons = "".join(f"\n  {each['field']}: {each['reason']}" for each in told.get("errors", ()))
        raise Problem(f"{told.get('title', answer.status_code)}{reasons or ': ' + told.get('detail', '')}")
    console = Console()
    console.print(f"{told['status'].replace('_', ' ')}: {told['id']}", highlight=False)
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in told["person"].items():
        table.add_row(name, escape(str(value)))
    for each in told["qualifications"]:
        table.add_row("qualification", escape(", ".join(f"{name}: {value}" for name, value in each.items())))
    console.print(table)
    for note in told["notes"]:
        console.print(escape(note), style="yellow")
