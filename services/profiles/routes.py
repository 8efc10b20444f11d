"""What profiles can be asked to do, and who decides it."""

from services.foundation.aggregate import Route, Routes
from services.profiles.company import Company
from services.profiles.contract import (
    AcceptReferral,
    CreateCompany,
    CreatePartner,
    CreatePerson,
    GrantConsent,
    ReceiveReferral,
    RejectReferral,
    RevokeReferral,
    StateNeed,
    UpdateCompany,
    UpdatePartner,
    UpdatePerson,
    WithdrawConsent,
    WithdrawNeed,
)
from services.profiles.partner import Partner
from services.profiles.person import Person
from services.profiles.profile import Profile
from services.profiles.referral import Referral

KINDS: tuple[type[Profile], ...] = (Person, Company, Partner)

ROUTES: Routes = {
    CreatePerson: Route(Person, Person.create, creates=True),
    UpdatePerson: Route(Person, Person.update),
    GrantConsent: tuple(Route(kind, kind.grant_consent) for kind in KINDS),
    WithdrawConsent: tuple(Route(kind, kind.withdraw_consent) for kind in KINDS),
    CreateCompany: Route(Company, Company.create, creates=True),
    UpdateCompany: Route(Company, Company.update),
    StateNeed: Route(Company, Company.state_need),
    WithdrawNeed: Route(Company, Company.withdraw_need),
    CreatePartner: Route(Partner, Partner.create, creates=True),
    UpdatePartner: Route(Partner, Partner.update),
    ReceiveReferral: Route(Referral, Referral.receive, creates=True),
    AcceptReferral: Route(Referral, Referral.accept),
    RejectReferral: Route(Referral, Referral.reject),
    RevokeReferral: Route(Referral, Referral.revoke),
}
