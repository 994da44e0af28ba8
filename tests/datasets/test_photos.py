import dataclasses
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from bot.datasets import DataError, ListedPhoto, ensure_photos, photo_list
from bot.datasets.listed_files import MAX_FAILURES
from bot.datasets.photos import REPOSITORY
from tests.datasets.pictures import blob_sha1, jpeg
from tests.datasets.source_server import Source, corrupt, cut_after


def address(name: str) -> str:
    return REPOSITORY.address(f"images/{name}.jpg")


def listed(name: str, content: bytes) -> ListedPhoto:
    return ListedPhoto(name, blob_sha1(content), "1", "dress", "train", frozenset())


@pytest.fixture
def photos(source: Source) -> tuple[ListedPhoto, ...]:
    contents = {f"photo-{number}": jpeg(number) for number in range(30)}
    source.files.update({address(name): content for name, content in contents.items()})
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
    source.script[address("photo-3")] = [cut_after(100)]
    source.script[address("photo-4")] = [corrupt]
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
    kept = source.files.pop(address("photo-3"))
    with pytest.raises(DataError, match=r"29 of 30 photos are there.*HTTP 404.*run it again") as raised:
        ensure_photos(tmp_path, photos, sources=[source.url])
    assert "\n" not in str(raised.value)
    assert len(there(tmp_path)) == 29
    source.files[address("photo-3")] = kept
    source.requests.clear()
    ensure_photos(tmp_path, photos, sources=[source.url])
    assert source.names == [address("photo-3")]


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
