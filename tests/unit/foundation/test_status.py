"""When a process calls itself ready."""

from services.foundation.status import ProcessStatus


def test_a_process_that_has_not_got_as_far_as_its_consumers_is_not_ready() -> None:
    assert not ProcessStatus("profiles").ready


def test_it_is_ready_once_every_consumer_runs_and_no_longer_when_told_to_stop() -> None:
    status = ProcessStatus("matching")
    first, second = (status.consumer(group, (group,)) for group in ("matching.commands", "matching.events"))
    first.runs()
    assert not status.ready
    second.runs()
    assert status.ready
    first.waits("the broker does not answer")
    assert not status.ready
    first.runs()
    status.stopping = True
    assert not status.ready
