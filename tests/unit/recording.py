"""Events as they come from the broker, for reactions to be tested without one."""

from services.foundation.messages import SYSTEM, Envelope, Event, Recorded
from tests.unit.story import NOW


def recorded(event: Event, stream: str) -> Recorded:
    """The event with an envelope; its id is always the same."""
    envelope = Envelope(
        id="cause.0", stream=stream, source="test", time=NOW, actor=SYSTEM, correlation_id="correlation", version=1
    )
    return Recorded(event, envelope)
