"""An office's logo: which pictures are taken, and how they are drawn anew."""

import hashlib
import io
import warnings
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

LOGO_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
}
MAX_LOGO_BYTES = 1_000_000
MAX_LOGO_PIXELS = 16_000_000
# As large as a screen of double density shows it.
LOGO_BOX = (800, 240)
_UNREADABLE = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    SyntaxError,
    ValueError,
)


def as_logo(upload: Any) -> ContentFile:
    """The picture alone, drawn anew as PNG and no larger than needed. Raises ValidationError.

    Nothing else of the file gets through: no place where it was taken, nothing after its end.
    """
    if upload.size > MAX_LOGO_BYTES:
        raise ValidationError(_("The logo is larger than 1 MB."), code="size")
    if image_format(upload) not in LOGO_TYPES:
        raise ValidationError(_("Give a PNG, JPEG, GIF or WebP image."), code="kind")
    try:
        with Image.open(upload) as found:
            if found.width * found.height > MAX_LOGO_PIXELS:
                raise ValidationError(_("The logo has more than 16 million pixels."), code="size")
            picture = ImageOps.exif_transpose(found).convert("RGBA")
    except _UNREADABLE as error:
        raise ValidationError(_("The image is damaged."), code="damaged") from error
    picture.thumbnail(LOGO_BOX)
    output = io.BytesIO()
    picture.save(output, "PNG", optimize=True)
    content = output.getvalue()
    return ContentFile(content, name=f"{hashlib.sha256(content).hexdigest()[:16]}.png")


def image_format(file: Any) -> str:
    """Pillow's name of the format of an image, or "" if it is none; the file is rewound."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            found = Image.open(file).format or ""
    except _UNREADABLE:
        found = ""
    file.seek(0)
    return found
