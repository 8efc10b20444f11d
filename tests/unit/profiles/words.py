"""Profiles to tell stories about."""

from typing import Any

from services.profiles.contract import (
    CreateCompany,
    CreatePartner,
    CreatePerson,
    LanguageSkill,
    MarketKnowledge,
    ReceiveReferral,
    StateNeed,
)
from services.profiles.referral import referral_stream
from services.profiles.routes import ROUTES
from tests.unit.story import Story

UUID = "00000000-0000-4000-8000-00000000000"
PERSON, OTHER_PERSON = f"person-{UUID}1", f"person-{UUID}2"
COMPANY, PARTNER, NEED = f"company-{UUID}3", f"partner-{UUID}4", f"need-{UUID}5"
DEPUTY, DEGREE = f"contactperson-{UUID}6", f"qualification-{UUID}7"
SEALED = "sealed.v1.Rm9v"
FINGERPRINT = "a" * 64
REFERRAL = referral_stream(PARTNER, "case-17")


def person() -> Story:
    return Story(PERSON, ROUTES)


def company() -> Story:
    return Story(COMPANY, ROUTES)


def partner() -> Story:
    return Story(PARTNER, ROUTES)


def referral() -> Story:
    return Story(REFERRAL, ROUTES)


def create_person(**changes: Any) -> CreatePerson:
    fields: dict[str, Any] = {
        "name": SEALED,
        "email": SEALED,
        "occupation": "2144",
        "experience_years": 8,
        "sectors": ("mechanical_engineering",),
        "skills": ("CAD", "pumps"),
        "languages": (LanguageSkill(language="de", level="B2"),),
        "markets": (MarketKnowledge(country="SY", sector="agriculture", years=4),),
        "place": "Rostock",
        "region": "DE-MV",
    }
    return CreatePerson(**fields | changes)


def create_company(**changes: Any) -> CreateCompany:
    fields: dict[str, Any] = {
        "name": "Ostsee Pumpen GmbH",
        "sector": "mechanical_engineering",
        "headcount": 49,
        "turnover_eur": 9_000_000,
        "balance_sheet_eur": 8_000_000,
        "place": "Wismar",
        "region": "DE-MV",
        "contact_name": SEALED,
        "contact_email": SEALED,
    }
    return CreateCompany(**fields | changes)


def create_partner(**changes: Any) -> CreatePartner:
    return CreatePartner(**{"name": "Chamber", "regions": ("UA-46",), "contact_email": SEALED} | changes)


def state_need(**changes: Any) -> StateNeed:
    fields: dict[str, Any] = {
        "need_id": NEED,
        "title": "Pump engineer",
        "purpose": "employment",
        "sector": "mechanical_engineering",
        "languages": (LanguageSkill(language="de", level="B1"),),
        "place": "Wismar",
        "region": "DE-MV",
    }
    return StateNeed(**fields | changes)


def receive_referral(**changes: Any) -> ReceiveReferral:
    fields: dict[str, Any] = {
        "partner_id": PARTNER,
        "external_id": "case-17",
        "name": SEALED,
        "skills": ("CAD",),
        "region": "UA-46",
        "fingerprint": FINGERPRINT,
    }
    return ReceiveReferral(**fields | changes)
