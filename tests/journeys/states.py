"""Every state of the pages that a visitor brings about or meets, over plain HTTP: what it is called, and the answer."""

import re
from collections.abc import Iterator

import httpx

from letters.models.delivery_states import State
from tests.live.site import LiveSite
from tests.live.stopped import STOPPED, stopped
from tests.system.people import LETTERS, NEW_MEXICO, PETITION, sign, write_letters

Seen = Iterator[tuple[str, httpx.Response]]
IS_LAST = """
    letter_id IN (SELECT id FROM letters_letter WHERE constituent_id = (SELECT max(id) FROM letters_constituent))
"""
LINK_ENDS = """
    UPDATE petitions_signature SET token_expires_at = now()
    WHERE id = (SELECT max(id) FROM petitions_signature) RETURNING id
"""

PLACE = "\n\n[paragraphs]"
WRITER = {"first_name": "Ana", "last_name": "Núñez", "email": "ana@example.org", **NEW_MEXICO}


def every_state(site: LiveSite) -> Seen:
    yield from signing(site, "signing@states.example.org")
    yield from signing_too_late(site, "late@states.example.org")
    yield from writing(site, "writing@states.example.org")
    yield from asking_for_news(site, "news@states.example.org")
    yield from answering(site)
    for how in STOPPED:
        with stopped(site, how):
            yield f"petition {how}", site.http.get(PETITION)
            yield f"letters {how}", site.http.get(LETTERS)


def mailed(site: LiveSite, address: str, part: str, *, number: int = 1) -> str:
    return site.link(site.mails(address, number=number)[-1], part)


def signing(site: LiveSite, address: str) -> Seen:
    yield "signing, asked to confirm", site.http.get(sign(site, address).headers["Location"])
    link = mailed(site, address, "/petitions/confirm/")
    yield "signature to be confirmed", site.http.get(link)
    yield "signature confirmed", site.http.post(link, follow_redirects=True)
    yield "signature confirmed before", site.http.get(link)


def signing_too_late(site: LiveSite, address: str) -> Seen:
    sign(site, address)
    link = mailed(site, address, "/petitions/confirm/")
    site.query(LINK_ENDS)
    yield "signature to be confirmed, too late", site.http.get(link)
    yield "signature confirmed, too late", site.http.post(link)


def writing(site: LiveSite, address: str) -> Seen:
    yield "letters, asked to confirm", write_letters(site, address)
    link = mailed(site, address, "/letters/confirm/")
    yield "letters to be confirmed", site.http.get(link)
    tracking = str(site.http.post(link, follow_redirects=True).url)
    yield "letters confirmed before", site.http.get(link)
    yield from tracked(site, tracking)
    yield "link asked for again", site.http.post(f"{tracking}mail-again/", follow_redirects=True)
    yield from by_hand(site, mailed(site, address, "/letters/mine/", number=2))


def tracked(site: LiveSite, tracking: str) -> Seen:
    """When both letters have gone, each state is written into their rows: few of them come about in a rehearsal."""
    assert site.wait_until(lambda: set(states(site)) == {(State.ACCEPTED,)}, seconds=60), states(site)
    for state in State:
        site.query(f"UPDATE letters_delivery SET state = %s WHERE {IS_LAST} RETURNING id", state)  # noqa: S608  # above
        yield f"tracking {state}", site.http.get(tracking)


def states(site: LiveSite) -> list[tuple[object, ...]]:
    return site.query(f"SELECT state FROM letters_delivery WHERE {IS_LAST}")  # noqa: S608  # written above


def by_hand(site: LiveSite, link: str) -> Seen:
    mine = site.http.get(link)
    yield "what is stored of letters", mine
    for path in re.findall(rf'href="({re.escape(mine.url.path)}[0-9a-f]{{32}}/)"', mine.text):
        yield "a letter to be sent by hand", site.http.get(path)
    yield "letters deleted", site.http.post(f"{link}erase/", follow_redirects=True)


def answering(site: LiveSite) -> Seen:
    """While staff show who has answered, and offer paragraphs for the letters."""
    site.query(
        "UPDATE letters_lettercampaign SET shows_board = true, paragraphs = %s, default_body = default_body || %s"
        " RETURNING id",
        "First.\n\nSecond.\n\nThird.", PLACE,
    )  # fmt: skip
    site.query("UPDATE letters_position SET as_of = '2026-11-21' RETURNING id")
    yield "letters, who has answered", site.http.get(f"{LETTERS}answers/")
    yield "letters with paragraphs", site.http.post(f"{LETTERS}letters/", data=WRITER, follow_redirects=True)
    unlisted = {**WRITER, "state": "AK", "zip": "99999"}
    yield "letters, ZIP asked about", site.http.post(f"{LETTERS}letters/", data=unlisted, follow_redirects=True)
    site.query("UPDATE letters_lettercampaign SET shows_board = false, paragraphs = '' RETURNING id")
    site.query("UPDATE letters_lettercampaign SET default_body = replace(default_body, %s, '') RETURNING id", PLACE)


def asking_for_news(site: LiveSite, address: str) -> Seen:
    yield "news asked for", site.http.post("/newsletter/", data={"email": address}, follow_redirects=True)
    link = mailed(site, address, "/newsletter/confirm/")
    yield "news to be confirmed", site.http.get(link)
    yield "news confirmed", site.http.post(link, follow_redirects=True)
    site.http.post("/newsletter/", data={"email": address})
    leave = mailed(site, address, "/newsletter/unsubscribe/", number=2)
    yield "news to be left", site.http.get(leave)
    yield "news left", site.http.post(leave)
    mistake = site.http.post("/newsletter/leave/", data={"email": "nobody"}, follow_redirects=True)
    yield "news to be left, a mistake", mistake
    yield "news to be left, asked", site.http.post("/newsletter/leave/", data={"email": address}, follow_redirects=True)
