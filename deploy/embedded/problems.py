"""What keeps an installation from doing what it was asked, told to whoever sits at the terminal."""


class Problem(Exception):
    """One line that says what is wrong and what to do about it."""
