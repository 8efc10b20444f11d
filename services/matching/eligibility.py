"""Whether a person may be proposed to a company for a need: what other streams say about it, and the rules on that."""

from dataclasses import dataclass

from services.foundation.aggregate import Refusal


class PersonUnknown(Refusal):
    """Matching knows no such person."""


class CompanyUnknown(Refusal):
    """Matching knows no such company."""


class PersonIsMerged(Refusal):
    """Another profile stands for this person."""


class CompanyIsMerged(Refusal):
    """Another profile stands for this company."""


class NeedNotOpen(Refusal):
    """The company never stated this need, or withdrew it."""


class PersonHasNotConsentedToMatching(Refusal):
    """Nobody is matched without their active consent."""


class PersonHasNotConsentedToBeShown(Refusal):
    """Nobody is shown to companies without their active consent."""


class PersonDoesNotWantThisPurpose(Refusal):
    """The need has a purpose for which the person is not looking."""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What the profiles of both sides say at the moment of the proposal. ``region`` is the person's (ISO 3166-2).

    ``person_merged_into``, ``company_merged_into``: the profile that stands for them, if another does.
    """

    person_known: bool
    company_known: bool
    need_open: bool
    consent_to_matching: bool
    consent_to_show: bool
    purpose_fits: bool
    region: str = ""
    person_merged_into: str = ""
    company_merged_into: str = ""

    def require_open_need(self, field: str = "") -> None:
        """Raises NeedNotOpen: nobody agrees to talk about what is no longer looked for. ``field``: the command's, if one says
        which need it is."""
        if not self.need_open:
            raise NeedNotOpen("the company has no open need with this id", field=field)

    def require(self, *, named: bool = True) -> None:
        """Raises the refusal that names the first thing that is missing. ``named``: whether the command itself says who and
        what the contact is about; else none of its fields is to blame."""
        person, company, need = ("person_id", "company_id", "need_id") if named else ("", "", "")
        if not self.person_known:
            raise PersonUnknown("there is no such person", field=person)
        if not self.company_known:
            raise CompanyUnknown("there is no such company", field=company)
        if self.person_merged_into:
            raise PersonIsMerged(f"this person was merged into {self.person_merged_into}", field=person)
        if self.company_merged_into:
            raise CompanyIsMerged(f"this company was merged into {self.company_merged_into}", field=company)
        self.require_open_need(need)
        if not self.consent_to_matching:
            raise PersonHasNotConsentedToMatching("the person has not agreed to be matched", field=person)
        if not self.consent_to_show:
            raise PersonHasNotConsentedToBeShown("the person has not agreed to be shown to companies", field=person)
        if not self.purpose_fits:
            raise PersonDoesNotWantThisPurpose("the person does not look for what the need offers", field=need)
