"""The one error of the demo: what went wrong, and what the person at the keyboard can do."""


class DemoError(Exception):
    """The demo can't go on. The message is one or two sentences, ready to print."""
