"""Cells of a spreadsheet that cannot act: a programme that opens the file must see text, never a formula."""

# Full-width forms are read as the ASCII signs by some programmes.
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(text: str) -> str:
    """`text`, with an apostrophe before it where a spreadsheet could take it for a formula.

    >>> harmless("=cmd|' /C calc'!A0"), harmless("O'Brien")
    ("'=cmd|' /C calc'!A0", "O'Brien")
    """
    return f"'{text}" if text.lstrip(" ").startswith(STARTS_FORMULA) else text
