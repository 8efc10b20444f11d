"""What stands before every call at the partners' door: an unreadable request is the caller's error, and no fault of ours tells
more than that there was one."""

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import grpc
import structlog
from google.protobuf.message import DecodeError
from prometheus_client import Histogram

from services.foundation.privacy import KeyMissing
from services.gateway.commander import BrokerAway
from services.gateway.partner.calls import CallEnded, end
from services.gateway.problems import AWAY, Problem

log = structlog.get_logger("gateway.partner")


CALL_SECONDS = Histogram(
    "bruecke_grpc_call_seconds",
    "Calls over gRPC, from the request to the end of the answer",
    ["method", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 3600),
)


class Guard(grpc.aio.ServerInterceptor):  # type: ignore[misc, unused-ignore]
    """Reads the request inside the call, where a broken one can be answered, and turns every exception into a status."""

    async def intercept_service(self, continuation: Callable[[Any], Awaitable[Any]], details: Any) -> Any:
        handler = await continuation(details)
        if handler is None or handler.request_streaming:
            return handler
        if not handler.response_streaming:
            answer = _answering(handler.unary_unary, handler.request_deserializer, details.method)
            return grpc.unary_unary_rpc_method_handler(answer, None, handler.response_serializer)
        wrap = _streaming if inspect.isasyncgenfunction(handler.unary_stream) else _answering
        stream = wrap(handler.unary_stream, handler.request_deserializer, details.method)
        return grpc.unary_stream_rpc_method_handler(stream, None, handler.response_serializer)


def _answering(handle: Any, read: Callable[[bytes], Any], method: str) -> Any:
    async def answer(raw: bytes, context: Any) -> Any:
        try:
            with _measured(method), _named(method):
                return await handle(read(raw), context)
        except CallEnded as ended:
            await end(context, ended)

    return answer


def _streaming(handle: Any, read: Callable[[bytes], Any], method: str) -> Any:
    async def stream(raw: bytes, context: Any) -> AsyncIterator[Any]:
        try:
            with _measured(method), _named(method):
                async for each in handle(read(raw), context):
                    yield each
        except CallEnded as ended:
            await end(context, ended)

    return stream


@contextmanager
def _measured(method: str) -> Iterator[None]:
    """Leaves a measurement and a line in the log, as HTTP does. A stream is measured as long as it is read."""
    started, status = time.perf_counter(), "OK"
    try:
        yield
    except CallEnded as ended:
        status = ended.code.name
        raise
    except (asyncio.CancelledError, GeneratorExit):
        status = "CANCELLED"
        raise
    finally:
        seconds = time.perf_counter() - started
        CALL_SECONDS.labels(method, status).observe(seconds)
        log.info("call", method=method, status=status, milliseconds=round(seconds * 1000, 2))


@contextmanager
def _named(method: str) -> Iterator[None]:
    """Turns whatever may go wrong into the end of the call that its caller is told."""
    try:
        yield
    except (CallEnded, grpc.aio.AbortError):
        raise
    except DecodeError:
        raise CallEnded(grpc.StatusCode.INVALID_ARGUMENT, "the request is not a message of this method") from None
    except KeyMissing:
        raise CallEnded(grpc.StatusCode.FAILED_PRECONDITION, "profile-is-erased: its personal data was erased") from None
    except (BrokerAway, Problem, *AWAY):
        raise CallEnded(grpc.StatusCode.UNAVAILABLE, "the platform cannot take this at the moment; send it again") from None
    except Exception as fault:
        log.error("call failed", method=method, error=type(fault).__name__, exc_info=fault)
        raise CallEnded(grpc.StatusCode.INTERNAL, "something went wrong on our side") from None
