"""`python -m bench.within bench.pages.subscriber_jobs load|export|segments|undo NUMBER`: what workers and pages do."""

import io
import json
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile

from campaign.admin.spreadsheets import PART_BYTES
from campaign.outbox.handlers import Done, Item
from campaign.supporters.lists import export_file, loading, undo, uploads
from campaign.supporters.lists.handlers import ListHandler, ListImportHandler, ListUndoHandler
from campaign.supporters.models import Segment, Subscriber, SubscriberExport, SubscriberImport
from campaign.supporters.models.segment import sizes

ABOUT = {"name": "bench", "proof": "record", "place": "bench", "language": "en", "tags": ["bench"]}
Figures = dict[str, float]


def rows(number: int) -> Iterator[bytes]:
    yield b"email,language,country\n"
    yield from (f"person{n}@example{n % 500}.org,{'de' if n % 3 else 'fr'},CH\n".encode() for n in range(number))


def load(number: int) -> Figures:
    """As the request does that takes the file, and then the worker."""
    content, began = b"".join(rows(number)), time.perf_counter()
    file = UploadedFile(io.BytesIO(content), "list.csv", size=len(content))
    checked = uploads.check(file.chunks(PART_BYTES), "en")
    pieces, by = file.chunks(PART_BYTES), User.objects.create_superuser("bench")
    about = {**ABOUT, "consented_on": date(2026, 1, 1)}
    one = uploads.receive(pieces, checked=checked, file=file, wording="Yes", by=by, **about)
    received = time.perf_counter() - began
    loading.start(one, by=by)
    worked = work(ListImportHandler(), one)
    one.refresh_from_db()
    return {"seconds of the request": received, **worked, "wrong": number - one.new}


def work(handler: ListHandler, one: SubscriberImport) -> Figures:
    item = Item.objects.get(payload={"import": one.pk})
    began, slices = time.perf_counter(), 1
    while not isinstance(handler.take_turn(item), Done):
        slices += 1
    item.delete()
    return {"seconds of the worker": time.perf_counter() - began, "slices": slices}


def export(number: int) -> Figures:
    began, lines = time.perf_counter(), 0
    for block in export_file.write_csv(SubscriberExport()):
        lines += block.count(b"\n")
    return {"seconds of the export": time.perf_counter() - began, "wrong": number + 1 - lines}


def segments(number: int) -> Figures:
    """One count as for an issue, and eight at once as for the list."""
    found = [Segment(pk=n, language="de", tag="bench" if n % 2 else "") for n in range(8)]
    figures: Figures = {"wrong": number - Subscriber.objects.count()}
    for name, segment in [
        ("by language", found[0]),
        ("by language and tag", found[1]),
        ("country", Segment(country="CH")),
    ]:
        began = time.perf_counter()
        segment.size()
        figures[f"seconds of a count {name}"] = time.perf_counter() - began
    began = time.perf_counter()
    sizes(found)
    return {**figures, "seconds of eight counts": time.perf_counter() - began}


def take_back(number: int) -> Figures:
    one = SubscriberImport.objects.get()
    before = Subscriber.objects.count()
    undo.start(one, by=User.objects.get(username="bench"))
    figures = work(ListUndoHandler(), one)
    return {**figures, "wrong": number - before + Subscriber.objects.count()}


def main(act: str, number: str) -> None:
    figures = {"load": load, "export": export, "segments": segments, "undo": take_back}[act](int(number))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**figures, "megabytes": megabytes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
