"""What stands over a message in the inbox, in German and English. The parameters beside it say the rest."""

from collections.abc import Mapping

TITLES: Mapping[str, Mapping[str, str]] = {
    template: {"de": german, "en": english}
    for template, german, english in (
        (
            "address_bounced",
            "E-Mails an eine Adresse kommen zurück: Bitte die richtige erfragen und eintragen",
            "E-mails to an address come back: please ask for the right one and enter it",
        ),
        ("consent_withdrawn", "Ihr Widerruf ist angekommen", "Your withdrawal has arrived"),
        ("contact_accepted", "Eine Seite hat dem Kontakt zugestimmt", "One side has agreed to the contact"),
        ("contact_arranged", "Ihr Kontakt ist vermittelt", "Your contact has been arranged"),
        ("contact_assigned", "Ein Kontakt ist Ihnen anvertraut", "A contact is in your care"),
        ("contact_closed", "Der Kontakt ist abgeschlossen", "The contact has been closed"),
        ("contact_declined", "Der Kontakt kommt nicht zustande", "The contact will not go ahead"),
        ("contact_dormant", "Der Kontakt ruht", "The contact is paused"),
        ("contact_proposed", "Ein Vorschlag für einen neuen Kontakt", "A proposal for a new contact"),
        ("contact_reopened", "Der Kontakt beginnt von Neuem", "The contact is starting again"),
        ("cooperation_agreed", "Eine Zusammenarbeit ist vereinbart", "Cooperation has been agreed"),
        ("date_chosen", "Ein Termin ist ausgewählt", "A date has been chosen"),
        ("dates_declined", "Keiner der Termine passt", "None of the dates suits"),
        ("dates_proposed", "Terminvorschläge für Ihr Gespräch", "Proposed dates for your meeting"),
        ("meeting_cancelled", "Ihr Gespräch wurde abgesagt", "Your meeting has been cancelled"),
        ("meeting_missed", "Das Gespräch hat nicht stattgefunden", "The meeting did not take place"),
        ("meeting_moved", "Ihr Gespräch hat sich geändert", "Your meeting has changed"),
        ("meeting_scheduled", "Der Termin für Ihr Gespräch steht fest", "The date of your meeting is set"),
        ("message_posted", "Eine neue Nachricht für Sie", "A new message for you"),
        ("message_reported", "Eine Nachricht wurde gemeldet", "A message has been reported"),
        ("notice_answered", "Eine Antwort auf Ihren Aushang", "An answer to your notice"),
        ("notice_hidden", "Ein Beitrag von Ihnen wurde verborgen", "One of your posts has been hidden"),
        (
            "notification_given_up",
            "Eine Nachricht kam nicht an: Bitte auf anderem Weg melden",
            "A message did not arrive: please get in touch in another way",
        ),
        ("search_hits", "Neues zu Ihrer gespeicherten Suche", "New hits for your saved search"),
        (
            "step_escalated",
            "Bitte greifen Sie ein: Ein Kontakt droht einzuschlafen",
            "Please step in: a contact is about to go quiet",
        ),
        ("step_overdue", "Ein nächster Schritt wartet auf Sie", "A next step is waiting for you"),
        ("step_reminder", "Bald fällig: Ihr nächster Schritt", "Due soon: your next step"),
        ("step_watched", "Überfällig: ein Schritt in einem Ihrer Kontakte", "Overdue: a step in one of your contacts"),
        ("welcome", "Willkommen bei Brücke", "Welcome to Brücke"),
        ("workshop_cancelled", "Eine Veranstaltung ist abgesagt", "A workshop has been cancelled"),
        ("workshop_changed", "Eine Veranstaltung hat sich geändert", "A workshop has changed"),
        ("workshop_left", "Sie sind abgemeldet", "Your registration is cancelled"),
        ("workshop_promoted", "Für Sie ist ein Platz frei geworden", "A place has become free for you"),
        ("workshop_registered", "Sie sind zu einer Veranstaltung angemeldet", "You are registered for a workshop"),
        ("workshop_waitlisted", "Sie stehen auf der Warteliste", "You are on the waiting list"),
    )
}


def title_of(template: str, language: str) -> str:
    """The title in this language, ``de`` or ``en``; of a template that has none here, its name."""
    return TITLES.get(template, {}).get(language, template)
