"""Read lists of senators: the project's own file, and the format of unitedstates/congress-legislators."""

import json
import re
import time
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from http.client import HTTPException
from typing import IO, Any
from urllib.request import HTTPRedirectHandler, Request, build_opener

import yaml

from campaign.protection.inputs.typed_text import strip_invisible
from campaign.translation import for_staff
from letters.constituency.congress import zipcodes
from letters.constituency.imports.records import LeftOut, OfficeRecord, Seat, as_date, checked
from letters.models.recipients.us_states import STATES

LARGEST_LIST = 5 << 20  # bytes
FETCHED_WITHIN = 20  # seconds
MOST_SENATORS = 500
DEEPEST = 20  # lists and mappings within each other
CLASSES = {"1", "2", "3"}
LONGEST_TERM = timedelta(days=7 * 366)
# What of an entry is read. The second kind can be left out of an entry; the rest of it is used.
PARTS = {"bioguide", "first", "last", "nickname", "official_full", "type", "start", "end", "state", "class", "party"}
PLACES = {"website": "url", "contact_form": "contact_form", "phone": "phone", "postal_address": "address"}

Entry = dict[str, Any]


class NotAList(Exception):
    """The source cannot be read as a list of legislators."""


def project_records() -> list[OfficeRecord]:
    return [from_row(row) for row in zipcodes.read_rows("offices.csv")]


def from_row(row: Mapping[str, str]) -> OfficeRecord:
    return {
        "area": row["state"],
        "seat": int(row["class"]),
        "name": row["name"],
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "party": row["party"],
        "directory_id": row["bioguide"],
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


class OnlyHttps(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        if not newurl.startswith("https://"):
            raise NotAList("the address leads on to one without https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(address: str) -> str:
    """Return what is at an https address. Raises OSError, NotAList."""
    if not address.startswith("https://"):
        raise NotAList("only https addresses are fetched")
    until, content = time.monotonic() + FETCHED_WITHIN, b""
    try:
        request = Request(address, headers={"User-Agent": "campaign-site"})  # noqa: S310  # https, as asked above
        with build_opener(OnlyHttps).open(request, timeout=FETCHED_WITHIN / 2) as answer:
            while piece := answer.read1(1 << 16):
                content += piece
                if len(content) > LARGEST_LIST or time.monotonic() > until:
                    raise NotAList("too large, or too slow")
        return content.decode()
    except (HTTPException, ValueError) as error:
        raise NotAList(f"{type(error).__name__}: {error}") from error


def read_entries(text: str) -> list[Entry]:
    """Return those entries of a YAML or JSON list of legislators that are senators' or cannot be read, made small.

    Raises NotAList.
    """
    try:
        people = json.loads(text) if text.lstrip().startswith("[") else load_yaml(text)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise NotAList(f"{type(error).__name__}: {error}") from error
    if not isinstance(people, list) or not all(isinstance(person, dict) for person in people):
        raise NotAList("not a list of legislators")
    entries = [entry for entry in map(reduced, people) if entry["terms"][0].get("type") in {"sen", None}]
    if len(entries) > MOST_SENATORS:
        raise NotAList(f"{len(entries)} senators")
    return entries


def load_yaml(text: str) -> object:
    """Return what it says, all of it as texts. A list that is deep or refers to itself could fill the memory."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        if isinstance(event, yaml.AliasEvent):
            raise NotAList("it refers to itself")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise NotAList("too deep")
    return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506  # makes texts, lists and mappings, and nothing else


def reduced(person: Mapping[str, Any]) -> Entry:
    """Return the parts of an entry that are used, as short texts, whatever else it holds; of its terms the last."""
    terms = person.get("terms")
    last = terms[-1] if isinstance(terms, list) and terms else None
    return {"id": texts(person.get("id")), "name": texts(person.get("name")), "terms": [texts(last)]}


def texts(part: object) -> dict[str, str]:
    if not isinstance(part, dict):
        return {}
    known = {key: part[key] for key in {*PARTS, *PLACES.values()} if key in part}
    return {key: as_line(value) for key, value in known.items() if isinstance(value, str | int)}


def as_line(value: str | int) -> str:
    return " ".join(strip_invisible(unicodedata.normalize("NFC", str(value)[:1000])).split())


def parse(text: str) -> tuple[list[OfficeRecord], list[LeftOut]]:
    """Return the senators of a YAML or JSON list of legislators, and what cannot be used. Raises NotAList."""
    return records_of(read_entries(text))


def records_of(entries: Iterable[Entry]) -> tuple[list[OfficeRecord], list[LeftOut]]:
    records, left_out = [], []
    for entry in entries:
        record, problems = read_entry(entry)
        if record:
            records.append(record)
        if problems:
            bioguide = entry["id"].get("bioguide", "")
            left_out.append(LeftOut(name_in(entry), seat_in(entry), bioguide, problems, is_whole=not record))
    return records, left_out


def read_entry(entry: Entry) -> tuple[OfficeRecord, list[str]]:
    """Return the record and what is wrong with it, in the language of whoever asks; none if it cannot be used."""
    try:
        record = from_person(entry["id"], entry["name"], entry["terms"][0])
    except KeyError as missing:
        return {}, [for_staff("“%(field)s” is missing.") % {"field": missing.args[0]}]
    except ValueError as error:
        return {}, [str(error)]
    return checked(record, can_be_left_out=PLACES)


def name_in(entry: Entry) -> str:
    name = entry["name"]
    whole = name.get("official_full") or f"{name.get('first', '')} {name.get('last', '')}".strip()
    return whole or entry["id"].get("bioguide", "") or "?"


def seat_in(entry: Entry) -> Seat | None:
    term = entry["terms"][0]
    if term.get("state") in STATES and term.get("class") in CLASSES:
        return Seat(term["state"], int(term["class"]))
    return None


def from_person(ids: Mapping[str, str], name: Mapping[str, str], term: Mapping[str, str]) -> OfficeRecord:
    """Return the record. Raises KeyError for what is missing, ValueError with words for staff."""
    starts_on, ends_on = as_date(term["start"]), as_date(term["end"])
    if starts_on > ends_on:
        raise ValueError(for_staff("The term ends before it begins."))
    if ends_on - starts_on > LONGEST_TERM:
        raise ValueError(for_staff("The term is longer than a senator's."))
    if term["state"] not in STATES:
        raise ValueError(for_staff("“%(text)s” is not a state that has senators.") % {"text": term["state"]})
    if term["class"] not in CLASSES:
        raise ValueError(for_staff("“%(text)s” is not a class of senators.") % {"text": term["class"]})
    record: OfficeRecord = {
        "area": term["state"],
        "seat": int(term["class"]),
        "name": name.get("official_full") or f"{name.get('nickname') or name['first']} {name['last']}",
        "first_name": name["first"],
        "last_name": name["last"],
        "party": term["party"],
        "directory_id": ids["bioguide"],
        "term_starts_on": starts_on,
        "term_ends_on": ends_on,
    }
    for field, key in {"directory_id": "bioguide", "party": "party"}.items():
        if not record[field]:
            raise KeyError(key)
    record |= {field: term[key] for field, key in PLACES.items() if term.get(key)}
    if address := record.get("postal_address"):
        record["postal_address"] = re.sub(r",? Washington,? DC,? (\d{5})$", r", Washington, DC \1", address)
    return record
