"""The one reason why the portal does not start or does not go on."""


class Refusal(Exception):  # noqa: N818 - it is an answer to the person at the terminal, not a fault
    """Carries one sentence for the terminal: the thing, the reason and the way out."""
