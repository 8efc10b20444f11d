"""What a skill concept includes. The one place where search looks into the skills vocabulary."""


def with_narrower(concept: str) -> frozenset[str]:
    """This concept and all that are narrower. Of a concept that no vocabulary knows, itself."""
    return frozenset({concept})


def labels(concept: str) -> tuple[str, ...]:
    """What the concept is called, in the languages there are."""
    return ()
