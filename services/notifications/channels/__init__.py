"""The channels by which a message is handed over to somebody else: e-mail and webhooks.

What is in the inbox is there at once: the gateway keeps it from the same events.
"""


class NotTaken(Exception):
    """The other side did not take it. Its text names nobody.

    ``for_good``: trying again is of no use. ``bounced``: because the address does not exist. ``away``: nobody answers there, so
    that nothing else would be taken either. ``uncertain``: it may have been taken all the same.
    """

    def __init__(
        self, reason: str, *, for_good: bool = False, bounced: bool = False, away: bool = False, uncertain: bool = False
    ) -> None:
        super().__init__(reason)
        self.for_good = for_good
        self.bounced = bounced
        self.away = away
        self.uncertain = uncertain
