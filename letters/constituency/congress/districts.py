"""The districts of the House of Representatives in which a ZIP code lies, from the project's own table."""

from functools import cache

from letters.constituency.congress.zipcodes import DATA


def districts_of(zip_code: str) -> list[str]:
    """Return the districts of a ZIP code, none if it is not in the table.

    >>> districts_of("82082"), districts_of("99999")
    (['CO-04', 'CO-08', 'NE-03', 'WY-00'], [])
    """
    _before, _zip, after = table().partition(f"\n{zip_code[:5]},")
    return after.partition("\n")[0].split()


@cache
def table() -> str:
    """Return the whole table as it stands: of 34,000 ZIP codes in memory, text takes a tenth of what a dict does."""
    return (DATA / "zip_districts.csv").read_text(encoding="utf-8")
