import dataclasses
import hashlib
import io
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.dataset import DataError, ListedPhoto, ensure_photos, photo_list
from bot.dataset.photos import MAX_FAILURES, scaled_down
from tests.dataset.source_server import Source, corrupt, cut_after


def jpeg(number: int, size: tuple[int, int] = (400, 300), orientation: int = 1) -> bytes:
    pixels = np.random.default_rng(number).integers(0, 255, (size[1] // 10, size[0] // 10, 3), dtype=np.uint8)
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(pixels).resize(size).save(out, "JPEG", exif=exif)
    return out.getvalue()


def listed(name: str, content: bytes) -> ListedPhoto:
    digest = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    return ListedPhoto(name, digest, "1", "dress", "train", frozenset())


@pytest.fixture
def photos(source: Source) -> tuple[ListedPhoto, ...]:
    contents = {f"photo-{number}": jpeg(number) for number in range(30)}
    source.files.update({f"{name}.jpg": content for name, content in contents.items()})
    return tuple(listed(name, content) for name, content in contents.items())


def there(data_dir: Path) -> set[str]:
    return {path.stem for path in (data_dir / "clothing-photos" / "images").iterdir()}


def test_the_list_keeps_the_senders_of_the_two_splits_apart() -> None:
    photos = photo_list()
    assert len(photos) == len({photo.image for photo in photos}) == 3_666
    assert {photo.split for photo in photos} == {"train", "validation"}
    senders = [{photo.sender_id for photo in photos if photo.split == split} for split in ("train", "validation")]
    assert not senders[0] & senders[1]
    assert len(senders[0]) == 166


def test_the_list_knows_what_a_second_look_accepts() -> None:
    photos = photo_list()
    accepted = Counter(photo.accepted for photo in photos if photo.split == "validation")
    assert accepted[frozenset({5, 7, 9})] == 20
    assert accepted[frozenset({0})] == 163
    assert all(not photo.accepted for photo in photos if photo.split == "train" or photo.label in {"hat", "shorts"})


def test_photos_are_fetched_verified_and_scaled(
    source: Source, photos: tuple[ListedPhoto, ...], tmp_path: Path
) -> None:
    source.script["photo-3.jpg"] = [cut_after(100)]
    source.script["photo-4.jpg"] = [corrupt]
    steps: list[tuple[str, int, int]] = []
    ensure_photos(tmp_path, photos, sources=[source.url], progress=lambda *step: steps.append(step))
    assert there(tmp_path) == {photo.image for photo in photos}
    assert steps[-1] == ("photos", 30, 30)
    for photo in photos:
        with Image.open(photo.path(tmp_path)) as image:
            assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (320, 240))
    asked = len(source.requests)
    ensure_photos(tmp_path, photos, sources=[source.url])
    assert len(source.requests) == asked


def test_a_failure_keeps_what_is_there_and_the_next_call_goes_on(
    source: Source, photos: tuple[ListedPhoto, ...], tmp_path: Path
) -> None:
    kept = source.files.pop("photo-3.jpg")
    with pytest.raises(DataError, match=r"29 of 30 photos are there.*HTTP 404.*run it again") as raised:
        ensure_photos(tmp_path, photos, sources=[source.url])
    assert "\n" not in str(raised.value)
    assert len(there(tmp_path)) == 29
    source.files["photo-3.jpg"] = kept
    source.requests.clear()
    ensure_photos(tmp_path, photos, sources=[source.url])
    assert source.names == ["photo-3.jpg"]


def test_wrong_bytes_are_never_put_in_place(source: Source, photos: tuple[ListedPhoto, ...], tmp_path: Path) -> None:
    wrong = dataclasses.replace(photos[0], git_blob_sha1="0" * 40)
    with pytest.raises(DataError, match="wrong checksum"):
        ensure_photos(tmp_path, [wrong], sources=[source.url])
    assert there(tmp_path) == set()


def test_without_a_network_it_gives_up_soon(photos: tuple[ListedPhoto, ...], tmp_path: Path) -> None:
    steps: list[object] = []
    with pytest.raises(DataError, match=r"0 of 30 photos .*no connection"):
        ensure_photos(tmp_path, photos, sources=["http://127.0.0.1:9/"], progress=lambda *step: steps.append(step))
    assert len(steps) < MAX_FAILURES


def test_the_real_folder_is_complete_and_only_looked_at(photos_dir: Path) -> None:
    ensure_photos(photos_dir, sources=["http://127.0.0.1:9/"])


@pytest.mark.parametrize(("size", "scaled"), [((400, 300), (320, 240)), ((300, 400), (240, 320)), ((90, 60), (90, 60))])
def test_only_larger_photos_are_scaled(size: tuple[int, int], scaled: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(scaled_down(jpeg(1, size)))) as image:
        assert image.size == scaled


def test_a_photo_is_stored_upright() -> None:
    with Image.open(io.BytesIO(scaled_down(jpeg(1, (400, 300), orientation=6)))) as image:
        assert image.size == (240, 320)
        assert not image.getexif()
