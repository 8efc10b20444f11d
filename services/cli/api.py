"""A small client of the gateway's HTTP API, for the demo."""

import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from deploy.embedded.problems import Problem

T = TypeVar("T")
View = dict[str, Any]

PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.1


class Api:
    """Speaks for one token. Raises Problem with the gateway's own words where a request is refused."""

    def __init__(self, address: str, token: str) -> None:
        self._client = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE_SECONDS)

    def get(self, path: str, **query: Any) -> View:
        return _content(self._client.get(path, params=query))

    def find(self, path: str) -> View | None:
        """None where there is no such thing."""
        answer = self._client.get(path)
        return None if answer.status_code == httpx.codes.NOT_FOUND else _content(answer)

    def items(self, path: str) -> Iterator[View]:
        """Everything in a list, page by page."""
        page = self.get(path, limit=200)
        yield from page["items"]
        while page["next"]:
            page = self.get(path, limit=200, cursor=page["next"])
            yield from page["items"]

    def post(self, path: str, body: View, key: str = "") -> View:
        """What the gateway shows once the command was accepted and its view has seen it.

        An answer that is late (202) is asked for again under the same Idempotency-Key, so nothing happens twice.
        """
        return self._written("POST", path, body, key)

    def delete(self, path: str) -> View:
        """The same for what is taken back."""
        return self._written("DELETE", path, None, "")

    def _written(self, method: str, path: str, body: View | None, key: str) -> View:
        headers = {"Idempotency-Key": key or str(uuid4())}

        def settled() -> View | None:
            answer = self._client.request(method, path, json=body, headers=headers)
            return None if answer.status_code == httpx.codes.ACCEPTED else _content(answer)

        return until(settled, f"the answer to {method} {path}")


def until(look: Callable[[], T | None], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """What ``look`` finds, as soon as it finds something; raises Problem after that time."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found is not None:
            return found
        if time.monotonic() > deadline:
            raise Problem(f"{what} did not come within {seconds:.0f} seconds; ./bruecke doctor may say why")
        time.sleep(LOOK_SECONDS)


def _content(answer: httpx.Response) -> View:
    content: View = answer.json() if answer.content else {}
    if answer.is_error:
        request = f"{answer.request.method} {answer.request.url.path}"
        raise Problem(f"{request}: {answer.status_code} {content.get('title', '')}: {content.get('detail', '')}")
    return content
