"""The ``bruecke`` command: what a newcomer touches, and what an operator asks."""
