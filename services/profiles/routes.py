"""What profiles can be asked to do, and who decides it."""

from services.foundation.aggregate import Route, Routes
from services.profiles.company import Company
from services.profiles.contract import (
    AcceptReferral,
    AddContactPerson,
    ChangeRecognitionStatus,
    CreateCompany,
    CreatePartner,
    CreatePerson,
    DeleteSearch,
    GrantConsent,
    ReceiveReferral,
    RecordQualification,
    RejectReferral,
    RemoveContactPerson,
    RemoveQualification,
    ReportHits,
    RevokeReferral,
    SaveSearch,
    SeeHits,
    SetSharingScope,
    StateNeed,
    StateSkills,
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
from services.profiles.saved_search import SavedSearch

KINDS: tuple[type[Profile], ...] = (Person, Company, Partner)

ROUTES: Routes = {
    CreatePerson: Route(Person, Person.create, creates=True),
    UpdatePerson: Route(Person, Person.update),
    StateSkills: Route(Person, Person.state_skills),
    RecordQualification: Route(Person, Person.record_qualification),
    ChangeRecognitionStatus: Route(Person, Person.change_recognition_status),
    RemoveQualification: Route(Person, Person.remove_qualification),
    GrantConsent: tuple(Route(kind, kind.grant_consent) for kind in KINDS),
    WithdrawConsent: tuple(Route(kind, kind.withdraw_consent) for kind in KINDS),
    CreateCompany: Route(Company, Company.create, creates=True),
    UpdateCompany: Route(Company, Company.update),
    AddContactPerson: Route(Company, Company.add_contact_person),
    RemoveContactPerson: Route(Company, Company.remove_contact_person),
    StateNeed: Route(Company, Company.state_need),
    WithdrawNeed: Route(Company, Company.withdraw_need),
    CreatePartner: Route(Partner, Partner.create, creates=True),
    UpdatePartner: Route(Partner, Partner.update),
    SetSharingScope: Route(Partner, Partner.set_sharing_scope),
    ReceiveReferral: Route(Referral, Referral.receive, creates=True),
    AcceptReferral: Route(Referral, Referral.accept),
    SaveSearch: Route(SavedSearch, SavedSearch.save, creates=True),
    DeleteSearch: Route(SavedSearch, SavedSearch.delete),
    ReportHits: Route(SavedSearch, SavedSearch.report),
    SeeHits: Route(SavedSearch, SavedSearch.see),
    RejectReferral: Route(Referral, Referral.reject),
    RevokeReferral: Route(Referral, Referral.revoke),
}
