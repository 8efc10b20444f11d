"""Clients that create people without pause, and ask again under the same key when something is away, as good clients do."""

import threading
from dataclasses import dataclass, field
from typing import Self
from uuid import uuid4

import httpx

PERSON = {
    "name": "Олена Шевченко",
    "email": "olena@example.org",
    "occupation": "2142",
    "sectors": ["construction"],
    "place": "Wismar",
    "region": "DE-MV",
}
ASK_AGAIN = frozenset({202, 409, 425, 429, 500, 502, 503, 504})


@dataclass
class Traffic:
    """``accepted``: the id that was answered for each key. ``strange``: answers that no client should get."""

    address: str
    token: str
    clients: int = 3
    accepted: dict[str, str] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        for number in range(self.clients):
            self._threads.append(threading.Thread(target=self._create, args=(number,), daemon=True))
            self._threads[-1].start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ends when every client has its last answer."""
        self._stop.set()
        for thread in self._threads:
            thread.join(90)
            assert not thread.is_alive(), "a client never got its answer"

    def _create(self, client_number: int) -> None:
        with httpx.Client(base_url=self.address, timeout=15) as client:
            while not self._stop.is_set():
                key = str(uuid4())
                self.accepted[key] = self._ask_until_answered(client, key, client_number)

    def _ask_until_answered(self, client: httpx.Client, key: str, client_number: int) -> str:
        body = {**PERSON, "experience_years": client_number}
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        while True:
            try:
                answer = client.post("/v1/people", json=body, headers=headers)
            except httpx.TransportError:
                self._pause()
                continue
            if answer.status_code == 201:
                return str(answer.json()["id"])
            if answer.status_code not in ASK_AGAIN or answer.status_code == 500:
                self.strange.append(f"{answer.status_code} {answer.text}")
            self._pause()

    def _pause(self) -> None:
        threading.Event().wait(0.1)
