"""What every call of a partner needs: who is calling, and how a call that cannot be carried out ends."""

from typing import Any, NoReturn

import grpc
from pymongo.asynchronous.database import AsyncDatabase

from services.foundation.database import Document
from services.gateway.security import Caller, TokenRefused, Verifier, bearer


class CallEnded(Exception):
    """The call ends with this status, and a message that its caller may read (see partner.proto)."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


async def end(context: Any, ended: CallEnded) -> NoReturn:
    """Tells the caller."""
    await context.abort(ended.code, ended.message)
    raise AssertionError("abort does not return")


def partner_of(context: Any, verifier: Verifier) -> Caller:
    """The partner who is calling; ends the call with UNAUTHENTICATED or PERMISSION_DENIED where it is none."""
    metadata = {str(key).lower(): value for key, value in context.invocation_metadata() or ()}
    header = metadata.get("authorization", "")
    try:
        caller = verifier.verify(bearer(header if isinstance(header, str) else ""))
    except TokenRefused as refused:
        raise CallEnded(grpc.StatusCode.UNAUTHENTICATED, str(refused)) from None
    if caller.role != "partner":
        raise CallEnded(grpc.StatusCode.PERMISSION_DENIED, "this door is for partner organisations")
    return caller


async def regions_of(database: AsyncDatabase[Document], partner_id: str) -> frozenset[str]:
    """The regions of the partner; ends the call with PERMISSION_DENIED for one that is not known or was erased."""
    partner = await database["partners"].find_one({"_id": partner_id}, {"regions": 1})
    if partner is None or "regions" not in partner:
        raise CallEnded(grpc.StatusCode.PERMISSION_DENIED, "this partner organisation is not known")
    return frozenset(partner["regions"])


def invalid(field: str, reason: str) -> CallEnded:
    """The end of a call whose request has a field that cannot be taken."""
    return CallEnded(grpc.StatusCode.INVALID_ARGUMENT, f"{field}: {reason}")
