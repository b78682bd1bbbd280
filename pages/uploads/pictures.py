"""Pictures that staff upload, checked with suspicion and then remade from their pixels, in a process of its own.

Nothing of the uploaded file is kept: neither what a camera wrote into it, such as the place, nor what somebody hid in
it. Refusals are ValidationErrors that say what to do. As a program (`python -m pages.uploads.pictures`) this module is
that process (pages/uploads/isolation.py).
"""

import io
import re
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils.translation import gettext as for_staff
from django.utils.translation import gettext_lazy as for_staff_lazy
from PIL import Image, ImageCms, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from pages.uploads import folders, isolation

IMAGE_EXTENSIONS = {"JPEG": {".jpg", ".jpeg"}, "PNG": {".png"}, "WEBP": {".webp"}, "AVIF": {".avif"}}
MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000
NO_PICTURE = for_staff_lazy("This is no picture that can be used. Save it as JPEG, PNG, WebP or AVIF and upload that.")
HEIC_ADVICE = for_staff_lazy(
    "This is a picture in the format HEIC, which many browsers cannot show. Export it as JPEG and upload that; an"
    " iPhone does so by itself when you send the picture by mail."
)
ADVICE = for_staff_lazy("Save it anew as JPEG, 2,400 pixels wide, and upload that.")
MASTER = "master.jpg"
MASTER_SIDE = 2400  # pixels of the longer side; never served, other crops are cut from it
WIDTHS = (480, 960, 1600)
CARD = (1200, 630)  # pixels; messengers and social networks show it with a link
ENCODINGS: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 55, "speed": 8},
    "webp": {"format": "WEBP", "quality": 75},
    "jpg": {"format": "JPEG", "quality": 82, "progressive": True, "optimize": True},
}
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
SCALABLE = {"L", "LA", "RGB", "RGBA", "CMYK"}  # modes in which pixels can be averaged
JPEG_START = b"\xff\xd8\xff"
# How the containers of HEIC pictures call themselves; AVIF uses the same kind of container.
HEIC = re.compile(rb".{4}ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL)
# Signs of a file that is two things at once: a picture and also a page, a program, an archive or a document.
STOWAWAY = re.compile(rb"<script|<!doctype|<html[\s>]|<svg[\s>]|<\?php|%PDF-|PK\x05\x06\x00\x00\x00\x00", re.IGNORECASE)
# Errors that Pillow raises for damaged files; its readers have none in common.
BROKEN_PICTURE = (
    OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, OverflowError, RuntimeError,
    struct.error,
)  # fmt: skip


@dataclass(frozen=True)
class Renditions:
    """A picture as it is stored: `master.jpg`, which is upright and in sRGB, and each width in each encoding."""

    width: int
    height: int
    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        return folders.content_digest(self.files[MASTER])

    def keep(self, focus: tuple[int, int]) -> None:
        """Write all of it, and the card."""
        folders.write(folders.PICTURES, self.digest, self.files)
        keep_card(self.digest, focus)


def renditions_from(file: Any) -> Renditions:
    """Make an uploaded picture anew, in a process of its own.

    Raises ValidationError unless it is one intact, still picture of a kind and size that pages can use.
    """
    refuse_large(file)
    facts, files = isolation.run("pages.uploads.pictures", file.read(), advice=ADVICE, name=file.name)
    return Renditions(files=files, **facts)


def remake_picture(data: bytes, name: str) -> isolation.Made:
    """Return width and height, and the files of the picture. Raises ValidationError as `renditions_from` does."""
    image = open_image(data)
    refuse_misnamed(image, name)
    refuse_stowaway(data)
    with refusing_damage():
        refuse_unusable(image)
        made = renditions_of(flattened(image))
    return {"width": made.width, "height": made.height}, made.files


def refuse_large(file: Any) -> None:
    if file.size > MOST_BYTES:
        raise ValidationError(for_staff("The file is larger than 15 MB. Save it smaller: 2,400 pixels wide is plenty."))


def open_image(data: bytes) -> Image.Image:
    """Return the picture, of which only the head has been read.

    Of the several that phones write into one JPEG, such as a depth map behind the picture, it is the first.
    """
    try:
        if data.startswith(JPEG_START):
            return JpegImageFile(io.BytesIO(data))
        return Image.open(io.BytesIO(data), formats=list(IMAGE_EXTENSIONS))
    except Image.DecompressionBombError:
        raise too_many_pixels() from None
    except BROKEN_PICTURE:
        raise ValidationError(HEIC_ADVICE if HEIC.match(data) else NO_PICTURE) from None


def refuse_misnamed(image: Image.Image, name: str) -> None:
    extension = PurePath(name).suffix.lower()
    if extension not in IMAGE_EXTENSIONS[str(image.format)]:
        raise ValidationError(
            for_staff("The name of the file ends in “%(extension)s”, but it holds a picture of the kind %(format)s."),
            params={"extension": extension, "format": image.format},
        )


def refuse_unusable(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise too_many_pixels()
    if getattr(image, "n_frames", 1) > 1:
        raise ValidationError(for_staff("The picture moves. Upload one still picture."))


def too_many_pixels() -> ValidationError:
    return ValidationError(
        for_staff("The picture has more than 50 million pixels. Save it smaller: 2,400 wide is plenty.")
    )


def refuse_stowaway(data: bytes) -> None:
    if STOWAWAY.search(data):
        raise ValidationError(
            for_staff(
                "The file holds something besides a picture: a page, a program or another file. Save it anew first."
            )
        )


@contextmanager
def refusing_damage() -> Iterator[None]:
    try:
        yield
    except Image.DecompressionBombError:
        raise too_many_pixels() from None
    except BROKEN_PICTURE:
        raise ValidationError(for_staff("The file is damaged or not complete. Copy or download it again.")) from None


def flattened(image: Image.Image) -> Image.Image:
    """Return a new image without metadata: of at most MASTER_SIDE, upright, in sRGB, and on white where it was clear.

    It is made smaller before anything else, and a JPEG while it is decoded, so that little is held of a large one.
    """
    if image.mode not in SCALABLE or "transparency" in image.info:
        image = image.convert("RGBA")
    image.thumbnail((MASTER_SIDE, MASTER_SIDE), Image.Resampling.LANCZOS)
    upright = in_srgb(ImageOps.exif_transpose(image)).convert("RGBA")
    ground = Image.new("RGB", upright.size, "white")
    ground.paste(upright, mask=upright.getchannel("A"))
    return ground


def in_srgb(image: Image.Image) -> Image.Image:
    """Return the image in sRGB, or as it is if its profile cannot be used."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "CMYK"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


def encoded(image: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return buffer.getvalue()


def widths_of(width: int) -> list[int]:
    """Return the widths in which a picture of that width is stored; it is never enlarged."""
    return [*(less for less in WIDTHS if less < width), width] if width < WIDTHS[-1] else list(WIDTHS)


def renditions_of(master: Image.Image) -> Renditions:
    files = {MASTER: encoded(master, format="JPEG", quality=92)}
    for width in widths_of(master.width):
        smaller = master.resize((width, height_at(master.size, width)), Image.Resampling.LANCZOS)
        files |= {f"{width}.{name}": encoded(smaller, **options) for name, options in ENCODINGS.items()}
    return Renditions(master.width, master.height, files)


def height_at(size: tuple[int, int], width: int) -> int:
    return max(1, round(size[1] * width / size[0]))


def keep_card(digest: str, focus: tuple[int, int]) -> None:
    """Cut the card around the focus, in whole hundredths from the left and from the top."""
    with default_storage.open(folders.name_of(folders.PICTURES, digest, MASTER)) as file, Image.open(file) as image:
        card = ImageOps.fit(image, CARD, Image.Resampling.LANCZOS, centering=(focus[0] / 100, focus[1] / 100))
    folders.write(folders.PICTURES, digest, {card_name(focus): encoded(card, **ENCODINGS["jpg"])})


def card_name(focus: tuple[int, int]) -> str:
    return f"card-{focus[0]}-{focus[1]}.jpg"


if __name__ == "__main__":
    isolation.serve(remake_picture)
