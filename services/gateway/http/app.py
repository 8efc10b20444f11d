"""The FastAPI application: routes, problems, documentation."""

from fastapi import FastAPI

from services.gateway.house import Gateway
from services.gateway.http import (
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
    meetings,
    merging,
    needs,
    notices,
    partners,
    people,
    platform,
    prospects,
    qualifications,
    referrals,
    searches,
    skills,
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
    partners,
    referrals,
    prospects,
    history,
    skills,
    contacts,
    meetings,
    dates,
    calendars,
    erasures,
    exports,
    consent_texts,
    europass,
    imports,
    searches,
    notices,
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
    add_problem_handlers(app)
    app.add_middleware(Trail, log=log)
    describe(app)
    return app
