"""`python -m bench.within bench.petitions.desk_pages`: what each of the staff's pages costs."""

import time
from collections.abc import Iterator

from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import staff
from bench.petitions.desk import VOICES
from campaign.secrecy.encryption import encrypt
from petitions.models import Petition

WORDS = '{"name": "Ana", "country": "DE", "reason": "Because.", "language": "en"}'
LISTS = "/admin/petitions/"


def paths() -> Iterator[str]:
    found = Petition.objects.get()
    petition = found.pk
    yield from (f"/petitions/{found.slug}/", f"/petitions/{found.slug}/statistics/")
    yield "/admin/"
    for model in apps.get_models(include_auto_created=True):
        if admin.site.is_registered(model) and model._meta.app_label in {"petitions", "audit", "outbox"}:
            yield f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    yield from (f"{LISTS}petition/{petition}/{page}/" for page in ("change", "live", "trends", "texts", "update"))
    yield f"{LISTS}signature/?p=49"
    yield f"{LISTS}signature/?q=1234567"
    yield from (f"{LISTS}signature/?state={state}" for state in ("held", "withdrawn", "invalidated"))
    yield f"{LISTS}heldsignature/?hold_reason__exact=network"
    yield f"{LISTS}heldsignature/?country=DE"
    yield f"{LISTS}voice/?which=approved"
    yield f"{LISTS}paperbatch/?q=Town+77"


def look(client: Client, path: str) -> str:
    """The second time: the first compiles templates."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        begun_at = time.perf_counter()
        answer = client.get(path)
        seconds = time.perf_counter() - begun_at
    in_database = sum(float(query["time"]) for query in queries)
    return f"{seconds:6.2f} s, {in_database:6.2f} s of it in {len(queries):2} queries  {answer.status_code}  {path}"


def main() -> None:
    with connection.cursor() as cursor:
        cursor.execute(VOICES, [encrypt(WORDS)])
        cursor.execute("ANALYZE petitions_voice")
    client = staff.client()
    for path in paths():
        print(look(client, path), flush=True)


if __name__ == "__main__":
    main()
