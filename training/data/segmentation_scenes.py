"""Endless pictures of known pixels for the segmenter, put together from its samples.

People are cropped to the chest, to the legs, to a garment, as selfies are, and set before other grounds; bags, shoes
and hats that shops show on white are laid on floors, fruit, streets and people. Everything is turned, zoomed and
recoloured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from bot.vision.garment import SIDE, Group
from training.data.pixel_groups import ANYTHING, BACKGROUND, NO_CLOTHING, allowed
from training.data.segmentation_samples import Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from training.data.segmentation_samples import Samples

    Pixels = NDArray[np.uint8]
    Sets = NDArray[np.uint16]
    Scene = tuple[Pixels, Sets]
    Frame = tuple[float, float, float, float]

SHARES: Final = {"street": 0.42, "flat": 0.22, "object": 0.19, "worn": 0.08, "nothing": 0.09}
"""How often each kind of scene is drawn."""

OTHER_GROUND: Final = {"street": 0.25, "flat": 0.25, "worn": 0.45, "object": 0.7}
"""How often what is on a photo is set before another ground."""

WITH_A_BAG: Final = 0.25
"""How often a bag is laid over a street photo."""

LEAST_BAG: Final = 0.02
"""Share of a street photo that a bag covers to be cut out of it."""

RARE: Final = 0.5
"""A label with n flat photos is drawn in proportion to n**(1 - RARE)."""


class SceneMaker:
    """Draws scenes at random."""

    def __init__(self, samples: Samples, pictures: Sequence[Pixels], rng: np.random.Generator) -> None:
        """Keep what scenes are made of.

        Args:
            samples: photos with what their pixels may be.
            pictures: uint8 [h, w, 3] of no clothing, for grounds.
            rng: the only source of chance.
        """
        self._samples = samples
        self._pictures = pictures
        self._rng = rng
        self._bags = [sample for sample in samples.alone if sample.label == "bag"]
        self._shoes = [sample for sample in samples.alone if sample.label in ("footwear", "sandal", "sneaker")]
        self._others = [sample for sample in samples.alone if sample not in self._bags and sample not in self._shoes]
        bag = allowed(Group.BAG)
        self._street_bags = [
            Sample(sample.pixels, np.where(sample.allowed == bag, bag, BACKGROUND).astype(np.uint16), "bag")
            for sample in samples.street
            if (sample.allowed == bag).mean() > LEAST_BAG
        ]
        labels = [sample.label for sample in samples.flat]
        weights = np.array([labels.count(label) ** -RARE for label in labels])
        self._flat_draw = weights / weights.sum()

    def batch(self, count: int) -> tuple[Pixels, Sets]:
        """Draw scenes: uint8 [count, 192, 192, 3], and what their pixels may be, uint16 [count, 192, 192]."""
        scenes = [self.scene() for _ in range(count)]
        return np.stack([pixels for pixels, _ in scenes]), np.stack([sets for _, sets in scenes])

    def scene(self) -> Scene:
        """Draw one scene: uint8 [192, 192, 3], uint16 [192, 192]."""
        makers = {
            "street": self._street, "flat": self._flat, "object": self._object, "worn": self._worn,
            "nothing": self._nothing,
        }  # fmt: skip
        kind = str(self._rng.choice(list(SHARES), p=list(SHARES.values())))
        pixels, sets = makers[kind]()
        return photographed(pixels, self._rng), sets

    def ground(self) -> Pixels:
        """A square of no clothing: uint8 [192, 192, 3]."""
        rng, chance = self._rng, self._rng.random()
        if chance < 0.45:
            pixels = self._crop_of_nothing()
        elif chance < 0.6 and self._pictures:
            picture = self._pictures[int(rng.integers(len(self._pictures)))]
            pixels, _ = warp(_bare(picture), rng, zoom=(1, 2.5), turn=20)
        elif chance < 0.8:
            pixels = self._floor()
        elif chance < 0.92:
            pixels = self._street_edge()
        else:
            pixels = _plain(rng)
        return _recoloured(pixels, rng) if rng.random() < 0.25 else pixels

    def _street(self) -> Scene:
        """A person, whole or cropped; sometimes before another ground, sometimes with a bag of a shop."""
        rng, sample = self._rng, self._pick(self._samples.street)
        person = sample.allowed != BACKGROUND
        if not person.any():
            return warp(sample, rng)
        pixels, sets = warp(sample, rng, around=self._street_frame(person))
        if rng.random() < OTHER_GROUND["street"] and (sets != BACKGROUND).any():
            pixels, sets = self._before_ground(pixels, sets, sets != BACKGROUND)
        if self._bags and rng.random() < WITH_A_BAG:
            bag, own = self.cut_out(self._pick(self._bags), 0.18, 0.45)
            pixels, sets = self._laid(pixels, sets, bag, own)
        return pixels, sets

    def _street_frame(self, person: NDArray[np.bool_]) -> Frame:
        """The whole photo, the person, or a part: chest, legs, face and shoulders."""
        rng, (height, width) = self._rng, person.shape
        left, top, right, bottom = _box(person)
        wide, high = right - left, bottom - top
        chance = rng.random()
        if chance < 0.4:
            return (0, 0, width, height)
        if chance < 0.6:
            return (left - 0.15 * wide, top - 0.05 * high, right + 0.15 * wide, bottom + 0.05 * high)
        part = high * rng.uniform(0.28, 0.7)
        upper = top + rng.uniform(0, max(1, high - part))
        across = max(wide * rng.uniform(0.7, 1.3), part * rng.uniform(0.5, 1))
        middle = (left + right) / 2 + rng.normal(0, 0.15 * wide)
        return (middle - across / 2, upper, middle + across / 2, upper + part)

    def _flat(self) -> Scene:
        rng = self._rng
        sample = self._samples.flat[rng.choice(len(self._samples.flat), p=self._flat_draw)]
        own = ((sample.allowed & NO_CLOTHING) == 0) & (sample.allowed != ANYTHING)
        if rng.random() < OTHER_GROUND["flat"] and own.any():
            garment = Sample(sample.pixels, np.where(own, sample.allowed, BACKGROUND).astype(np.uint16), sample.label)
            cut, sets = self.cut_out(garment, 0.45, 1.0)
            return self._laid(self.ground(), _empty(), cut, sets)
        pixels, sets = warp(sample, rng, zoom=(0.75, 1.35), turn=8)
        return (_recoloured(pixels, rng) if rng.random() < 0.2 else pixels), sets

    def _object(self) -> Scene:
        """A bag, shoes, a hat, a belt: as a shop shows it, or somewhere."""
        rng = self._rng
        chance = rng.random()
        cut_from_street = bool(self._street_bags) and rng.random() < 0.3
        bags = self._street_bags if cut_from_street else self._bags
        pools = [pool for pool in (bags, self._shoes, self._others) if pool]
        if not pools:
            return self._nothing()
        pool = pools[min(0 if chance < 0.5 else 1 if chance < 0.85 else 2, len(pools) - 1)]
        sample = self._pick(pool)
        if pool is not self._street_bags and rng.random() >= OTHER_GROUND["object"]:
            return warp(sample, rng, zoom=(0.7, 1.4))
        cut, sets = self.cut_out(sample, 0.3, 0.95)
        return self._laid(self.ground(), _empty(), cut, sets)

    def _worn(self) -> Scene:
        pixels, sets = warp(self._pick(self._samples.worn), self._rng, zoom=(0.75, 1.3))
        if self._rng.random() < OTHER_GROUND["worn"]:
            return self._before_ground(pixels, sets, (sets & BACKGROUND) == 0)
        return pixels, sets

    def _nothing(self) -> Scene:
        pixels = self._crop_of_nothing() if self._rng.random() < 0.6 else self.ground()
        return pixels, np.full((SIDE, SIDE), NO_CLOTHING, np.uint16)

    def cut_out(self, sample: Sample, least: float, most: float) -> Scene:
        """An object of its own somewhere in a square.

        Args:
            sample: of which everything that is not background is the object.
            least: its longer side over the square's, at least.
            most: the same, at most.

        Returns:
            uint8 [192, 192, 3], and uint16 [192, 192], 0 outside the object.
        """
        rng = self._rng
        own = (sample.allowed & BACKGROUND) == 0
        left, top, right, bottom = _box(own)
        half = max(right - left, bottom - top) / rng.uniform(least, most) / 2
        middle = np.array([left + right, top + bottom]) / 2 - (rng.uniform(0.3, 0.7, 2) - 0.5) * 2 * half
        pixels = _recoloured(sample.pixels, rng) if rng.random() < 0.3 else sample.pixels
        alone = Sample(pixels, np.where(own, sample.allowed, 0).astype(np.uint16), sample.label)
        x, y = middle.tolist()
        return warp(alone, rng, around=(x - half, y - half, x + half, y + half), zoom=(0.95, 1.05), turn=12, cut=True)

    def on_ground(self, pixels: Pixels, product: NDArray[np.bool_]) -> tuple[Pixels, NDArray[np.bool_]]:
        """Lay a product somewhere.

        Args:
            pixels: uint8 [h, w, 3], a photo of it.
            product: bool [h, w], where it is.

        Returns:
            uint8 [192, 192, 3], and where it is there, bool [192, 192].
        """
        alone = Sample(pixels, np.where(product, ANYTHING & ~BACKGROUND, BACKGROUND).astype(np.uint16), "product")
        cut, sets = self.cut_out(alone, 0.35, 0.95)
        scene, _ = self._laid(self.ground(), _empty(), cut, sets)
        return scene, sets != 0

    def _before_ground(self, pixels: Pixels, sets: Sets, mask: NDArray[np.bool_]) -> Scene:
        return self._laid(self.ground(), _empty(), pixels, np.where(mask, sets, 0).astype(np.uint16))

    def _laid(self, ground: Pixels, ground_sets: Sets, pixels: Pixels, sets: Sets) -> Scene:
        """Lay what is not 0 in ``sets`` over a ground, sometimes with its shadow."""
        rng, mask = self._rng, sets != 0
        soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.8)[..., None]
        if rng.random() < 0.35:
            moved = np.roll(mask.astype(np.float32), (rng.integers(1, 7), rng.integers(-6, 7)), (0, 1))
            shadow = cv2.GaussianBlur(moved, (0, 0), rng.uniform(1, 5))[..., None]
            ground = np.asarray(ground * (1 - rng.uniform(0.1, 0.5) * shadow)).astype(np.uint8)
        laid = np.asarray(ground * (1 - soft) + pixels * soft).astype(np.uint8)
        return laid, np.where(mask, sets, ground_sets).astype(np.uint16)

    def _crop_of_nothing(self) -> Pixels:
        pixels, _ = warp(self._pick(self._samples.nothing), self._rng, zoom=(0.9, 2.2), turn=15)
        return pixels

    def _floor(self) -> Pixels:
        """A part of a flat photo beside its garment."""
        rng = self._rng
        for _ in range(4):
            sample = self._pick(self._samples.flat)
            height, width = (side // 3 for side in sample.allowed.shape)
            top, left = rng.integers(0, 2 * height), rng.integers(0, 2 * width)
            part = slice(top, top + height), slice(left, left + width)
            if (sample.allowed[part] == NO_CLOTHING).mean() > 0.97:
                return np.asarray(
                    cv2.resize(sample.pixels[part], (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.uint8
                )
        return self._crop_of_nothing()

    def _street_edge(self) -> Pixels:
        """The strip of a street photo left of its person, or its right edge."""
        sample = self._pick(self._samples.street)
        bare = (sample.allowed == BACKGROUND).all(0)
        wide = int(bare.argmin())
        strip = sample.pixels[:, :wide] if wide > 24 else sample.pixels[:, -24:]
        return np.asarray(cv2.resize(strip, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.uint8)

    def _pick(self, samples: Sequence[Sample]) -> Sample:
        return samples[int(self._rng.integers(len(samples)))]


def warp(
    sample: Sample,
    rng: np.random.Generator,
    *,
    around: Frame | None = None,
    zoom: tuple[float, float] = (0.9, 1.15),
    turn: float = 6,
    cut: bool = False,
) -> Scene:
    """Bring a frame of a photo to the square, turned, zoomed, stretched, mirrored and shifted a little.

    Args:
        sample: the photo.
        rng: decides how.
        around: left, top, right, bottom of the frame; the whole photo without.
        zoom: least and most.
        turn: standard deviation of the angle, degrees.
        cut: leave what lies outside the photo empty, instead of reflecting the photo into it.

    Returns:
        uint8 [192, 192, 3], uint16 [192, 192].
    """
    height, width = sample.allowed.shape
    left, top, right, bottom = around or (0, 0, width, height)
    scale = SIDE / np.maximum([right - left, bottom - top], 8)
    larger, stretch = np.exp(rng.uniform(*np.log(zoom))), np.exp(rng.normal(0, 0.08))
    mirror = -1 if rng.random() < 0.5 else 1
    angle = np.radians(rng.normal(0, turn if rng.random() < 0.9 else 25))
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turned @ np.diag(scale * larger * np.array([stretch * mirror, 1 / stretch]))
    target = SIDE / 2 + rng.normal(0, 0.06 * SIDE, 2)
    shift = target - linear @ np.array([left + right, top + bottom]) / 2
    matrix = np.column_stack([linear, shift])
    border = cv2.BORDER_CONSTANT if cut else cv2.BORDER_REFLECT_101
    pixels, smaller = sample.pixels, float(np.sqrt(abs(np.linalg.det(linear))))
    if smaller < 0.6:  # linear interpolation would skip pixels
        kernel = int(np.ceil(0.8 / smaller)) | 1
        pixels = np.asarray(cv2.blur(pixels, (kernel, kernel)), np.uint8)
    seen = cv2.warpAffine(pixels, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=border)
    sets = cv2.warpAffine(
        sample.allowed.astype(np.float32), matrix, (SIDE, SIDE), flags=cv2.INTER_NEAREST, borderMode=border
    )
    return seen.astype(np.uint8), sets.astype(np.uint16)


def photographed(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Light, colour balance, contrast; noise, blur or JPEG of a cheap phone: uint8, as it came."""
    picture = pixels.astype(np.float32)
    if rng.random() < 0.8:
        picture = picture * rng.uniform(0.75, 1.25) + rng.uniform(-20, 20)
        gray = picture.mean(2, keepdims=True)
        picture = (gray + (picture - gray) * rng.uniform(0.5, 1.4)) * rng.uniform(0.9, 1.1, 3).astype(np.float32)
        mean = picture.mean()
        picture = mean + (picture - mean) * rng.uniform(0.75, 1.25)
    if rng.random() < 0.2:
        picture = picture + rng.normal(0, rng.uniform(2, 10), picture.shape).astype(np.float32)
    taken = np.clip(picture, 0, 255).astype(np.uint8)
    chance = rng.random()
    if chance < 0.15:
        taken = np.asarray(cv2.GaussianBlur(taken, (0, 0), rng.uniform(0.5, 1.6)), np.uint8)
    elif chance < 0.3:
        _, encoded = cv2.imencode(".jpg", taken, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 80))])
        taken = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
    return taken


def _recoloured(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Another hue, another saturation."""
    hsv = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2HSV).astype(np.int32)
    hsv[..., 0] = (hsv[..., 0] + rng.integers(180)) % 180
    hsv[..., 1] = np.clip(hsv[..., 1] * rng.uniform(0.3, 1.6), 0, 255)
    return np.asarray(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB), np.uint8)


def _plain(rng: np.random.Generator) -> Pixels:
    """One colour, lit from above or below, a little noisy."""
    noise = rng.normal(0, rng.uniform(0, 9), (SIDE, SIDE, 1))
    light = np.linspace(-1, 1, SIDE)[:, None, None] * rng.uniform(-30, 30)
    return np.clip(rng.uniform(20, 250, 3) + noise + light, 0, 255).astype(np.uint8)


def _bare(picture: Pixels) -> Sample:
    return Sample(picture, np.full(picture.shape[:2], BACKGROUND, np.uint16), "nothing")


def _empty() -> Sets:
    return np.full((SIDE, SIDE), BACKGROUND, np.uint16)


def _box(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    return left, top, left + width, top + height
