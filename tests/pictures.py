"""Pictures as files."""

import io

from PIL import Image


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """A picture as a file of a format that Pillow, or for HEIF its plug-in, writes."""
    file = io.BytesIO()
    if kind == "HEIF":
        from pillow_heif import from_pillow

        from_pillow(image).save(file, **options)
    else:
        image.save(file, kind, **options)
    return file.getvalue()
