"""Serve the library's files from the site itself; docs/decisions/0030 tells how a web server in front can do it.

A URL never gets other content, so caches may keep it for good. Nothing that staff uploaded can act as a page of this
site: pictures and films were remade here, documents are downloads, and nothing of it may run or load anything.
"""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from campaign import media_storage
from campaign.database import outages
from campaign.web.decorators import public_page
from pages.media import ranges
from pages.models import Film
from pages.uploads import folders

OF_THIS_SITE = {"Cross-Origin-Resource-Policy": "same-site"}
HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", **OF_THIS_SITE}
PLAYED_AT_ONCE = 4 * 1024 * 1024  # bytes
LIFELESS: Any = {"default-src": [CSP.NONE], "sandbox": True}


@public_page
@require_safe
@csp_override(LIFELESS)
def picture(request: HttpRequest, digest: str, file: str) -> Any:
    return file_response(folders.PICTURES, digest, file)


@public_page
@require_safe
@csp_override(LIFELESS)
def document(request: HttpRequest, digest: str, file: str) -> Any:
    return file_response(folders.DOCUMENTS, digest, file, as_attachment=True)


@public_page
@require_safe
@csp_override(LIFELESS)
def film(request: HttpRequest, digest: str, file: str) -> Any:
    """Players ask for its beginning, and for another part when somebody moves forward.

    A player that names no end gets the next few seconds and asks again, so that nobody who has stopped it keeps a
    thread waiting; a download that goes on gets the rest.
    """
    name = folders.name_of(folders.FILMS, digest, file)
    with missing_is_404():
        size = default_storage.size(name)
    try:
        most = PLAYED_AT_ONCE if request.headers.get("Sec-Fetch-Dest") == "video" else size
        part = ranges.asked_for(range_header(request, digest), size, most=most)
    except ranges.Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    sent, status = (range(size), 200) if part is None else (part, 206)
    of_it = {"Accept-Ranges": "bytes", "ETag": f'"{digest}"', "Content-Disposition": "attachment"}
    headers = {**HEADERS, **of_it, "Content-Length": str(len(sent))}
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    pieces = media_storage.pieces(name, sent)
    return StreamingHttpResponse(pieces, status=status, content_type=type_of(file), headers=headers)


def range_header(request: HttpRequest, digest: str) -> str:
    """Return which part is asked for; none if it is one of another film, of which somebody has the beginning."""
    etag = f'"{digest}"'
    return request.headers.get("Range", "") if request.headers.get("If-Range", etag) == etag else ""


@public_page
@require_safe
def captions_of_film(request: HttpRequest, digest: str, language: str) -> HttpResponse:
    found = get_object_or_404(Film, digest=digest).captions_in(language)
    if not found:
        raise Http404
    return HttpResponse(found, content_type="text/vtt; charset=utf-8", headers=OF_THIS_SITE)


def file_response(kind: str, digest: str, file: str, **options: Any) -> FileResponse:
    with missing_is_404():
        content = default_storage.open(folders.name_of(kind, digest, file))
    return FileResponse(content, content_type=type_of(file), headers=HEADERS, **options)


@contextmanager
def missing_is_404() -> Iterator[None]:
    """Trouble of this server, or of the bucket, is raised: 503."""
    try:
        yield
    except OSError as error:
        if outages.trouble_in_words(error):
            raise
        raise Http404 from None


def type_of(file: str) -> str:
    kind = mimetypes.guess_type(file)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind == "text/plain" else kind
