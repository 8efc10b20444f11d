"""Why a file is not taken, in German."""

ATTACHMENT_REASONS = (
    (r"is empty", r"ist leer"),
    (r"files of this kind are not taken: (.*)", r"Dateien dieser Art werden nicht angenommen: \1"),
    (r"the file is (.*), not (.*)", r"die Datei ist \1, nicht \2"),
    (r"must end in one of (.*)", r"braucht eine dieser Endungen: \1"),
    (r"the file is encrypted, so nobody can look into it", r"die Datei ist verschlüsselt, niemand kann hineinsehen"),
    (r"the file holds macros", r"die Datei enthält Makros"),
    (r"the file is damaged", r"die Datei ist beschädigt"),
    (r"is not text in UTF-8 or UTF-16", r"ist kein Text in UTF-8 oder UTF-16"),
    (r"there is no such file that waits for a message here", r"diese Datei wartet hier nicht auf eine Nachricht"),
    (r"names a file twice", r"nennt eine Datei zweimal"),
)
