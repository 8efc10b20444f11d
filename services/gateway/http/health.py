"""What an orchestrator and an operator may ask without a token."""

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.foundation.status import ProcessStatus

router = APIRouter(tags=["platform"])


def _status(request: Request) -> ProcessStatus:
    status: ProcessStatus = request.app.state.gateway.status
    return status


def _json(content: object, code: int = 200) -> Response:
    return Response(orjson.dumps(content), code, media_type="application/json")


@router.get("/live", summary="Whether the process runs")
async def live() -> Response:
    return _json({"live": True})


@router.get("/ready", summary="Whether the process takes requests", responses={503: {"description": "Not ready"}})
async def ready(request: Request) -> Response:
    status = _status(request)
    return _json({"ready": status.ready}, 200 if status.ready else 503)


@router.get("/metrics", summary="Metrics for Prometheus", response_class=PlainTextResponse)
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
