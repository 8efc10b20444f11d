"""What came before the beginning of what it is about: a message in a contact, say, whose proposal is in another partition.

It became a dead letter (see PartiesUnknown), as waiting for it would keep the consumer from ever reading that beginning. So it
is tried again from there, for a while; then it is for staff to look at.
"""

from pymongo.database import Database

from services.foundation.database import Document
from services.notifications.occasion import PartiesUnknown

MOST_TRIES = 20


class Latecomers:
    def __init__(self, database: Database[Document]) -> None:
        self._letters = database["dead_letters"]

    def try_again(self) -> None:
        """Asks the consumer to try them again, as staff can with ``bruecke dead-letters``."""
        about = {"error": {"$regex": f"^{PartiesUnknown.__name__}:"}, "tries": {"$lt": MOST_TRIES}, "replay": False}
        self._letters.update_many(about, {"$set": {"replay": True}})
