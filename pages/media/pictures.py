"""Pictures that staff upload: looked at with suspicion, then made anew from their pixels.

Nothing of the file that came is kept: neither what a camera wrote into it, such as the place, nor what somebody hid in
it. Refusals are ValidationErrors that say what to do.
"""

import io
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from pages.media import folders

EXTENSIONS = {"JPEG": {".jpg", ".jpeg"}, "PNG": {".png"}, "WEBP": {".webp"}, "AVIF": {".avif"}}
MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000
MASTER_SIDE = 2400  # pixels of the longer side; never served, other crops are cut from it
WIDTHS = (480, 960, 1600)
CARD = (1200, 630)  # what messengers and networks show beside a link
ENCODINGS: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 55, "speed": 8},
    "webp": {"format": "WEBP", "quality": 75},
    "jpg": {"format": "JPEG", "quality": 82, "progressive": True, "optimize": True},
}
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
# What makes a file two things at once: a picture that is also a page, a program, an archive or a document.
STOWAWAY = re.compile(rb"<script|<!doctype|<html[\s>]|<svg[\s>]|<\?php|%PDF-|PK\x05\x06\x00\x00\x00\x00", re.IGNORECASE)
BROKEN = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, OverflowError, MemoryError)


@dataclass(frozen=True)
class Master:
    """A picture as it is kept: upright, in sRGB, without anything but its pixels."""

    image: Image.Image
    content: bytes

    @property
    def digest(self) -> str:
        return folders.digest(self.content)


def master_of(file: Any) -> Master:
    """Raises ValidationError for anything but one whole, still picture of a kind and size that pages can use."""
    refuse_large(file)
    data = file.read()
    image = opened(data)
    refuse_misnamed(image, file.name)
    refuse_unusable(image)
    refuse_stowaway(data)
    upright = flattened(loaded(image))
    upright.thumbnail((MASTER_SIDE, MASTER_SIDE), Image.Resampling.LANCZOS)
    return Master(upright, encoded(upright, format="JPEG", quality=92))


def refuse_large(file: Any) -> None:
    if file.size > MOST_BYTES:
        raise ValidationError(_("The file is larger than 15 MB. Save it smaller: 2,400 pixels wide is plenty."))


def opened(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=list(EXTENSIONS))
    except Image.DecompressionBombError:
        raise too_many_pixels() from None
    except BROKEN:
        raise ValidationError(
            _("This is no picture that can be used. Save it as JPEG, PNG, WebP or AVIF and upload that.")
        ) from None


def refuse_misnamed(image: Image.Image, name: str) -> None:
    extension = PurePath(name).suffix.lower()
    if extension not in EXTENSIONS[str(image.format)]:
        raise ValidationError(
            _("The name of the file ends in “%(extension)s”, but it holds a picture of the kind %(format)s."),
            params={"extension": extension, "format": image.format},
        )


def refuse_unusable(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise too_many_pixels()
    if getattr(image, "n_frames", 1) > 1:
        raise ValidationError(_("The picture moves. Upload one still picture."))


def too_many_pixels() -> ValidationError:
    return ValidationError(_("The picture has more than 50 million pixels. Save it smaller: 2,400 wide is plenty."))


def refuse_stowaway(data: bytes) -> None:
    if STOWAWAY.search(data):
        raise ValidationError(
            _("The file holds something besides a picture: a page, a program or another file. Save it anew first.")
        )


def loaded(image: Image.Image) -> Image.Image:
    try:
        image.load()
    except BROKEN:
        raise ValidationError(_("The file is damaged or not complete. Copy or download it again.")) from None
    return image


def flattened(image: Image.Image) -> Image.Image:
    """Turned as the camera was held, in sRGB, on white where it was transparent; a new image, without any metadata."""
    upright = in_srgb(ImageOps.exif_transpose(image)).convert("RGBA")
    ground = Image.new("RGB", upright.size, "white")
    ground.paste(upright, mask=upright.getchannel("A"))
    return ground


def in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "CMYK"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:
        return image
    return converted or image


def encoded(image: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return buffer.getvalue()


def widths_of(width: int) -> list[int]:
    """In which a picture of that width is kept; none is blown up."""
    return [*(less for less in WIDTHS if less < width), width] if width < WIDTHS[-1] else list(WIDTHS)


def keep(master: Master, focus: tuple[int, int]) -> None:
    """Write the master, each width in each encoding, and the card."""
    files = {"master.jpg": master.content}
    for width in widths_of(master.image.width):
        smaller = master.image.resize((width, height_at(master.image.size, width)), Image.Resampling.LANCZOS)
        files |= {f"{width}.{name}": encoded(smaller, **options) for name, options in ENCODINGS.items()}
    folders.write(folders.PICTURES, master.digest, files)
    keep_card(master.digest, focus)


def height_at(size: tuple[int, int], width: int) -> int:
    return max(1, round(size[1] * width / size[0]))


def keep_card(digest: str, focus: tuple[int, int]) -> None:
    """Cut around the point that matters, whole hundredths from the left and from the top."""
    with Image.open(folders.folder(folders.PICTURES, digest) / "master.jpg") as image:
        card = ImageOps.fit(image, CARD, Image.Resampling.LANCZOS, centering=(focus[0] / 100, focus[1] / 100))
    folders.write(folders.PICTURES, digest, {card_name(focus): encoded(card, **ENCODINGS["jpg"])})


def card_name(focus: tuple[int, int]) -> str:
    return f"card-{focus[0]}-{focus[1]}.jpg"
