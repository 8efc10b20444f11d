"""Settings, read from the environment (``BRUECKE_…``). Each may stand in a file instead.

The file is ``BRUECKE_SECRETS_DIR/bruecke_<name>``, for example ``bruecke_master_key``. The environment goes before it.
"""

import os
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingWrong(SystemExit):
    """A process that was told something that cannot be ends with this line, which names the setting, and status 1."""


class Settings(BaseSettings):
    """Everything a process of Brücke can be told from outside. Times are in the unit that the name says."""

    model_config = SettingsConfigDict(env_prefix="BRUECKE_", extra="ignore", secrets_dir=None, hide_input_in_errors=True)

    kafka_servers: str = "127.0.0.1:9092"
    kafka_partitions: int = Field(48, ge=1)
    kafka_replication: int = Field(1, ge=1)
    kafka_session_timeout_ms: int = Field(10_000, ge=500)
    kafka_fetch_wait_ms: int = Field(500, ge=1)
    """How long the broker may hold back an empty answer. Some brokers look for news only at fractions of it."""

    kafka_follow_wait_ms: int = Field(500, ge=1)
    """The same for services that follow events and for which nobody waits."""

    mongo_url: str = "mongodb://127.0.0.1:27017"
    mongo_prefix: str = "bruecke_"

    batch_size: int = Field(2000, ge=1, le=10_000)
    batch_tries: int = Field(3, ge=1)
    """How often a message that a bug rejects is tried before it becomes a dead letter."""
    cached_streams: int = Field(20_000, ge=0)

    host: str = "127.0.0.1"
    """The address on which a process listens for HTTP, gRPC and health checks."""
    http_port: int = Field(8080, ge=0, le=65535)
    grpc_port: int = Field(8090, ge=0, le=65535)
    health_port: int = Field(0, ge=0, le=65535)
    answer_deadline_seconds: float = Field(10.0, gt=0)
    """How long a request waits for its outcome and view before it is answered with 202."""
    max_body_bytes: int = Field(1_000_000, ge=1_000)
    max_import_bytes: int = Field(64_000_000, ge=1_000)
    """Of a file that is imported. An import keeps in memory what has come of it and is not carried out yet."""

    token_secret: SecretStr = SecretStr("")
    """Signs the tokens of the local issuer; at least 32 bytes."""
    master_key: SecretStr = SecretStr("")
    """Wraps the keys of persons: 32 bytes, base64. Matching is never given it."""
    master_key_previous: SecretStr = SecretStr("")
    """The master key before this one, while keys are still wrapped with it; see ``bruecke keys rotate``."""

    vocabulary: str = ""
    """The folder of an imported vocabulary of skills; none for the built-in one alone."""

    sweep_seconds: float = Field(30.0, gt=0)
    """How often matching looks for next steps that are overdue, and profiles for prospects that are to be minimised."""
    remind_before_hours: float = Field(24.0, ge=0, le=2_000)
    """How long before a next step is due its owner is reminded; 0 for never. Times of continuity count on the clock, not in
    working hours."""
    escalate_after_hours: float = Field(24.0, ge=0, le=2_000)
    """How long after its due date a step that stays undone goes to the coordinator, or to the deputy of one who owns it."""
    escalate_to_head_after_hours: float = Field(72.0, ge=0, le=2_000)
    """How long after its due date it goes to the head; not before it goes to the coordinator."""
    prospect_kept_days: float = Field(180.0, ge=0, le=3650)
    """How long the data of a prospect that declined is kept. Six months are enough to mend a mistake and to answer a claim."""
    delivery_seconds: float = Field(1.0, gt=0)
    """How often notifications looks for messages to deliver."""
    delivery_tries: int = Field(16, ge=1)
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(25, ge=1, le=65535)
    smtp_tls: Literal["none", "starttls", "implicit"] = "none"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_ca_file: str = ""
    """The certificates to trust, as PEM; none for those of the system."""
    smtp_timeout_seconds: float = Field(10.0, gt=0, le=300)
    """How long the mail server may keep silent. A whole mail may take four times as long."""
    mail_from: str = "bruecke@localhost"
    public_url: str = Field("", pattern=r"^(|https?://[^\s<>\"]+)$")
    """Where the gateway is reached from outside; without it mails hold no link for unsubscribing."""
    webhook_private: bool = False
    """Whether webhooks may lead into private networks."""
    webhook_ca_file: str = ""
    webhook_timeout_seconds: float = Field(10.0, gt=0, le=300)

    log_level: str = "INFO"

    @field_validator("escalate_to_head_after_hours")
    @classmethod
    def _the_head_comes_last(cls, hours: float, info: ValidationInfo) -> float:
        if hours < info.data.get("escalate_after_hours", 0.0):
            raise ValueError("must not be less than BRUECKE_ESCALATE_AFTER_HOURS")
        return hours

    @model_validator(mode="after")
    def _smtp_fits_together(self) -> Self:
        if bool(self.smtp_user) != bool(self.smtp_password.get_secret_value()):
            raise ValueError("BRUECKE_SMTP_USER and BRUECKE_SMTP_PASSWORD belong together")
        if self.smtp_user and self.smtp_tls == "none":
            raise ValueError("BRUECKE_SMTP_PASSWORD is only sent over TLS: set BRUECKE_SMTP_TLS")
        if self.smtp_ca_file and self.smtp_tls == "none":
            raise ValueError("BRUECKE_SMTP_CA_FILE is for TLS: set BRUECKE_SMTP_TLS")
        for name in ("smtp_ca_file", "webhook_ca_file"):
            if getattr(self, name) and not Path(getattr(self, name)).is_file():
                raise ValueError(f"BRUECKE_{name.upper()} names no file")
        return self


@cache
def settings() -> Settings:
    """The settings of this process. Raises SettingWrong."""
    try:
        return Settings(_secrets_dir=os.environ.get("BRUECKE_SECRETS_DIR"))
    except ValidationError as wrong:
        raise SettingWrong("; ".join(map(_reason, wrong.errors(include_input=False)))) from None


def _reason(error: ErrorDetails) -> str:
    """What does not fit together names its settings itself."""
    return f"BRUECKE_{str(error['loc'][0]).upper()}: {error['msg']}" if error["loc"] else error["msg"]
