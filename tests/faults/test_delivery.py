"""``kill -9`` between sending a mail and recording it: at worst a marked repeat under the same Message-ID."""

import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from services.foundation.settings import Settings
from services.notifications.contract import RecordSent
from tests.integration.test_delivery import HOST, House, Server, listening

pytestmark = [pytest.mark.servers, pytest.mark.faults]

SENDING = """
from services.foundation.database import open_database
from services.foundation.privacy import open_vault
from services.foundation.settings import Settings
from services.notifications.address_book import AddressBook
from services.notifications.delivering import Outbox

settings = Settings()
database = open_database(settings, "notifications")
Outbox(database, AddressBook(database, open_vault(settings)), None, settings).deliver_mails()
"""


class Killing(Server):
    """Takes the mail, and then whoever sent it dies before it hears of that."""

    victim: subprocess.Popen[bytes] | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if self.victim is not None:
            os.kill(self.victim.pid, signal.SIGKILL)
        return answer


def test_a_sender_that_dies_repeats_under_the_same_id_and_says_so(settings: Settings) -> None:
    house, server = House(settings), Killing()
    id = house.queue()
    with listening(server) as port:
        told = {
            "BRUECKE_MONGO_URL": house.settings.mongo_url,
            "BRUECKE_MONGO_PREFIX": house.settings.mongo_prefix,
            "BRUECKE_MASTER_KEY": house.settings.master_key.get_secret_value(),
            "BRUECKE_SMTP_HOST": HOST,
            "BRUECKE_SMTP_PORT": str(port),
        }
        with subprocess.Popen((sys.executable, "-c", SENDING), env=os.environ | told) as server.victim:
            assert server.victim.wait(60) == -signal.SIGKILL
        server.victim = None
        outbox = house.outbox(smtp_port=port)
        outbox.deliver_mails()
        assert len(server.mails) == 1  # it is still claimed
        house.make_due()
        house.outbox(smtp_port=port).deliver_mails()
    assert [mail["Message-ID"] for mail in server.mails] == [f"<{id}@localhost>"] * 2
    assert [mail["X-Bruecke-Repeat"] for mail in server.mails] == [None, "yes"]
    assert [type(each) for each in house.recorded.commands] == [RecordSent]
