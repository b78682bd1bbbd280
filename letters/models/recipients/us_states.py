"""The places that have senators, and those that do not: territories, associated states, and codes of military mail."""

from typing import Any

from django.utils.translation import gettext_lazy as _

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho",
    "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina",
    "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania",
    "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas",
    "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia",
    "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip

# As the data on senators names them.
PARTIES = {"Democrat": _("Democrat"), "Republican": _("Republican"), "Independent": _("Independent")}

# Parts of the United States that have no senators.
TERRITORIES = {
    "DC": _("District of Columbia"),
    "AS": _("American Samoa"),
    "GU": _("Guam"),
    "MP": _("Northern Mariana Islands"),
    "PR": _("Puerto Rico"),
    "VI": _("U.S. Virgin Islands"),
}
# Served by the U.S. mail, but independent states.
ASSOCIATED = {
    "FM": _("Federated States of Micronesia"),
    "MH": _("Marshall Islands"),
    "PW": _("Palau"),
}
MILITARY = {
    "AA": _("Military mail, Americas (AA)"),
    "AE": _("Military mail, Europe, Africa, Middle East (AE)"),
    "AP": _("Military mail, Pacific (AP)"),
}

PLACES: dict[str, Any] = {**STATES, **TERRITORIES, **ASSOCIATED, **MILITARY}


def name_of(code: str) -> str:
    """Return the name in the active language."""
    return str(PLACES.get(code, code))
