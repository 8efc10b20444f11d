"""What profiles can be asked to do, and who decides it."""

from services.foundation.aggregate import Route, Routes
from services.profiles.company import Company
from services.profiles.contract import (
    AcceptReferral,
    AddContactPerson,
    AgreeProspect,
    BeginErasure,
    ChangeRecognitionStatus,
    ConfirmErasure,
    CreateCompany,
    CreatePartner,
    CreatePerson,
    DeclineProspect,
    DismissDuplicate,
    ErasePersonalData,
    EraseProfile,
    ExtendErasure,
    GrantConsent,
    IdentifyProspect,
    MarkMerged,
    MarkSeparated,
    MergeProfiles,
    MinimiseProspect,
    PlanOutreachStep,
    ReceiveReferral,
    RecordApproach,
    RecordDisclosure,
    RecordQualification,
    RejectReferral,
    RemoveContactPerson,
    RemoveQualification,
    RevokeReferral,
    SetSharingScope,
    SettleReceipt,
    StateNeed,
    StateSkills,
    UndoMerge,
    UpdateCompany,
    UpdatePartner,
    UpdatePerson,
    UpdateProspect,
    WithdrawConsent,
    WithdrawNeed,
)
from services.profiles.erasing import refusing_the_erased
from services.profiles.erasure import Erasure
from services.profiles.merging import Mergeable, refusing_the_merged
from services.profiles.partner import Partner
from services.profiles.person import Person
from services.profiles.profile import Profile
from services.profiles.prospect import Prospect
from services.profiles.referral import Referral

KINDS: tuple[type[Profile], ...] = (Person, Company, Partner)

MERGEABLE: tuple[type[Mergeable], ...] = (Person, Company)

ROUTES: Routes = refusing_the_erased(
    refusing_the_merged(
        {
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
            RejectReferral: Route(Referral, Referral.reject),
            RevokeReferral: Route(Referral, Referral.revoke),
            IdentifyProspect: Route(Prospect, Prospect.identify, creates=True),
            UpdateProspect: Route(Prospect, Prospect.update),
            RecordApproach: Route(Prospect, Prospect.record_approach),
            PlanOutreachStep: Route(Prospect, Prospect.plan_step),
            AgreeProspect: Route(Prospect, Prospect.agree),
            DeclineProspect: Route(Prospect, Prospect.decline),
            MinimiseProspect: Route(Prospect, Prospect.minimise),
            RecordDisclosure: Route(Person, Person.record_disclosure),
            EraseProfile: tuple(Route(kind, kind.erase) for kind in KINDS),
            ErasePersonalData: tuple(Route(kind, kind.erase_personal_data, creates=True) for kind in (Referral, Prospect)),
            BeginErasure: Route(Erasure, Erasure.begin, creates=True),
            ExtendErasure: Route(Erasure, Erasure.extend, creates=True),
            ConfirmErasure: Route(Erasure, Erasure.confirm, creates=True),
            SettleReceipt: Route(Erasure, Erasure.settle_receipt),
            MergeProfiles: tuple(Route(kind, kind.merge) for kind in MERGEABLE),
            UndoMerge: tuple(Route(kind, kind.undo_merge) for kind in MERGEABLE),
            MarkMerged: tuple(Route(kind, kind.mark_merged) for kind in MERGEABLE),
            MarkSeparated: tuple(Route(kind, kind.mark_separated) for kind in MERGEABLE),
            DismissDuplicate: tuple(Route(kind, kind.dismiss_duplicate) for kind in MERGEABLE),
        }
    )
)
