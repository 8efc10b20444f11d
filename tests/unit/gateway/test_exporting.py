"""What an export takes from the notice board and the inbox, for one of several who are named there."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from services.gateway.exporting import OF_A_NOTICE, _mails, _notices
from services.gateway.house import Gateway

ME, OTHER = "person-1", "person-2"


def house(**collections: list[dict[str, Any]]) -> Gateway:
    def found(documents: list[dict[str, Any]]) -> Any:
        async def to_list() -> list[dict[str, Any]]:
            return documents

        return SimpleNamespace(to_list=to_list)

    async def open_words(_: str, content: Any) -> Any:
        return content

    views = {name: SimpleNamespace(find=lambda *_, each=each: found(each)) for name, each in collections.items()}
    return cast(Gateway, SimpleNamespace(views=views, open_words=open_words))


def test_of_a_notice_somebody_gets_what_they_wrote_and_reported_and_nothing_else() -> None:
    answers = [{"answer_id": "answer-1", "author": ME, "body": "mein"}, {"answer_id": "answer-2", "author": OTHER, "body": "x"}]
    reports = [{"by": each, "reason": "spam", "answer_id": None, "at": f"{each} at"} for each in (ME, OTHER)]
    notice = dict.fromkeys(OF_A_NOTICE, "fremd") | {"_id": "notice-1", "author": OTHER, "answers": answers, "reports": reports}
    (told,) = asyncio.run(_notices(house(notices=[notice]), ME))
    assert told == {
        "id": "notice-1",
        "answers": [{"answer_id": "answer-1", "body": "mein"}],
        "reported": [{"reason": "spam", "at": f"{ME} at"}],
    }


def test_a_message_says_when_it_was_read() -> None:
    mails = [{"_id": f"notification-{number}", "recipient": ME, "template": "welcome"} for number in (1, 2)]
    inbox = [{"_id": "notification-2", "read_at": "today"}]
    told = asyncio.run(_mails(house(mails=mails, inbox=inbox), ME))
    assert told == [{"template": "welcome", "read_at": None}, {"template": "welcome", "read_at": "today"}]
