"""What answers about referrals look like."""

from typing import Literal

from pydantic import Field

from services.gateway.http.shapes.common import Shape
from services.profiles.contract import ReferralReceived


class Referral(Shape, ReferralReceived):
    """Whom a partner recommends; name, e-mail and note are missing for roles that may not see them."""

    name: str | None = None  # type: ignore[assignment]
    email: str | None = None  # type: ignore[assignment]
    note: str | None = None  # type: ignore[assignment]
    fingerprint: str = Field(default="", exclude=True)
    state: Literal["received", "accepted", "rejected", "revoked"]
    person_id: str | None = None
    reason: str | None = None
