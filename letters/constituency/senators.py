"""Read lists of senators: the project's own file, and the format of unitedstates/congress-legislators.

A record is a dict of those fields of Office that its source knows; the others are left as they are.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import yaml

from letters.constituency import zipcodes

SenatorRecord = dict[str, Any]


class NotAList(Exception):
    """The source cannot be read as a list of legislators."""


def project_records() -> list[SenatorRecord]:
    return [from_row(row) for row in zipcodes.read_rows("offices.csv")]


def from_row(row: Mapping[str, str]) -> SenatorRecord:
    return {
        "state": row["state"],
        "senate_class": int(row["class"]),
        "name": row["name"],
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "party": row["party"],
        "bioguide": row["bioguide"],
        "term_starts_on": date.fromisoformat(row["term_starts_on"]),
        "term_ends_on": date.fromisoformat(row["term_ends_on"]),
        "website": row["website"],
        "contact_form": row["contact_form"],
        "message_limit": int(row["message_limit"]) if row["message_limit"] else None,
        "needs_prefix": row["needs_prefix"] == "yes",
        "needs_phone": row["needs_phone"] == "yes",
        "needs_topic": row["needs_topic"] == "yes",
        "postal_address": row["address"],
        "phone": row["phone"],
    }


def parse(text: str) -> list[SenatorRecord]:
    """Return the senators in a YAML or JSON list of legislators; representatives are skipped. Raises NotAList."""
    try:
        people = json.loads(text) if text.lstrip().startswith("[") else yaml.load(text, Loader=yaml.CSafeLoader)
        return list(from_people(people))
    except (ValueError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise NotAList(f"{type(error).__name__}: {error}") from error


def from_people(people: Iterable[Mapping[str, Any]]) -> Iterable[SenatorRecord]:
    for person in people:
        if person["terms"][-1]["type"] == "sen":
            yield from_person(person["id"], person["name"], person["terms"][-1])


def from_person(ids: Mapping[str, Any], name: Mapping[str, str], term: Mapping[str, Any]) -> SenatorRecord:
    record = {
        "state": term["state"],
        "senate_class": int(term["class"]),
        "name": name.get("official_full") or f"{name.get('nickname') or name['first']} {name['last']}",
        "first_name": name["first"],
        "last_name": name["last"],
        "party": term["party"],
        "bioguide": ids["bioguide"],
        "term_starts_on": as_date(term["start"]),
        "term_ends_on": as_date(term["end"]),
    }
    places = {"website": "url", "contact_form": "contact_form", "phone": "phone"}
    record |= {field: term[key] for field, key in places.items() if term.get(key)}
    if address := term.get("address"):
        record["postal_address"] = re.sub(r",? Washington,? DC,? (\d{5})$", r", Washington, DC \1", address)
    return record


def as_date(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
