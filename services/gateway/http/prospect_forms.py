"""The bodies that the routes of prospects take."""

from typing import Annotated, Any

from pydantic import AwareDatetime, StringConstraints, create_model

from services.gateway.http.forms import EmailOrNothing, Form, Name, Phone, form_of
from services.profiles.contract import DeclinedBy, DeclineReason, IdentifyProspect, RecordApproach, StaffId, UpdateProspect

Note = Annotated[str, StringConstraints(max_length=2_000)]
What = Annotated[str, StringConstraints(min_length=1, max_length=500)]
ContactName = Annotated[str, StringConstraints(max_length=200)]
Address = Annotated[str, StringConstraints(max_length=500)]


class OutreachStepForm(Form):
    """What is to be done next, by whom (without ``owner``: by whoever is responsible) and until when."""

    what: What
    owner: StaffId | None = None
    due: AwareDatetime


class DecliningForm(Form):
    """Why it ends, and by whom: ``prospect`` where nobody else is named."""

    reason: DeclineReason
    by: DeclinedBy = "prospect"
    note: Note = ""


class DeclineForm(DecliningForm):
    """The same, and when it was said; without ``at``: now."""

    at: AwareDatetime | None = None


def _with(form: type[Form], **more: Any) -> type[Form]:
    """The form with further fields that may be left out."""
    fields: dict[str, Any] = {name: (kind | None, None) for name, kind in more.items()}
    return create_model(form.__name__, __base__=form, __doc__=form.__doc__, **fields)


CLEAR: dict[str, Any] = {
    "name": Name,
    "contact_name": ContactName,
    "email": EmailOrNothing,
    "phone": Phone,
    "address": Address,
    "note": Note,
}
NEW_PROSPECT = _with(
    form_of(IdentifyProspect, without={"fingerprint", "coordinator", "next_step"}, **CLEAR),
    coordinator=StaffId,
    next_step=OutreachStepForm,
)
CHANGED_PROSPECT = form_of(UpdateProspect, **{name: kind | None for name, kind in CLEAR.items()})
APPROACH = _with(
    form_of(RecordApproach, without={"by", "next_step", "decline"}, note=Note),
    by=StaffId,
    next_step=OutreachStepForm,
    decline=DecliningForm,
)
