"""Cells of CSV files that people open in a spreadsheet. Pure."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def text_cell(text: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula.

    A shop's product, payment method or order number may begin with ``=``, and Excel would carry it
    out (OWASP, CSV injection). For texts only: a negative amount of ours is a number and stays one.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text
