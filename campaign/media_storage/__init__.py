"""Where the pictures, documents and films are that staff upload: a folder, or a bucket that several machines share.

Both are Django's default storage. Whoever asks for a file gets it from the site, never from the bucket's host, which so
learns of no visitor.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage

PIECE = 1024 * 1024  # bytes


def setting(bucket: str) -> dict[str, Any]:
    """Return what STORAGES says of media: the folder MEDIA_ROOT, or the bucket at this address.

    Raises ImproperlyConfigured where the packages are not installed that a bucket needs.

    >>> setting("s3://key:se%2Fcret@s3.example.org/media?region=eu-1")["OPTIONS"]["endpoint_url"]
    'https://s3.example.org'
    """
    if not bucket:
        return {"BACKEND": "campaign.media_storage.folder.Folder"}
    try:
        import storages  # noqa: F401, PLC0415  # many modules, which few sites need
    except ModuleNotFoundError:
        raise ImproperlyConfigured("MEDIA_BUCKET needs the packages of requirements-extras.lock") from None
    url = urlsplit(bucket)
    scheme = "http" if url.scheme == "s3+http" else "https"
    options = {
        "access_key": unquote(url.username or ""),
        "secret_key": unquote(url.password or ""),
        "bucket_name": url.path.strip("/"),
        "endpoint_url": f"{scheme}://{url.netloc.rpartition('@')[2]}",
        "region_name": parse_qs(url.query).get("region", ["us-east-1"])[0],
    }
    return {"BACKEND": "campaign.media_storage.bucket.Bucket", "OPTIONS": options}


def names(folder: str = "") -> Iterator[str]:
    """Yield the name of every whole file, with the folders that it is in."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        if not name.startswith("."):  # half written
            yield f"{folder}{name}"
    for name in sorted(folders):
        yield from names(f"{folder}{name}/")


def pieces(name: str, part: range) -> Iterator[bytes]:
    """Yield the bytes of a file that are in `part`, so that little is held of a large one."""
    storage: Any = default_storage  # a Folder or a Bucket
    for start in part[::PIECE]:
        yield storage.read_piece(name, start, min(PIECE, part.stop - start))
