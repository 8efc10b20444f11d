"""The application as a whole, over a gateway that does nothing."""

from collections import Counter
from unittest.mock import create_autospec

from fastapi.routing import APIRoute

from services.gateway.house import Gateway
from services.gateway.http.access_log import AccessLog
from services.gateway.http.app import create_app


def test_every_route_is_there_once() -> None:
    app = create_app(create_autospec(Gateway), create_autospec(AccessLog))
    routes = Counter((method, route.path) for route in app.routes if isinstance(route, APIRoute) for method in route.methods)
    assert routes
    assert [route for route, times in routes.items() if times > 1] == []
