"""`python -m bench.within bench.petitions.paper_jobs upload|undo FILE`: what a worker does, slice by slice, as JSON."""

import json
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile

from campaign.outbox.handlers import Done, Item
from petitions.models import PaperBatch, Petition
from petitions.paper.imports import undo, uploads
from petitions.paper.imports.handlers import BatchHandler, ImportHandler, UndoHandler
from petitions.paper.imports.rows import Reading, open_table

ABOUT: dict[str, Any] = {"collector": "bench", "place": "bench", "collected_on": date(2026, 1, 1)}


def receive(path: Path) -> PaperBatch:
    with path.open("rb") as content:
        file = UploadedFile(content, path.name, size=path.stat().st_size)
        petition = Petition.objects.for_display().get()
        about = {**ABOUT, "petition": petition, "scan": uploads.scan_of(file)}
        reading = open_table(file.chunks(), Reading()).reading
        return uploads.receive(file, file.chunks(), reading=reading, language="en", country="", by=None, **about)


def upload(path: Path) -> dict[str, float]:
    """As the request does that takes the file, and then the worker."""
    began = time.perf_counter()
    batch = receive(path)
    uploads.start(batch, by=User.objects.create_superuser("bench"))
    received = time.perf_counter() - began
    return {"seconds of the request": received, **worked(ImportHandler(), batch)}


def take_back(_path: Path) -> dict[str, float]:
    batch = PaperBatch.objects.standing().get()
    undo.start(batch)
    return worked(Timed(), batch)


class Timed(UndoHandler):
    """Knows how long the longest step took, which is how long its rows were locked."""

    longest = 0.0

    def batch_steps(self, batch: PaperBatch) -> Iterator[None]:
        began = time.perf_counter()
        for step in super().batch_steps(batch):
            self.longest = max(self.longest, time.perf_counter() - began)
            yield step
            began = time.perf_counter()


def worked(handler: BatchHandler, batch: PaperBatch) -> dict[str, float]:
    item = Item.objects.get(payload={"batch": batch.pk})
    began, slices = time.perf_counter(), 1
    while not isinstance(handler.take_turn(item), Done):
        slices += 1
    took = time.perf_counter() - began
    longest = {"seconds of the longest step": handler.longest} if isinstance(handler, Timed) else {}
    return {"seconds of the worker": took, "slices": slices, **longest}


def main(act: str, path: str) -> None:
    figures = {"upload": upload, "undo": take_back}[act](Path(path))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**figures, "megabytes": megabytes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
