"""Why a field is not taken, in German: the reasons come in English, from pydantic and from forms.py."""

import re

from services.gateway.attachment_reasons import ATTACHMENT_REASONS
from services.gateway.import_reasons import IMPORT_REASONS

_GERMAN = tuple(
    (re.compile(english), german)
    for english, german in (
        (r"Field required", r"Angabe fehlt"),
        (r"Extra inputs are not permitted", r"dieses Feld gibt es hier nicht"),
        (r"Input should be a valid string", r"muss ein Text sein"),
        (r"Input should be a valid integer.*", r"muss eine ganze Zahl sein"),
        (r"Input should be a valid number.*", r"muss eine Zahl sein"),
        (r"Input should be a valid boolean.*", r"muss wahr oder falsch sein"),
        (r"Input should be a valid (?:list|array|tuple)", r"muss eine Liste sein"),
        (r"Input should be (?:a valid dictionary|an object).*", r"muss ein Objekt sein"),
        (r"Input should be a valid date.*", r"muss ein Zeitpunkt nach RFC 3339 sein"),
        (r"Input should have timezone info", r"muss eine Zeitzone haben"),
        (r"String should have at least (\d+) characters?", r"braucht mindestens \1 Zeichen"),
        (r"String should have at most (\d+) characters?", r"darf höchstens \1 Zeichen haben"),
        (r"String should match pattern (.*)", r"muss dem Muster \1 entsprechen"),
        (r"\w+ should have at least (\d+) items? after validation, not \d+", r"braucht mindestens \1 Einträge"),
        (r"\w+ should have at most (\d+) items? after validation, not .*", r"darf höchstens \1 Einträge haben"),
        (r"Input should be greater than or equal to (.*)", r"muss mindestens \1 sein"),
        (r"Input should be less than or equal to (.*)", r"darf höchstens \1 sein"),
        (r"Input should be greater than (.*)", r"muss größer als \1 sein"),
        (r"Input should be ('.*') or ('.*')", r"muss \1 oder \2 sein"),
        (
            r"must be a moment with its zone like (.*)",
            r"muss ein Zeitpunkt mit Zeitzone sein wie \1",
        ),
        (r"must not lie in the future", r"darf nicht in der Zukunft liegen"),
        (r"must be an e-mail address like (.*)", r"muss eine E-Mail-Adresse sein wie \1"),
        (r"must not contain control characters or line breaks", r"darf keine Steuerzeichen oder Zeilenumbrüche enthalten"),
        (r"must not contain control characters", r"darf keine Steuerzeichen enthalten"),
        (r"must not take more than (\d+) bytes in UTF-8", r"darf in UTF-8 höchstens \1 Bytes haben"),
        (r"must be an address with https and without a user name", r"muss eine Adresse mit https und ohne Benutzernamen sein"),
        (r"give either participant_id or guest", r"entweder participant_id oder guest angeben"),
        (r"say who (?:is to take part|gives it)", r"sagen, um wen es geht"),
        (r"say which partner brings this guest", r"sagen, welcher Netzwerkpartner diesen Gast bringt"),
        (r"a partner registers its guests: .*", r"Netzwerkpartner melden ihre Gäste an: einen Gast mit Namen angeben"),
        (r"neither author is one: say the (.*)", r"von den Verfassern ist es niemand: \1 angeben"),
        (r"must not be blank", r"darf nicht leer sein"),
        *IMPORT_REASONS,
        *ATTACHMENT_REASONS,
        (r"must lie between (\d+) and (\d+)", r"muss zwischen \1 und \2 liegen"),
    )
)


def in_german(reason: str) -> str:
    """The reason in German; one that nobody has translated stays as it is."""
    for english, german in _GERMAN:
        if found := english.fullmatch(reason):
            return found.expand(german)
    return reason
