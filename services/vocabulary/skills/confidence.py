"""How likely a candidate is right, from what was measured: likeness in letters, or the cosine of two meanings.

Both curves were fitted to the development list (``tests/unit/vocabulary/lists/development.tsv``): of the candidates that
were given a confidence of 0.7, about seven in ten were right. So 0.7 by spelling and 0.7 by meaning say the same.
"""

from math import exp

SAME = 1.0
SAME_BUT_FOR_ACCENTS = 0.98
ENOUGH = 0.88
"""From here on spelling has decided, and meaning is not asked."""
LEAST = 0.1
"""Where even the likeliest is less likely, nothing was found."""
LEAST_BESIDE = 0.02
"""What is less likely is not shown beside a likelier one."""


def of_same(plainly: bool) -> float:
    """Written the same; ``plainly``: but for case and punctuation only."""
    return SAME if plainly else SAME_BUT_FOR_ACCENTS


def of_likeness(likeness: float, share: float) -> float:
    """Written nearly the same, or (share below 1) a label that covers so much of the text."""
    return round(min(0.97, _logistic(16.0 * (likeness - 0.77))) * (0.2 + 0.8 * share), 3)


def of_cosine(cosine: float, nearest: float) -> float:
    """Near in meaning; ``nearest``: the cosine of the nearest concept, beside which a farther one is seldom right."""
    alone = min(0.95, _logistic(14.6 * (cosine - 0.379)))
    return round(alone if cosine >= nearest else alone * 0.52 * exp(10.0 * (cosine - nearest)), 3)


def shared(best: float, ties: int) -> float:
    """As well spelt as others: one of them is meant."""
    return round(best / ties, 3)


def behind(confidence: float, best: float) -> float:
    """Spelt less well than another."""
    return round(confidence * (1 - 0.8 * best), 3)


def of_both(spelling: float, meaning: float) -> float:
    """Spelling and meaning name the same concept: it is wrong only where both are."""
    return round(min(0.97, 1 - (1 - spelling) * (1 - meaning)), 3)


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-x))
