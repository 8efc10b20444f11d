"""What the doctor says."""

from typing import Any

from services.cli.diagnosis import Report, diagnose

CONSUMER: dict[str, Any] = {"group": "matching.commands", "state": "running", "lag": 0, "problem": ""}


def service(name: str = "matching", *, ready: bool = True, dead_letters: int = 0, **consumer: Any) -> Report:
    return Report(name, 7, True, {"ready": ready, "dead_letters": dead_letters, "consumers": [CONSUMER | consumer]})


def test_nothing_is_wrong_where_all_run() -> None:
    assert diagnose([Report("broker", 1, True), service()]) == []


def test_a_process_that_is_gone_is_named() -> None:
    assert diagnose([Report("database", 0, False)]) == ["database is not running"]


def test_a_process_that_is_silent_is_named() -> None:
    assert diagnose([Report("profiles", 7, False)]) == ["profiles does not answer"]


def test_a_service_that_is_not_ready_says_what_its_consumer_waits_for() -> None:
    report = service(ready=False, state="waiting", problem="the broker does not answer")
    assert diagnose([report]) == ["matching is not ready", "matching.commands waits: the broker does not answer"]


def test_a_few_messages_of_lag_are_no_problem() -> None:
    assert diagnose([service(lag=99)]) == []


def test_a_consumer_far_behind_is_named() -> None:
    assert diagnose([service(lag=120)]) == ["matching.commands is 120 messages behind"]


def test_dead_letters_of_all_services_are_counted() -> None:
    reports = [service(dead_letters=1), service("profiles", dead_letters=1)]
    assert diagnose(reports) == ["2 dead letters wait: ./bruecke dead-letters list"]


def test_one_dead_letter_waits() -> None:
    assert diagnose([service(dead_letters=1)]) == ["1 dead letter waits: ./bruecke dead-letters list"]
