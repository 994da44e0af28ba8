"""Pictures for tests."""

import io

from PIL import Image, ImageDraw


def picture(width: int = 640, height: int = 480, colour: str = "teal", kind: str = "JPEG", **options: object) -> bytes:
    """A plain picture with a lighter shape in the middle."""
    image = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(image).ellipse((width * 0.3, height * 0.2, width * 0.7, height * 0.8), fill="white")
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def dressed_person() -> bytes:
    """A drawing of somebody in a red shirt and dark trousers."""
    scene = Image.new("RGB", (480, 800), (215, 210, 200))
    draw = ImageDraw.Draw(scene)
    draw.ellipse((195, 20, 285, 130), fill=(224, 180, 150))
    trousers = [(150, 420), (330, 420), (345, 760), (265, 760), (240, 520), (215, 760), (135, 760)]
    draw.polygon(trousers, fill=(40, 45, 70))
    shirt = [(190, 140), (290, 140), (400, 210), (365, 290), (335, 260), (335, 430), (145, 430), (145, 260), (115, 290)]
    draw.polygon([*shirt, (80, 210)], fill=(180, 40, 50))
    file = io.BytesIO()
    scene.save(file, "JPEG")
    return file.getvalue()
