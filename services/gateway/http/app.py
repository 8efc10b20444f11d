"""The FastAPI application: routes, problems, documentation."""

from fastapi import FastAPI

from services.gateway.house import Gateway
from services.gateway.http import (
    attachments,
    calendars,
    companies,
    consent_texts,
    contact_people,
    contacts,
    dates,
    duplicates,
    erasures,
    europass,
    exports,
    health,
    history,
    imports,
    inbox,
    mails,
    meetings,
    merging,
    moderation,
    needs,
    notices,
    partners,
    people,
    platform,
    preferences,
    promise,
    prospects,
    qualifications,
    ranking_weights,
    rankings,
    referrals,
    searches,
    skills,
    staff,
    threads,
    unsubscriptions,
    workshop_registrations,
    workshops,
)
from services.gateway.http.access_log import AccessLog
from services.gateway.http.openapi import describe
from services.gateway.http.trail import Trail
from services.gateway.problems import add_problem_handlers

RESOURCES = (
    people,
    qualifications,
    companies,
    contact_people,
    merging,
    duplicates,
    needs,
    notices,
    rankings,
    ranking_weights,
    partners,
    referrals,
    prospects,
    history,
    skills,
    contacts,
    promise,
    meetings,
    moderation,
    workshops,
    workshop_registrations,
    dates,
    calendars,
    erasures,
    exports,
    consent_texts,
    europass,
    imports,
    searches,
    inbox,
    preferences,
    unsubscriptions,
    mails,
    staff,
    platform,
    health,
)


def create_app(gateway: Gateway, log: AccessLog) -> FastAPI:
    """The application over these parts. It starts and stops nothing itself."""
    app = FastAPI(title="Brücke", version="1", redoc_url=None, redirect_slashes=False)
    app.state.gateway = gateway
    for resource in RESOURCES:
        # Taken over one by one: FastAPI matches a router that is included as a whole twice for every request.
        app.router.routes.extend(resource.router.routes)
    for router in (*threads.ROUTERS, *attachments.ROUTERS):
        app.router.routes.extend(router.routes)
    add_problem_handlers(app)
    app.add_middleware(Trail, log=log)
    describe(app)
    return app
