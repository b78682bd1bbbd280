"""People who use the site, each with a plan of their own, and who try again where no answer comes, as people do."""

import asyncio
import random
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from html import unescape
from time import time
from urllib.parse import parse_qsl, urlsplit

import httpx

from bench.chaos.evidence.checker import own_words
from bench.chaos.evidence.ledger import MARK, Act, Answer, CountShown, Kind, Ledger, Request
from bench.chaos.mail_server import Taken
from bench.load.people import Person, people
from tests.live.forms import form_with

PETITION = "/petitions/end-forced-organ-harvesting/"
LETTERS = "/letters/senate-resolution-220/"
HOMES = (
    {"street": "100 Example St", "city": "Santa Fe", "state": "NM", "zip": "87501"},
    {"street": "100 Example St", "city": "Austin", "state": "TX", "zip": "78701"},
)
LINK = re.compile(r"https?://\S+")
WITHDRAW = re.compile(r'action="(/letters/track/[^"]+/withdraw/([0-9a-f]{32})/)"')
WHOSE = re.compile(rf"{MARK}\w*\.(\d+)")

PATIENCE = 20.0  # seconds for one answer
PAUSE = 3.0  # seconds before somebody tries again
TRIES = 40
DONE = {302, 303}
# How many of a hundred do what once they have signed.
TWICE, WITHDRAW_SHARE, FORGET_SHARE, DISOWN_SHARE = 0.1, 0.15, 0.05, 0.05
WRITERS, READERS = 0.25, 0.1  # of all who come; the others sign
TAKERS_BACK, LEAVERS = 0.4, 0.3


@dataclass
class Visitors:
    """Everybody of one run. In the loop of the backstage."""

    address: str  # of the site
    ledger: Ledger
    chance: random.Random
    seed: int
    finished: list[tuple[float, float]] = field(default_factory=list)  # of signers: when they came, and when confirmed
    people: dict[str, asyncio.Task[None]] = field(default_factory=dict)  # who is not done yet, by address
    faults: list[str] = field(default_factory=list)  # of this program
    mailboxes: dict[str, asyncio.Queue[Taken]] = field(default_factory=dict)
    coming: list[asyncio.Task[None]] = field(default_factory=list)

    def open_doors(self, rate: float) -> None:
        """Let so many come in a second until `close_doors`."""
        if not hasattr(self, "http"):
            limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
            self.http = httpx.AsyncClient(
                base_url=self.address,
                timeout=PATIENCE,
                limits=limits,
                headers={"Origin": self.address, "Sec-Fetch-Site": "same-origin"},
            )
            self.crowd = people(f"{MARK}{self.seed}")
        loop = asyncio.get_running_loop()
        self.coming = [loop.create_task(self.come(rate)), loop.create_task(self.look())]

    def close_doors(self) -> None:
        """Nobody new comes; those who are here go on."""
        for task in self.coming:
            task.cancel()

    async def come(self, rate: float) -> None:
        while True:
            await asyncio.sleep(self.chance.expovariate(rate))
            person = next(self.crowd)
            self.mailboxes[person.email] = asyncio.Queue()
            self.begin(person.email, self.plan_of(person))

    def begin(self, who: str, plan: Coroutine[None, None, None]) -> None:
        self.people[who] = task = asyncio.get_running_loop().create_task(plan)
        task.add_done_callback(lambda done: self.end(who, done))

    def end(self, who: str, task: asyncio.Task[None]) -> None:
        del self.people[who]
        if not task.cancelled() and (error := task.exception()):
            self.faults.append(f"{who}: {error!r}")

    def send_home(self, who: str) -> None:
        """Somebody whose mail was refused for good has nothing to wait for."""
        if task := self.people.get(who):
            task.cancel()

    def send_all_home(self) -> None:
        for task in self.people.values():
            task.cancel()

    def plan_of(self, person: Person) -> Coroutine[None, None, None]:
        kind = self.chance.random()
        if kind < WRITERS:
            return self.write(person)
        return self.read(person) if kind < WRITERS + READERS else self.sign(person)

    def mail_came(self, mail: Taken) -> None:
        if mailbox := self.mailboxes.get(mail.recipient):
            mailbox.put_nowait(mail)

    async def links(self, who: str, *containing: str) -> list[str]:
        """Return the addresses, without the site's, that the first mail with a link of the first kind holds."""
        while True:
            mail = await self.mailboxes[who].get()
            urls = [url.removeprefix(self.address) for url in LINK.findall(mail.text)]
            found = [next((url for url in urls if part in url), "") for part in containing]
            if found[0]:
                return found

    async def look(self) -> None:
        """Look at the count once in a second."""
        while True:
            await asyncio.sleep(1)
            answer = await self.send("GET", f"{PETITION}count.json")
            if answer is not None and answer.status_code == 200:
                self.ledger.counts.append(CountShown(time(), int(answer.json()["count"])))

    # What they do

    async def sign(self, person: Person) -> None:
        came_at = time()
        await self.send("GET", PETITION)
        fields = {**person.fields, "name": f"{person.name} {MARK.title()}"}
        for _time in range(2 if self.chance.random() < TWICE else 1):
            await self.act(Kind.SIGN, person, PETITION, fields)
        link, disown = await self.links(person.email, "/petitions/confirm/", "/petitions/not-me/")
        await self.send("GET", link)
        for _time in range(2 if self.chance.random() < TWICE else 1):
            await self.act(Kind.CONFIRM, person, link)
        self.finished.append((came_at, time()))
        await self.leave(person, disown)

    async def leave(self, person: Person, disown: str) -> None:
        """Some withdraw, erase what is stored, or say that it was not them."""
        part = self.chance.random()
        signed = sum(act.who == person.email for act in self.ledger.of(Kind.SIGN))
        if part > 1 - DISOWN_SHARE:
            await self.act(Kind.DISOWN, person, urlsplit(disown).path, dict(parse_qsl(urlsplit(disown).query)))
        elif part < WITHDRAW_SHARE + FORGET_SHARE and signed == 1:  # else another mail may have used up the allowance
            await self.act(Kind.ASK_LEAVING, person, "/petitions/mine/", {"email": person.email})
            (mine,) = await self.links(person.email, "/petitions/mine/")
            kind, name = (Kind.WITHDRAW, "withdraw") if part < WITHDRAW_SHARE else (Kind.FORGET, "forget")
            await self.act(kind, person, f"{mine}{PETITION.split('/')[2]}/{name}/")

    async def write(self, person: Person) -> None:
        about = {"first_name": "Ana", "last_name": MARK.title(), "email": person.email}
        about |= self.chance.choice(HOMES)
        submitted = await self.until_done(lambda: self.submit(person, about))
        if not submitted:
            return
        (link,) = await self.links(person.email, "/letters/confirm/")
        tracking = await self.until_done(lambda: self.confirm_letters(person, link))
        if tracking and self.chance.random() < TAKERS_BACK:
            await self.take_back(person, tracking)

    async def submit(self, person: Person, about: dict[str, str]) -> str:
        """Go through all the steps once; return where the last one led, or nothing."""
        page: httpx.Response | None = await self.send("GET", LETTERS)
        typed: dict[str, str] = about
        for _step in range(2):
            if page is None or page.status_code != 200:
                return ""
            form = form_with(page, "zip")
            page = await self.send("POST", form.action, {**form.values, **typed}, person.network)
            if page is not None and page.status_code == 303:  # to an address that shows the next step
                page = await self.send("GET", page.headers["location"])
            typed = {}
            if page is not None and page.status_code == 200:
                typed = self.own_texts(form_with(page, "zip").values, person.email)
        if page is None or page.status_code != 200:
            return ""
        form = form_with(page, "zip")
        return await self.once(Kind.WRITE, person, form.action, form.values)

    def own_texts(self, values: dict[str, str], address: str) -> dict[str, str]:
        texts = {name: text for name, text in values.items() if name.startswith("text_")}
        words = own_words(address)
        own = {name: text if words in text else f"{text}\n\n{words}" for name, text in texts.items()}
        return {**own, "prefix": "Dr."}

    async def confirm_letters(self, person: Person, link: str) -> str:
        page = await self.send("GET", link)
        if page is None or page.status_code != 200:
            return ""
        seal = re.search(r'name="seal" value="([^"]+)"', page.text)
        return await self.once(Kind.CONFIRM_LETTERS, person, link, {"seal": unescape(seal[1])} if seal else {})

    async def take_back(self, person: Person, tracking: str) -> None:
        page = await self.send("GET", tracking)
        if page is None or page.status_code != 200:
            return
        for path, delivery_id in WITHDRAW.findall(page.text)[:1]:
            await self.act(Kind.TAKE_BACK, person, path, what=delivery_id)

    async def read(self, person: Person) -> None:
        await self.act(Kind.SUBSCRIBE, person, "/newsletter/", {"email": person.email})
        confirm, leave = await self.links(person.email, "/newsletter/confirm/", "/newsletter/unsubscribe/")
        await self.act(Kind.CONFIRM_NEWS, person, confirm)
        if self.chance.random() < LEAVERS:
            await self.act(Kind.UNSUBSCRIBE, person, leave, {"List-Unsubscribe": "One-Click"})

    # How they ask

    async def act(
        self, kind: Kind, person: Person, path: str, fields: dict[str, str] | None = None, *, what: str = ""
    ) -> None:
        await self.until_done(lambda: self.once(kind, person, path, fields, what=what))

    async def until_done(self, attempt: Callable[[], Coroutine[None, None, str]]) -> str:
        """Try until it is acknowledged or refused; return where it led."""
        for _try in range(TRIES):
            if led := await attempt():
                return led if led != REFUSED else ""
            await asyncio.sleep(PAUSE * self.chance.uniform(0.5, 1.5))
        return ""

    async def once(
        self, kind: Kind, person: Person, path: str, fields: dict[str, str] | None = None, *, what: str = ""
    ) -> str:
        """Ask for one act and note the answer; return where it led, nothing if there was none."""
        asked_at = time()
        answer = await self.send("POST", path, fields or {}, person.network)
        status = 0 if answer is None else answer.status_code
        if answer is not None and "?typed=" in answer.headers.get("location", ""):  # the form again, with its errors
            status = 422
        found = meaning(status, kind)
        self.ledger.acts.append(Act(kind, person.email, asked_at, time(), found, status, what))
        if found is Answer.NO:
            return REFUSED
        return (answer.headers.get("location") or path) if answer is not None and found is Answer.YES else ""

    async def send(
        self, method: str, path: str, fields: dict[str, str] | None = None, network: str = "192.0.2.1"
    ) -> httpx.Response | None:
        """Send one request; return the answer, or None if none came."""
        at = time()
        try:
            answer = await self.http.request(method, path, data=fields, headers={"X-Forwarded-For": network})
        except httpx.HTTPError:
            self.ledger.requests.append(Request(at, time() - at, 0))
            return None
        self.ledger.requests.append(Request(at, time() - at, answer.status_code))
        if answer.status_code >= 400:
            self.look_for_others(path, answer, fields or {})
        return answer

    def look_for_others(self, path: str, answer: httpx.Response, fields: dict[str, str]) -> None:
        own = set(WHOSE.findall(" ".join(fields.values())))
        if others := set(WHOSE.findall(answer.text)) - own:
            self.ledger.strange_pages.append(f"{answer.status_code} {path.split('/')[1]}: {sorted(others)}")


REFUSED = "refused"


def meaning(status: int, kind: Kind = Kind.SIGN) -> Answer:
    """Tell what an answer to a form means.

    >>> meaning(302), meaning(503), meaning(404)
    (<Answer.YES: 'acknowledged'>, <Answer.NONE: 'not answered'>, <Answer.NO: 'refused'>)
    """
    if status in DONE or status == 200:  # unsubscribing answers with a page
        return Answer.YES
    if status == 409 and kind is Kind.CONFIRM_LETTERS:  # they were submitted again meanwhile: look again
        return Answer.NONE
    return Answer.NONE if status == 0 or status >= 500 else Answer.NO
