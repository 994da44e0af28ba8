"""The sets of photos: they are brought alike, so they are tested alike."""

import dataclasses
import io
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from bot.datasets import (
    DataError,
    ListedPhoto,
    NoClothingPhoto,
    ShopPhoto,
    StreetPhoto,
    ensure_no_clothing,
    ensure_photos,
    ensure_shop_photos,
    ensure_street_photos,
    no_clothing_list,
    photo_list,
    shop_photo_list,
    street_names,
    street_photo_list,
)
from bot.datasets.listed_files import MAX_FAILURES
from bot.datasets.no_clothing import REPOSITORIES as NO_CLOTHING_REPOSITORIES
from bot.datasets.photos import REPOSITORY as CLOTHING_REPOSITORY
from bot.datasets.shop_photos import FASHION_PRODUCTS, MAGENTO
from bot.datasets.shop_photos import REPOSITORIES as SHOP_REPOSITORIES
from bot.datasets.street_photos import REPOSITORY as STREET_REPOSITORY
from tests.datasets.pictures import blob_sha1, jpeg
from tests.datasets.source_server import Source, corrupt, cut_after, status

NOBODY = ["http://127.0.0.1:9/"]
COUNT = 12


@dataclasses.dataclass
class PhotoSet:
    """A small set whose files a source has."""

    folder: str
    name: str
    ensure: Callable[..., None]
    photos: Sequence[Any]
    addresses: list[str]
    size: tuple[int, int]
    list_name: str = "photos.csv"
    list_start: str = "image,split,"


def clothing(source: Source) -> PhotoSet:
    photos, addresses = [], []
    for number in range(COUNT):
        content = jpeg(number)
        addresses.append(CLOTHING_REPOSITORY.address(f"images/photo-{number}.jpg"))
        source.files[addresses[-1]] = content
        photos.append(ListedPhoto(f"photo-{number}", blob_sha1(content), "1", "dress", "train", frozenset()))
    about_list = ("labels.csv", "image,git_blob_sha1,")
    return PhotoSet("clothing-photos", "photos", ensure_photos, photos, addresses, (320, 240), *about_list)


def street(source: Source) -> PhotoSet:
    photos = []
    for number in range(COUNT):
        content, address = jpeg(number, (550, 820)), STREET_REPOSITORY.address(f"photos/{number:04}.jpg")
        source.files[address] = content
        photos.append(StreetPhoto(f"{number:04}", "train", ("dress", "skin"), blob_sha1(content), None))
    addresses = [STREET_REPOSITORY.address(f"photos/{photo.image}.jpg") for photo in photos]
    return PhotoSet("street-photos", "street photos", ensure_street_photos, photos, addresses, (300, 448))


def fashion_products(source: Source) -> PhotoSet:
    return shop(source, FASHION_PRODUCTS, (224, 224), (168, 224))


def magento(source: Source) -> PhotoSet:
    return shop(source, MAGENTO, (500, 620), (361, 448))


def shop(source: Source, origin: str, size: tuple[int, int], scaled: tuple[int, int]) -> PhotoSet:
    photos, addresses = [], []
    for number in range(COUNT):
        content, path = jpeg(number, size), f"images/{number} main.jpg"
        addresses.append(SHOP_REPOSITORIES[origin].address(path))
        source.files[addresses[-1]] = content
        photos.append(ShopPhoto(f"f{number}", "train", "t-shirt", "Tops", origin, path, blob_sha1(content)))
    return PhotoSet("shop-photos", "shop photos", ensure_shop_photos, photos, addresses, scaled)


def groceries(source: Source) -> PhotoSet:
    photos, addresses, origin = [], [], "GroceryStoreDataset"
    for number in range(COUNT):
        content, path = jpeg(number, (348, 464)), f"dataset/train/{number}.jpg"
        addresses.append(NO_CLOTHING_REPOSITORIES[origin].address(path))
        source.files[addresses[-1]] = content
        photos.append(NoClothingPhoto(f"{number:x}", "train", "grocery", origin, path, blob_sha1(content)))
    return PhotoSet("no-clothing", "photos without clothing", ensure_no_clothing, photos, addresses, (240, 320))


@pytest.fixture(params=[clothing, street, fashion_products, magento, groceries])
def photo_set(request: pytest.FixtureRequest, source: Source) -> PhotoSet:
    made: PhotoSet = request.param(source)
    return made


def there(photo_set: PhotoSet, data_dir: Path) -> set[str]:
    return {path.name for path in (data_dir / photo_set.folder / "images").iterdir()}


def state(folder: Path) -> dict[Path, int]:
    return {path: os.stat(path).st_mtime_ns for path in (folder, *folder.rglob("*"))}


def test_photos_are_fetched_verified_and_scaled(photo_set: PhotoSet, source: Source, tmp_path: Path) -> None:
    source.script[photo_set.addresses[3]] = [cut_after(100)]
    source.script[photo_set.addresses[4]] = [corrupt]
    source.script[photo_set.addresses[5]] = [status(503)]
    steps: list[tuple[str, int, int]] = []
    photo_set.ensure(tmp_path, photo_set.photos, sources=[source.url], progress=lambda *step: steps.append(step))
    assert there(photo_set, tmp_path) == {f"{photo.image}.jpg" for photo in photo_set.photos}
    assert steps == [(photo_set.name, done, COUNT) for done in range(1, COUNT + 1)]
    for photo in photo_set.photos:
        with Image.open(photo.path(tmp_path)) as image:
            assert (image.format, image.mode, image.size) == ("JPEG", "RGB", photo_set.size)
    assert (tmp_path / photo_set.folder / photo_set.list_name).read_text().startswith(photo_set.list_start)


def test_a_complete_folder_is_only_looked_at(photo_set: PhotoSet, source: Source, tmp_path: Path) -> None:
    photo_set.ensure(tmp_path, photo_set.photos, sources=[source.url])
    before = state(tmp_path)
    photo_set.ensure(tmp_path, photo_set.photos, sources=NOBODY)
    assert state(tmp_path) == before


def test_a_failure_keeps_what_is_there_and_the_next_call_goes_on(
    photo_set: PhotoSet, source: Source, tmp_path: Path
) -> None:
    kept = source.files.pop(photo_set.addresses[3])
    with pytest.raises(DataError, match=rf"11 of 12 {photo_set.name} are there.*HTTP 404.*run it again") as raised:
        photo_set.ensure(tmp_path, photo_set.photos, sources=[source.url])
    assert "\n" not in str(raised.value)
    assert len(there(photo_set, tmp_path)) == COUNT - 1
    source.files[photo_set.addresses[3]] = kept
    source.requests.clear()
    steps: list[tuple[str, int, int]] = []
    photo_set.ensure(tmp_path, photo_set.photos, sources=[source.url], progress=lambda *step: steps.append(step))
    assert source.names == [photo_set.addresses[3]]
    assert steps == [(photo_set.name, COUNT, COUNT)]


def test_the_second_source_is_asked_where_the_first_has_not_the_file(
    photo_set: PhotoSet, source: Source, second_source: Source, tmp_path: Path
) -> None:
    second_source.files[photo_set.addresses[3]] = source.files.pop(photo_set.addresses[3])
    photo_set.ensure(tmp_path, photo_set.photos, sources=[source.url, second_source.url])
    assert second_source.names == [photo_set.addresses[3]]


def test_wrong_bytes_are_never_put_in_place(photo_set: PhotoSet, source: Source, tmp_path: Path) -> None:
    wrong = dataclasses.replace(photo_set.photos[0], git_blob_sha1="0" * 40)
    with pytest.raises(DataError, match="wrong checksum"):
        photo_set.ensure(tmp_path, [wrong], sources=[source.url])
    assert there(photo_set, tmp_path) == set()


def test_a_public_file_that_is_no_picture_is_said_so(photo_set: PhotoSet, source: Source, tmp_path: Path) -> None:
    whole = source.files[photo_set.addresses[0]]
    for broken in (b"not a picture", whole[: len(whole) // 2]):
        source.files[photo_set.addresses[0]] = broken
        listed = dataclasses.replace(photo_set.photos[0], git_blob_sha1=blob_sha1(broken))
        with pytest.raises(DataError, match="cannot be read"):
            photo_set.ensure(tmp_path, [listed], sources=[source.url])
        assert there(photo_set, tmp_path) == set()


def test_without_a_network_it_gives_up_soon_and_says_what_to_put_where(photo_set: PhotoSet, tmp_path: Path) -> None:
    steps: list[object] = []
    with pytest.raises(DataError, match=rf"0 of 12 {photo_set.name} .*no connection") as raised:
        photo_set.ensure(tmp_path, photo_set.photos, sources=NOBODY, progress=lambda *step: steps.append(step))
    assert len(steps) < MAX_FAILURES
    line = str(raised.value)
    assert "\n" not in line
    commit = photo_set.addresses[0].split("/")[2]
    for part in (str(tmp_path / photo_set.folder / "images"), commit, "DATA_DIR", "pixels"):
        assert part in line


def test_a_folder_that_cannot_be_written_is_one_clear_line(photo_set: PhotoSet, source: Source, tmp_path: Path) -> None:
    (tmp_path / photo_set.folder).write_text("in the way")
    with pytest.raises(DataError, match=rf"cannot write .*{photo_set.folder}: .*; put "):
        photo_set.ensure(tmp_path, photo_set.photos, sources=[source.url])
    assert source.requests == []


# Pixel labels.


def mat(labels: np.ndarray) -> bytes:
    out = io.BytesIO()
    savemat(out, {"groundtruth": labels}, do_compression=True)
    return out.getvalue()


def labels_address(photo: StreetPhoto) -> str:
    return STREET_REPOSITORY.address(f"annotations/pixel-level/{photo.image}.mat")


@pytest.fixture
def labelled(source: Source) -> list[StreetPhoto]:
    """Twelve photos; the first five have labels: a dress (14) on a background."""
    photos = list(street(source).photos)
    labels = np.zeros((820, 550), np.uint8)
    labels[205:615, 110:330] = 14
    content = mat(labels)  # it holds the second in which it was written
    for number in range(5):
        photos[number] = dataclasses.replace(photos[number], labels_git_blob_sha1=blob_sha1(content))
        source.files[labels_address(photos[number])] = content
    return photos


def test_labels_are_fetched_beside_the_photos_at_their_size(
    labelled: list[StreetPhoto], source: Source, tmp_path: Path
) -> None:
    steps: list[tuple[str, int, int]] = []
    ensure_street_photos(tmp_path, labelled, sources=[source.url], progress=lambda *step: steps.append(step))
    assert (steps[0], steps[-1]) == (("street photos", 1, 12), ("street labels", 5, 5))
    assert {path.stem for path in (tmp_path / "street-photos" / "labels").iterdir()} == {
        photo.image for photo in labelled if photo.has_labels
    }
    labels = labelled[0].load_labels(tmp_path)
    assert labels.shape == (448, 300)
    assert {street_names()[kind] for kind in np.unique(labels)} == {"background", "dress"}
    assert labels[224, 120] == 14
    assert (labels == 14).mean() == pytest.approx(0.2, abs=0.005)
    assert (tmp_path / "street-photos" / "names.csv").read_text().startswith("value,name\n0,background\n")
    ensure_street_photos(tmp_path, labelled, sources=NOBODY)


def test_missing_labels_alone_are_fetched_alone(labelled: list[StreetPhoto], source: Source, tmp_path: Path) -> None:
    ensure_street_photos(tmp_path, labelled, sources=[source.url])
    labelled[2].labels_path(tmp_path).unlink()
    source.requests.clear()
    ensure_street_photos(tmp_path, labelled, sources=[source.url])
    assert source.names == [labels_address(labelled[2])]


@pytest.mark.parametrize("broken", [b"not a file of MATLAB", mat(np.full((4, 4), 200, np.uint8)), mat(np.ones(4))[:-9]])
def test_broken_labels_are_never_put_in_place(
    labelled: list[StreetPhoto], source: Source, tmp_path: Path, broken: bytes
) -> None:
    source.files[labels_address(labelled[1])] = broken
    labelled[1] = dataclasses.replace(labelled[1], labels_git_blob_sha1=blob_sha1(broken))
    with pytest.raises(DataError, match=r"4 of 5 street labels are there.*0001\.mat cannot be read.*groundtruth"):
        ensure_street_photos(tmp_path, labelled, sources=[source.url])
    assert not labelled[1].labels_path(tmp_path).exists()


def test_labels_with_a_wrong_checksum_are_refused(labelled: list[StreetPhoto], source: Source, tmp_path: Path) -> None:
    source.script[labels_address(labelled[0])] = [corrupt] * 10
    with pytest.raises(DataError, match="wrong checksum"):
        ensure_street_photos(tmp_path, labelled, sources=[source.url])


def test_labels_that_are_not_there_or_damaged_are_said_so(tmp_path: Path) -> None:
    photo = StreetPhoto("0001", "train", (), "", "")
    with pytest.raises(DataError, match=r"cannot read the labels .*0001\.png"):
        photo.load_labels(tmp_path)
    path = photo.labels_path(tmp_path)
    path.parent.mkdir(parents=True)
    for broken in (Image.new("RGB", (3, 3)), Image.new("L", (3, 3), 59)):
        broken.save(path)
        with pytest.raises(DataError, match="no pixel labels"):
            photo.load_labels(tmp_path)
    path.write_bytes(path.read_bytes()[:45])
    with pytest.raises(DataError, match="cannot read"):
        photo.load_labels(tmp_path)


# The lists, and the real folders.


def test_the_list_of_clothing_photos_keeps_the_senders_of_the_two_splits_apart() -> None:
    photos = photo_list()
    assert len(photos) == len({photo.image for photo in photos}) == 3_666
    assert {photo.split for photo in photos} == {"train", "validation"}
    senders = [{photo.sender_id for photo in photos if photo.split == split} for split in ("train", "validation")]
    assert not senders[0] & senders[1]
    assert len(senders[0]) == 166


def test_the_list_of_clothing_photos_knows_what_a_second_look_accepts() -> None:
    photos = photo_list()
    accepted = Counter(photo.accepted for photo in photos if photo.split == "validation")
    assert accepted[frozenset({5, 7, 9})] == 20
    assert accepted[frozenset({0})] == 163
    assert all(not photo.accepted for photo in photos if photo.split == "train" or photo.label in {"hat", "shorts"})


def test_the_list_of_street_photos() -> None:
    photos = street_photo_list()
    assert len({photo.image for photo in photos}) == len(photos) == 1_252
    assert Counter((photo.split, photo.has_labels) for photo in photos) == {
        ("train", True): 652,
        ("validation", True): 100,
        ("train", False): 500,
    }
    names = street_names()
    assert (len(names), names[0], names[19], names[41], names[58]) == (59, "background", "hair", "skin", "wedges")
    assert {tag for photo in photos for tag in photo.tags} <= set(names)


def test_the_list_of_shop_photos_keeps_articles_on_one_side() -> None:
    photos = shop_photo_list()
    assert len({photo.image for photo in photos}) == len(photos) == 5_967
    assert Counter(photo.split for photo in photos) == {"train": 5_553, "validation": 414}
    assert {photo.source for photo in photos} == set(SHOP_REPOSITORIES)
    sides = defaultdict(set)
    for photo in photos:
        if photo.source == MAGENTO:
            sides[photo.article].add(photo.split)
    assert all(len(splits) == 1 for splits in sides.values())
    labels = Counter(photo.label for photo in photos)
    assert (labels["kurta"], labels["pullover|coat"], labels["bag"]) == (209, 200, 476)


def test_the_list_without_clothing() -> None:
    photos = no_clothing_list()
    assert len({photo.image for photo in photos}) == len(photos) == 700
    assert Counter((photo.split, photo.shows) for photo in photos) == {
        ("train", "grocery"): 346,
        ("validation", "grocery"): 54,
        ("train", "rubbish on white board"): 235,
        ("validation", "rubbish on white board"): 65,
    }
    assert {photo.source for photo in photos} == set(NO_CLOTHING_REPOSITORIES)


def test_checksums_are_checksums() -> None:
    sums = [photo.git_blob_sha1 for photo in (*street_photo_list(), *shop_photo_list(), *no_clothing_list())]
    sums += [photo.labels_git_blob_sha1 for photo in street_photo_list() if photo.labels_git_blob_sha1]
    assert all(len(each) == 40 and int(each, 16) for each in sums)


def test_the_real_folders_are_complete_and_only_looked_at(
    photos_dir: Path, street_photos_dir: Path, shop_photos_dir: Path, no_clothing_dir: Path
) -> None:
    ensure_photos(photos_dir, sources=NOBODY)
    ensure_street_photos(street_photos_dir, sources=NOBODY)
    ensure_shop_photos(shop_photos_dir, sources=NOBODY)
    ensure_no_clothing(no_clothing_dir, sources=NOBODY)


def test_real_labels_fit_their_photos(street_photos_dir: Path) -> None:
    skin, hair, seen = street_names().index("skin"), street_names().index("hair"), set()
    shares = []
    for photo in [photo for photo in street_photo_list() if photo.has_labels][::25]:
        labels = photo.load_labels(street_photos_dir)
        with Image.open(photo.path(street_photos_dir)) as image:
            assert image.size == labels.shape[::-1]
        seen |= {street_names()[kind] for kind in np.unique(labels)} - {"background"} - set(photo.tags)
        person = labels != 0
        shares.append([(labels[person] == kind).mean() for kind in (skin, hair)])
    assert not seen
    assert np.mean(shares, 0) == pytest.approx([0.129, 0.055], abs=0.03)
