"""What a process counts, in Prometheus' words. No label carries personal data or an id."""

from prometheus_client import Counter, Gauge, Histogram

COMMANDS = Counter("bruecke_commands_total", "Commands by how they ended", ["service", "outcome"])
COMMAND_SECONDS = Histogram(
    "bruecke_command_seconds",
    "From the sending of a command to its outcome",
    ["service"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60),
)
EVENTS = Counter("bruecke_events_published_total", "Events published", ["service", "type"])
BATCH = Histogram(
    "bruecke_batch_messages", "Messages handled at once", ["group"], buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
)
LAG = Gauge("bruecke_consumer_lag_messages", "Messages that a consumer group has not handled yet", ["group"])
DEAD_LETTERS = Counter("bruecke_dead_letters_total", "Messages put aside because they could not be handled", ["group"])
FAULTS = Counter("bruecke_passing_faults_total", "Faults of broker or database that were waited out", ["group"])
