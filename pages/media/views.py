"""Serve the library's files from the site itself; docs/decisions/0030 tells how a web server in front can do it.

A URL never gets other content, so caches may keep it for good. Nothing that staff uploaded can act as a page of this
site: pictures were remade here, documents are downloads, and neither may run or load anything.
"""

import mimetypes
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from campaign.database import outages
from campaign.web.decorators import public_page
from pages.uploads import folders

FOR_GOOD = "public, max-age=31536000, immutable"
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


def file_response(kind: str, digest: str, file: str, **options: Any) -> FileResponse:
    try:
        content = default_storage.open(folders.name_of(kind, digest, file))
    except OSError as error:
        if outages.trouble_in_words(error):
            raise  # of this server, or of the bucket: 503
        raise Http404 from None
    headers = {"Cache-Control": FOR_GOOD, "Cross-Origin-Resource-Policy": "same-site"}
    return FileResponse(content, content_type=type_of(file), headers=headers, **options)


def type_of(file: str) -> str:
    kind = mimetypes.guess_type(file)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind == "text/plain" else kind
