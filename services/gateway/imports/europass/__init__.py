"""Europass documents: the CV of Cedefop (SkillsPassport 3.x, XML and JSON) and the profile of europass.europa.eu (Candidate).

Sources: "Europass XML Schema v3.3.0" and the JSON model of the same version (Cedefop); "Europass XML" on HR-Open and EURES (DG
EMPL, 2020), elements of ``/Candidate``. What a document says is the person's own statement.
"""
