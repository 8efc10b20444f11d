"""What a refused command is told as a title, in German and English, by the code of its refusal."""

from collections.abc import Mapping

REFUSALS: Mapping[str, Mapping[str, str]] = {
    code: {"de": german, "en": english}
    for code, german, english in (
        ("stream-unknown", "Das gibt es nicht", "There is no such thing"),
        ("command-not-for-stream", "Das ist hier nicht möglich", "This is not possible here"),
        ("invalid-fields", "Eine Angabe ist ungültig", "A field is invalid"),
        # profiles
        ("profile-already-exists", "Dieses Profil gibt es schon", "This profile exists already"),
        ("evidence-missing", "Für Geprüftes fehlt der Beleg", "What is verified needs evidence"),
        ("skill-not-in-profile", "Diese Kenntnis steht nicht im Profil", "The profile has no such skill"),
        ("qualification-unknown", "Diesen Abschluss gibt es im Profil nicht", "There is no such qualification"),
        (
            "recognition-decided-in-the-future",
            "Der Bescheid liegt in der Zukunft",
            "The recognition was decided in the future",
        ),
        ("industry-not-in-scheme", "Diesen Wirtschaftszweig gibt es dort nicht", "The scheme has no such industry"),
        ("contact-person-unknown", "Diese Ansprechperson gibt es nicht", "There is no such contact person"),
        ("region-not-of-partner", "Diese Region gehört nicht zum Partner", "The partner does not work for this region"),
        ("need-already-stated", "Dieser Bedarf wurde anders angegeben", "This need was stated differently"),
        ("need-already-withdrawn", "Dieser Bedarf wurde zurückgezogen", "This need was withdrawn"),
        ("need-unknown", "Diesen Bedarf gibt es nicht", "There is no such need"),
        # merging
        ("profile-is-merged", "Dieses Profil ging in einem anderen auf", "This profile was merged into another"),
        ("merged-into-itself", "Ein Profil geht nicht in sich selbst auf", "A profile cannot be merged into itself"),
        ("merged-kinds-differ", "Das sind Profile verschiedener Art", "These are profiles of different kinds"),
        ("already-merged", "Diese Profile sind schon zusammengeführt", "These profiles are merged already"),
        ("not-merged", "Diese Profile sind nicht zusammengeführt", "These profiles are not merged"),
        ("nothing-to-take", "Diese Angabe lässt sich nicht übernehmen", "This field cannot be taken over"),
        ("field-not-in-profile", "Diese Angabe gibt es im Profil nicht", "The profile holds no such field"),
        ("duplicate-of-itself", "Ein Profil ist kein Doppel seiner selbst", "A profile is no duplicate of itself"),
        # referrals
        ("referral-already-received", "Diese Empfehlung kam schon an", "This referral was received before"),
        ("referral-already-accepted", "Die Empfehlung wurde angenommen", "The referral was accepted"),
        ("referral-already-rejected", "Die Empfehlung wurde abgelehnt", "The referral was rejected"),
        ("referral-taken-back", "Die Empfehlung wurde zurückgenommen", "The referral was taken back"),
        ("referral-belongs-to-another-stream", "Die Kennung passt nicht zur Empfehlung", "The id does not fit the referral"),
        # prospects
        ("prospect-belongs-to-another-stream", "Die Kennung passt nicht zur Ansprache", "The id does not fit the prospect"),
        ("prospect-already-identified", "Diese Kennung steht für jemand anderen", "This id stands for another prospect"),
        (
            "prospect-declined-before",
            "Wer abgelehnt hat, wird nicht wieder angesprochen",
            "Who declined is not approached again",
        ),
        ("prospect-already-agreed", "Hier wurde schon zugesagt", "This prospect has agreed already"),
        (
            "approach-needs-one-decision",
            "Es fehlt, wie es weitergeht, oder es steht doppelt da",
            "An approach is followed by a next step or by a decline",
        ),
        ("outreach-in-the-future", "Das liegt noch in der Zukunft", "This has not happened yet"),
        ("profile-of-another-kind", "Das Profil ist von anderer Art", "The profile is of another kind"),
        ("prospect-kept-still", "Diese Angaben werden noch aufbewahrt", "These data are kept for now"),
        (
            "outreach-step-in-the-past",
            "Der nächste Schritt liegt in der Vergangenheit",
            "The next step lies in the past",
        ),
        (
            "outreach-step-too-far-ahead",
            "Der nächste Schritt liegt zu weit voraus",
            "The next step lies too far ahead",
        ),
        ("profile-is-erased", "Dieses Profil wurde gelöscht", "This profile was erased"),
        (
            "erasure-belongs-to-another-stream",
            "Die Kennung passt nicht zur Löschung",
            "The id does not fit the erasure",
        ),
        ("erasure-not-completed", "Die Löschung ist noch nicht abgeschlossen", "The erasure is not completed yet"),
        (
            "consent-to-disclosure-missing",
            "Dafür fehlt die Einwilligung der Person",
            "The person has not consented to this",
        ),
        ("consent-text-unknown", "Diesen Text einer Einwilligung gibt es nicht", "There is no such consent text"),
        ("search-already-saved", "Diese Suche ist schon gespeichert", "This search is saved already"),
        ("search-was-deleted", "Diese Suche wurde gelöscht", "This search was deleted"),
        # contacts
        ("person-unknown", "Diese Person ist nicht bekannt", "This person is not known"),
        ("company-unknown", "Dieses Unternehmen ist nicht bekannt", "This company is not known"),
        ("person-is-merged", "Diese Person ging in einem anderen Profil auf", "This person was merged into another profile"),
        (
            "company-is-merged",
            "Dieses Unternehmen ging in einem anderen Profil auf",
            "This company was merged into another profile",
        ),
        ("need-not-open", "Dieser Bedarf ist nicht offen", "This need is not open"),
        (
            "person-has-not-consented-to-matching",
            "Die Person hat der Vermittlung nicht zugestimmt",
            "The person has not consented to be matched",
        ),
        (
            "person-has-not-consented-to-be-shown",
            "Die Person hat nicht zugestimmt, Unternehmen gezeigt zu werden",
            "The person has not consented to be shown to companies",
        ),
        ("person-does-not-want-this-purpose", "Die Person sucht etwas anderes", "The person looks for something else"),
        ("contact-belongs-to-another-stream", "Die Kennung passt nicht zum Kontakt", "The id does not fit the contact"),
        ("contact-already-open", "Diesen Kontakt gibt es schon", "This contact is open already"),
        (
            "contact-must-be-reopened",
            "Der Kontakt wird wieder geöffnet, nicht neu",
            "The contact is to be reopened, not proposed",
        ),
        ("contact-not-open", "Der Kontakt ruht oder ist beendet", "The contact rests or has ended"),
        ("contact-not-accepted-by-both", "Beide Seiten müssen erst zusagen", "Both sides have to accept first"),
        ("contact-not-arranged", "Der Kontakt ist noch nicht vermittelt", "The contact is not arranged yet"),
        ("contact-already-arranged", "Der Kontakt ist schon vermittelt", "The contact is arranged already"),
        ("contact-already-ended", "Der Kontakt ist schon beendet", "The contact has ended already"),
        ("follow-up-needs-one-decision", "Genau ein nächster Schritt wird gebraucht", "Exactly one next step is needed"),
        # messages
        ("notification-not-failed", "Diese E-Mail ist nicht gescheitert", "This mail has not failed"),
        ("quiet-hours-need-both-ends", "Ruhezeiten brauchen Anfang und Ende", "Quiet hours need a beginning and an end"),
        ("time-zone-unknown", "Diese Zeitzone gibt es nicht", "There is no such time zone"),
        ("persons-have-no-webhook", "Für Personen gibt es keinen Webhook", "People have no webhook"),
        # next steps and meetings
        ("step-not-yet-due", "Der Schritt ist noch nicht fällig", "The step is not due yet"),
        ("step-due-in-the-past", "Der Schritt liegt in der Vergangenheit", "The step lies in the past"),
        ("step-due-too-far-ahead", "Der Schritt liegt zu weit voraus", "The step lies too far ahead"),
        ("meeting-unknown", "Dieses Gespräch gibt es nicht", "There is no such meeting"),
        ("meeting-already-scheduled", "Dieses Gespräch wurde anders vereinbart", "This meeting was scheduled differently"),
        ("meeting-no-longer-scheduled", "Das Gespräch steht nicht mehr an", "The meeting is no longer scheduled"),
        ("meeting-in-the-past", "Das Gespräch liegt in der Vergangenheit", "The meeting lies in the past"),
        ("meeting-too-far-ahead", "Das Gespräch liegt zu weit voraus", "The meeting lies too far ahead"),
        ("meeting-ends-before-it-starts", "Das Gespräch endet, bevor es beginnt", "The meeting ends before it starts"),
        ("meeting-not-yet-started", "Das Gespräch hat noch nicht begonnen", "The meeting has not begun yet"),
        ("meeting-not-held", "Das Gespräch fand nicht statt", "The meeting was not held"),
        ("meeting-already-followed-up", "Das Gespräch ist schon nachbereitet", "The meeting was followed up already"),
        ("meetings-overlap", "Zwei Gespräche zur selben Zeit", "Two meetings at the same time"),
    )
}
