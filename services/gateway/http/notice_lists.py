"""Which notices are asked for."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Query

from services.foundation.messages import now
from services.gateway.notice_board import CONTROL, STAFF, visible_to
from services.gateway.problems import Problem
from services.gateway.security import Caller
from services.matching.contract import NoticeKind
from services.profiles.contract import Country, LanguageCode, Region, Sector

NoticeStates = Literal["open", "closed", "hidden", "reported", "all"]


class WantedNotices:
    """A notice that names no sector, region or market is for all of them."""

    def __init__(
        self,
        kind: Annotated[NoticeKind | None, Query()] = None,
        sector: Annotated[Sector | None, Query()] = None,
        region: Annotated[Region | None, Query()] = None,
        target_market: Annotated[Country | None, Query()] = None,
        language: Annotated[LanguageCode | None, Query(description="In which it is written")] = None,
        q: Annotated[str, Query(max_length=200, description="Words, or how they begin, in any language")] = "",
        mine: Annotated[bool, Query(description="Only what you have posted")] = False,
        state: Annotated[NoticeStates, Query(description="`hidden` and `reported`: for staff, who moderate")] = "open",
    ) -> None:
        plain = {"kind": kind, "language": language}
        several = {"sectors": sector, "regions": region, "target_markets": target_market}
        self._fields: list[dict[str, Any]] = [{name: value} for name, value in plain.items() if value]
        self._fields += [{"$or": [{name: value}, {name: []}]} for name, value in several.items() if value]
        self._mine, self._state = mine, state
        self.sought = q

    def query(self, caller: Caller) -> dict[str, Any]:
        """The same as a query; raises a 403 problem for what only those who moderate may ask for."""
        wanted: list[dict[str, Any]] = [*self._fields, visible_to(caller)]
        if self._mine:
            wanted.append({"author": caller.stream or caller.id})
        if self._state in ("hidden", "reported") and caller.role not in STAFF | CONTROL:
            raise Problem(403, "forbidden", f"the role {caller.role} may not do this: notices.moderate", field="state")
        return {"$and": [*wanted, _in_state(self._state)]}


NoticeList = Annotated[WantedNotices, Depends(WantedNotices)]


def _in_state(state: NoticeStates) -> dict[str, Any]:
    match state:
        case "open":  # what has expired is no longer open, even before that is written down
            return {"state": "open", "expires_at": {"$gt": now()}}
        case "reported":
            return {"reports": {"$ne": []}, "state": {"$ne": "hidden"}}
        case "all":
            return {}
    return {"state": state}
