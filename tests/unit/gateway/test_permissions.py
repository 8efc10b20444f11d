"""The table of permissions, read as promises."""

import pytest

from services.gateway.permissions import (
    ALL,
    OWN,
    OWNER_FIELDS,
    PERMISSIONS,
    PERSONAL_FIELDS,
    THIN,
    hidden,
    require,
    require_for,
    scope,
)
from services.gateway.problems import Problem
from services.gateway.security import ROLES, STREAM_ROLES, Caller

COMPANY = Caller("u1", "company", "company-1")
HEAD = Caller("u2", "head")
AUDITOR = Caller("u3", "auditor")


def test_the_table_knows_only_roles_that_exist() -> None:
    assert {role for row in PERMISSIONS.values() for role in row} <= ROLES


def test_every_own_grant_says_whose_the_resource_is() -> None:
    own = {(action.partition(".")[0], role) for action, row in PERMISSIONS.items() for role in row if row[role] is OWN}
    assert all(role in OWNER_FIELDS[resource] for resource, role in own)


def test_auditors_and_operators_only_read_and_see_no_personal_data() -> None:
    for action, row in PERMISSIONS.items():
        for role in ("auditor", "operator"):
            assert row.get(role, THIN) is THIN
            assert role not in row or action.endswith((".read", ".rank"))


def test_nobody_but_staff_sees_personal_data_of_others() -> None:
    for resource in PERSONAL_FIELDS:
        row = PERMISSIONS[f"{resource}.read"]
        assert {role for role in row if row[role] is ALL} == {"coordinator", "head"}
        assert all(role in STREAM_ROLES for role in row if row[role] is OWN)


def test_a_company_reads_its_own_document_and_no_other() -> None:
    assert require_for(COMPANY, "companies.read", {"_id": "company-1"}) is OWN
    assert scope(COMPANY, "companies.read") == {"_id": "company-1"}
    with pytest.raises(Problem) as problem:
        require_for(COMPANY, "companies.read", {"_id": "company-2"})
    assert (problem.value.status, problem.value.code) == (403, "forbidden")


def test_a_company_sees_people_without_what_identifies_them() -> None:
    identifying = {"name", "own_script_name", "email", "phone", "address"}
    written = {"**.evidence", "qualifications.decision.reference"}
    assert hidden(require(COMPANY, "people.read"), "people") == identifying | written
    assert hidden(require(HEAD, "people.read"), "people") == set()


def test_a_list_is_not_narrowed_for_who_may_see_all() -> None:
    assert scope(HEAD, "contacts.read") == {}
    assert scope(AUDITOR, "contacts.read") == {}


def test_what_the_table_does_not_grant_is_forbidden() -> None:
    with pytest.raises(Problem):
        require(AUDITOR, "people.create")
