"""The titles of problems, in German and English: by code, else by status."""

from collections.abc import Mapping

from services.gateway.refusal_titles import REFUSALS

Titles = Mapping[str, str]

_BY_CODE: Mapping[str, Titles] = {
    "unreadable-json": {"de": "Der Inhalt ist kein lesbares JSON", "en": "The body is not readable JSON"},
    "invalid-input": {"de": "Die Eingabe ist ungültig", "en": "The input is invalid"},
    "bad-cursor": {"de": "Der Cursor ist ungültig", "en": "The cursor is invalid"},
    "bad-header": {"de": "Eine Kopfzeile ist ungültig", "en": "A header is invalid"},
    "token-missing": {"de": "Anmeldung fehlt", "en": "Not signed in"},
    "token-expired": {"de": "Die Anmeldung ist abgelaufen", "en": "The sign-in has expired"},
    "token-invalid": {"de": "Die Anmeldung ist ungültig", "en": "The sign-in is invalid"},
    "partner-unknown": {"de": "Diesen Partner gibt es nicht", "en": "There is no such partner"},
    "stale-version": {"de": "Die Daten wurden inzwischen geändert", "en": "The data has changed in the meantime"},
    "idempotency-key-reused": {
        "de": "Der Idempotency-Key gehört zu einer anderen Anfrage",
        "en": "The Idempotency-Key belongs to another request",
    },
    "vocabulary-unreadable": {
        "de": "Das Verzeichnis der Kenntnisse ist nicht lesbar",
        "en": "The vocabulary of skills cannot be read",
    },
    "provenance-not-yours": {
        "de": "Wer für sich selbst spricht, kann keine andere Herkunft angeben",
        "en": "Who speaks for themselves can claim no other provenance",
    },
    "absorbed-profile-unknown": {"de": "Dieses Profil gibt es nicht", "en": "There is no such profile"},
    "profile-has-absorbed-others": {
        "de": "In diesem Profil gingen andere auf",
        "en": "Other profiles were merged into this one",
    },
    "contact-with-themselves": {
        "de": "Das wäre ein Kontakt mit sich selbst",
        "en": "This would be a contact of somebody with themselves",
    },
    "contacts-open": {"de": "Es gibt noch offene Kontakte", "en": "There are open contacts"},
    "merge-rejected": {
        "de": "Die Profile ließen sich nicht zusammenführen",
        "en": "The profiles could not be merged",
    },
    "contact-not-begun": {
        "de": "Den Kontakt gab es zu diesem Zeitpunkt noch nicht",
        "en": "The contact had not begun at that moment",
    },
    "import-header": {"de": "Die Kopfzeile der Datei passt nicht", "en": "The header of the file does not fit"},
    "unreadable-document": {"de": "Das Dokument ist nicht lesbar", "en": "The document cannot be read"},
    "uploads-busy": {"de": "Es werden schon andere Dateien hochgeladen", "en": "Other files are being uploaded already"},
    "upload-too-slow": {"de": "Die Datei kam zu langsam an", "en": "The file arrived too slowly"},
    "uploads-pending": {
        "de": "Es warten zu viele Dateien auf ihre Nachricht",
        "en": "Too many files wait for their message",
    },
    "attachment-refused": {"de": "Diese Datei wird nicht angenommen", "en": "This file is not accepted"},
    "attachment-unknown": {"de": "Diesen Anhang gibt es nicht", "en": "There is no such attachment"},
    "no-bounce": {"de": "Das ist kein Bericht über eine unzustellbare E-Mail", "en": "This is no report of a bounced mail"},
    "imports-busy": {"de": "Es laufen schon andere Importe", "en": "Other imports are running already"},
}

_BY_STATUS: Mapping[int, Titles] = {
    400: {"de": "Die Anfrage ist ungültig", "en": "The request is invalid"},
    401: {"de": "Anmeldung erforderlich", "en": "Sign-in required"},
    403: {"de": "Keine Berechtigung", "en": "Not permitted"},
    404: {"de": "Nicht gefunden", "en": "Not found"},
    405: {"de": "Diese Methode gibt es hier nicht", "en": "Method not allowed"},
    409: {"de": "Die Regeln lassen das nicht zu", "en": "The rules do not allow this"},
    410: {"de": "Das gibt es nicht mehr", "en": "Gone"},
    412: {"de": "Eine Vorbedingung ist nicht erfüllt", "en": "A precondition failed"},
    413: {"de": "Der Inhalt ist zu groß", "en": "The body is too large"},
    415: {"de": "Diesen Inhaltstyp gibt es hier nicht", "en": "Unsupported media type"},
    422: {"de": "Die Regeln lassen diese Angabe nicht zu", "en": "The rules do not allow this value"},
    503: {"de": "Vorübergehend nicht verfügbar", "en": "Temporarily unavailable"},
}

_OTHER: Titles = {"de": "Es ist ein Fehler aufgetreten", "en": "Something went wrong"}


def title(code: str, status: int, language: str) -> str:
    """The title of a problem in this language (``de`` or ``en``)."""
    return (_BY_CODE.get(code) or REFUSALS.get(code) or _BY_STATUS.get(status) or _OTHER)[language]
