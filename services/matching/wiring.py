"""What the matching service is put together from: who decides on commands, what follows from events, and what is kept."""

from typing import Any

from pymongo.database import Database

from services.foundation.aggregate import Routes
from services.foundation.database import Document
from services.foundation.messages import Recorded
from services.foundation.reaction import React
from services.foundation.settings import settings
from services.matching.agenda import Agenda, AgendaDocument, AgendaView
from services.matching.busy import BusyDocument, BusyTimes, BusyView
from services.matching.dependencies import follow_up_times
from services.matching.first_talk import first_talk
from services.matching.kinship import kinship
from services.matching.members import Members, MembersDocument, MembersView
from services.matching.notice_board import NoticeBoard, NoticeBoardView, NoticeDocument
from services.matching.notice_process import closing_for_the_erased, late_closing, taking_up
from services.matching.notice_routes import notice_routes
from services.matching.places import Places, PlacesDocument, PlacesView
from services.matching.pool import Companies, CompanyDocument, People, PersonDocument, Pool
from services.matching.process_managers import erasure, late_erasure, late_withdrawal, merging, need_withdrawal, withdrawal
from services.matching.ranking_routes import ranking_routes
from services.matching.routes import routes
from services.matching.sign_of_life import sign_of_life
from services.matching.thread_routes import thread_routes
from services.matching.weights_kept import KEPT, KeptTrials, KeptWeights, pairs
from services.matching.workshop_processes import late_leaving, leaving, wishes
from services.matching.workshop_routes import workshop_routes
from services.profiles.contract import DataDisclosed, ProfileErased

VIEWS = (People, Companies, AgendaView, BusyView, NoticeBoardView, PlacesView, MembersView, KeptWeights, KeptTrials)
DOCUMENTS: tuple[type[Any], ...] = (
    PersonDocument,
    CompanyDocument,
    AgendaDocument,
    BusyDocument,
    NoticeDocument,
    PlacesDocument,
    MembersDocument,
    *KEPT,
)


def all_routes(database: Database[Document]) -> Routes:
    """The tables of contacts, workshops, threads, notices and rankings, which look into the service's own database."""
    pool, members = Pool(database), Members(database)
    return {
        **routes(pool.eligibility_of, BusyTimes(database).of_sides, follow_up_times(settings())),
        **workshop_routes(pool.standing_of),
        **thread_routes(members.of),
        **notice_routes(pool.eligibility_of),
        **ranking_routes(pairs(database, kinship(settings().vocabulary).related)),
    }


def reactions(database: Database[Document]) -> tuple[React, ...]:
    """What follows when people withdraw consents, are erased or merged, also at the moment in which a contact is opened; when a
    need is withdrawn; and when a date is to be found."""
    agenda, pool = Agenda(database), Pool(database)
    return (
        withdrawal(agenda.open_contacts),
        late_withdrawal(lambda contact: pool.consents_of(agenda.person_of(contact))),
        late_erasure(lambda contact: pool.who_was_erased(*agenda.sides_of(contact))),
        merging(agenda.open_contacts, agenda.sides_of, pool.is_merged),
        need_withdrawal(agenda.open_contacts, agenda.sides_of),
        first_talk,
        *encounters(database),
    )


def encounters(database: Database[Document]) -> tuple[React, ...]:
    """What follows from meeting elsewhere: at workshops, in messages, on the notice board."""
    pool = Pool(database)
    closing = closing_for_the_erased(NoticeBoard(database).open_notices), late_closing(pool.was_erased)
    return wishes, sign_of_life, taking_up, *closing


def farewells(database: Database[Document]) -> tuple[React, ...]:
    """What ends with a profile: open contacts, and places in workshops."""
    pool = Pool(database)
    return (
        erasure(Agenda(database).open_contacts),
        leaving(Places(database).after, pool.is_gone),
        late_leaving(pool.is_gone),
    )


def counts_for_ranking(recorded: Recorded) -> bool:
    """What is said of a person or company, and other weights, may change a ranking; that it was shown to somebody does not.

    Of a partner, only that it was erased: that is confirmed after a ranking, too.
    """
    if isinstance(recorded.message, ProfileErased):
        return True
    return recorded.stream.startswith(("person-", "company-", "weights-")) and not isinstance(recorded.message, DataDisclosed)
