"""Mounted at /media/. Only names that the library produces reach the disk."""

from django.urls import re_path

from pages.media import views
from pages.uploads import captions

DIGEST = r"(?P<digest>[0-9a-f]{32})"

app_name = "media"
urlpatterns = [
    re_path(
        rf"^pictures/{DIGEST}/(?P<file>[0-9]+\.(?:avif|webp|jpg)|card-[0-9]+-[0-9]+\.jpg)$",
        views.picture,
        name="picture",
    ),
    re_path(rf"^documents/{DIGEST}/(?P<file>[-a-z0-9_]+\.(?:pdf|txt))$", views.document, name="document"),
    re_path(rf"^films/{DIGEST}/(?P<file>film\.(?:mp4|webm))$", views.film, name="film"),
    re_path(
        rf"^films/{DIGEST}/captions-(?P<language>{captions.LANGUAGE})\.vtt$",
        views.captions_of_film,
        name="captions",
    ),
]
