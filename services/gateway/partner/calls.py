"""What every call of a partner needs: who is calling, and how a call that cannot be carried out ends."""

from typing import Any, NoReturn

import grpc
from pymongo.asynchronous.database import AsyncDatabase

from services.foundation.database import Document
from services.gateway.security import Caller, TokenRefused, Verifier, bearer


async def partner_of(context: Any, verifier: Verifier) -> Caller:
    """The partner who is calling; ends the call with UNAUTHENTICATED or PERMISSION_DENIED where it is none."""
    metadata = {str(key).lower(): value for key, value in context.invocation_metadata() or ()}
    header = metadata.get("authorization", "")
    try:
        caller = verifier.verify(bearer(header if isinstance(header, str) else ""))
    except TokenRefused as refused:
        await end(context, grpc.StatusCode.UNAUTHENTICATED, f"the token is {refused.reason}")
    if caller.role != "partner" or not caller.stream:
        await end(context, grpc.StatusCode.PERMISSION_DENIED, "this door is for partner organisations")
    return caller


async def regions_of(context: Any, database: AsyncDatabase[Document], partner_id: str) -> frozenset[str]:
    """The regions of the partner; ends the call with PERMISSION_DENIED for one that is not known."""
    partner = await database["partners"].find_one({"_id": partner_id}, {"regions": 1})
    if partner is None:
        await end(context, grpc.StatusCode.PERMISSION_DENIED, "this partner organisation is not known")
    return frozenset(partner["regions"])


async def end(context: Any, code: grpc.StatusCode, message: str) -> NoReturn:
    """Ends the call."""
    await context.abort(code, message)
    raise AssertionError("abort does not return")
