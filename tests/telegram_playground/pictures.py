"""Pictures for tests."""

from PIL import Image, ImageDraw

from tests.pictures import saved


def picture(width: int = 640, height: int = 480, colour: str = "teal", kind: str = "JPEG", **options: object) -> bytes:
    """A plain picture with a lighter shape in the middle."""
    image = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(image).ellipse((width * 0.3, height * 0.2, width * 0.7, height * 0.8), fill="white")
    return saved(image, kind, **options)
