"""Endless pictures with known masks for the segmenter, made from the training photos.

A photo is turned, zoomed and recoloured; its garment is also cut out and laid on other grounds, worn by a drawn
person, hung on a drawn hanger, or left out. The masks of facts.md's candidates came from GrabCut, which trusts
colour; on grounds of the garment's own colour only shape can help, so such grounds are drawn often.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE: Final = 128
"""The segmenter's input side, pixels; photos are squashed to a square."""

GROUPS: Final = ("background", "upper", "lower", "shoe", "hat", "bag")
"""What a pixel of the segmenter's output may belong to; dresses are ``upper``."""

GROUP_OF_LABEL: Final = {
    "t-shirt": 1, "pullover": 1, "dress": 1, "coat": 1, "shirt": 1,
    "trouser": 2, "shorts": 2, "skirt": 2,
    "sandal": 3, "sneaker": 3, "ankle-boot": 3, "footwear": 3,
    "hat": 4,
}  # fmt: skip

TEN, OTHER_CLOTHING, NOTHING = range(3)
"""What the scene as a whole shows: one of the ten classes, other clothing, no clothing."""

OUTSIDE_THE_TEN: Final = frozenset({"shorts", "hat", "skirt"})


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """One training photo with its garment's mask.

    Attributes:
        pixels: uint8 [h, w, 3] RGB.
        mask: uint8 [h, w], 0 or 1.
        label: its word in labels.csv.
    """

    pixels: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One example for the segmenter.

    Attributes:
        pixels: uint8 [SIDE, SIDE, 3] RGB.
        groups: uint8 [SIDE, SIDE], index into :data:`GROUPS`.
        kind: ``TEN``, ``OTHER_CLOTHING`` or ``NOTHING``.
    """

    pixels: NDArray[np.uint8]
    groups: NDArray[np.uint8]
    kind: int


class SceneMaker:
    """Draws scenes at random from cuts, data-set pictures and pictures without clothing."""

    def __init__(
        self,
        cuts: list[Cut],
        bags: NDArray[np.uint8],
        shoes: NDArray[np.uint8],
        outliers: list[NDArray[np.uint8]],
        rng: np.random.Generator,
    ) -> None:
        """Keep the sources.

        Args:
            cuts: training photos with masks.
            bags: uint8 [n, 28, 28] Fashion-MNIST bags (there are no photos of bags).
            shoes: uint8 [n, 28, 28] Fashion-MNIST shoes (photos of shoes are few).
            outliers: uint8 [h, w, 3] pictures that show no clothing.
            rng: the only source of chance.
        """
        self._cuts = cuts
        self._bags, self._shoes = bags, shoes
        self._outliers = outliers
        self._rng = rng
        self._uppers = [c for c in cuts if GROUP_OF_LABEL[c.label] == 1]
        self._lowers = [c for c in cuts if GROUP_OF_LABEL[c.label] == 2]
        self._footwear = [c for c in cuts if GROUP_OF_LABEL[c.label] == 3]

    def scene(self, cut: Cut) -> Scene:
        """Make one scene, usually of ``cut``."""
        chance = self._rng.random()
        if chance < 0.52:
            scene = self._photo(cut)
        elif chance < 0.72:
            scene = self._on_another_ground(cut)
        elif chance < 0.79:
            scene = self._dressed_person()
        elif chance < 0.86:
            scene = self._from_the_data_set()
        else:
            scene = self.nothing()
        return Scene(_photographed(scene.pixels, self._rng), scene.groups, scene.kind)

    def _photo(self, cut: Cut) -> Scene:
        pixels, mask = self._warp(cut, border=cv2.BORDER_REPLICATE)
        if self._rng.random() < 0.3:
            pixels = _recolour(pixels, self._rng)
        return Scene(pixels, mask * GROUP_OF_LABEL[cut.label], _kind(cut.label))

    def _on_another_ground(self, cut: Cut) -> Scene:
        ground = self.ground()
        pixels, mask = self._warp(cut, border=cv2.BORDER_CONSTANT)
        if self._rng.random() < 0.6:
            pixels = _recolour(pixels, self._rng)
        groups = np.zeros((SIDE, SIDE), np.uint8)
        if self._rng.random() < 0.35:
            _draw_hanger(ground, mask, self._rng)
        elif self._rng.random() < 0.4:
            _draw_skin(ground, mask, self._rng)
        ground = _lay(ground, groups, pixels, mask, GROUP_OF_LABEL[cut.label], self._rng)
        if self._rng.random() < 0.25:
            _draw_hand(ground, groups, self._rng)
        return Scene(ground, groups, _kind(cut.label))

    def _dressed_person(self) -> Scene:
        """A drawn body in a photographed top, trousers or skirt, and sometimes shoes."""
        rng = self._rng
        picture = self.ground()
        groups = np.zeros((SIDE, SIDE), np.uint8)
        centre = SIDE * rng.uniform(0.4, 0.6)
        top = SIDE * rng.uniform(0.12, 0.28)
        width = SIDE * rng.uniform(0.32, 0.62)
        skin = _skin_colour(rng)
        _draw_person(picture, centre, top, width, skin, rng)
        upper = self._pick(self._uppers)
        height = width * rng.uniform(1.0, 1.5) * (1.35 if upper.label == "dress" else 1.0)
        bottom = top + height
        if upper.label != "dress" and bottom < SIDE * 0.9:
            lower = self._pick(self._lowers)
            self._wear(
                picture, groups, lower, centre, bottom - height * 0.12, width * 0.8, SIDE * rng.uniform(0.4, 0.9)
            )
        self._wear(picture, groups, upper, centre, top, width, height)
        _draw_head(picture, groups, centre, top, width, skin, rng)
        if rng.random() < 0.5:
            _draw_hand(picture, groups, rng)
        return Scene(picture, groups, TEN)

    def _wear(
        self, picture: NDArray[np.uint8], groups: NDArray[np.uint8], cut: Cut,
        centre: float, top: float, width: float, height: float,
    ) -> None:  # fmt: skip
        left, upper, right, lower = _box(cut.mask)
        source = np.array([[left, upper], [right, upper], [left, lower]], np.float32)
        target = np.array([[centre - width / 2, top], [centre + width / 2, top], [centre - width / 2, top + height]])
        matrix = cv2.getAffineTransform(source, target.astype(np.float32))
        pixels = cv2.warpAffine(cut.pixels, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
        mask = cv2.warpAffine(cut.mask, matrix, (SIDE, SIDE), flags=cv2.INTER_NEAREST)
        if self._rng.random() < 0.5:
            pixels = _recolour(pixels.astype(np.uint8), self._rng)
        picture[:] = _lay(
            picture, groups, pixels.astype(np.uint8), mask.astype(np.uint8), GROUP_OF_LABEL[cut.label], self._rng
        )

    def _from_the_data_set(self) -> Scene:
        """A bag or shoe of Fashion-MNIST, enlarged and coloured: photos of bags do not exist in the data."""
        rng = self._rng
        is_bag = rng.random() < 0.6
        source = self._bags if is_bag else self._shoes
        ground, mask = self.laid_out(source[rng.integers(len(source))])
        return Scene(ground, mask * np.uint8(5 if is_bag else 3), TEN)

    def laid_out(self, picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Enlarge and colour a picture of Fashion-MNIST, and lay it on a ground.

        Args:
            picture: uint8 [28, 28].

        Returns:
            uint8 [SIDE, SIDE, 3] RGB, and the garment's mask, uint8 [SIDE, SIDE], 0 or 1.
        """
        rng = self._rng
        if rng.random() < 0.5:
            picture = picture[:, ::-1]
        big = cv2.resize(np.ascontiguousarray(picture), (112, 112), interpolation=cv2.INTER_CUBIC)
        mask = (cv2.GaussianBlur(big, (5, 5), 0) > 24).astype(np.uint8)
        shade = big.astype(np.float32) / 255
        colour, other = rng.uniform(10, 245, 3), rng.uniform(10, 245, 3)
        pixels = shade[..., None] * colour + (1 - shade[..., None]) * (other if rng.random() < 0.3 else colour * 0.3)
        pixels = pixels + rng.normal(0, rng.uniform(0, 12), pixels.shape)
        cut = Cut(np.clip(pixels, 0, 255).astype(np.uint8), mask, "bag")
        ground = self.ground()
        coloured, mask = self._warp(cut, border=cv2.BORDER_CONSTANT)
        groups = np.zeros((SIDE, SIDE), np.uint8)
        return _lay(ground, groups, coloured, mask, 1, rng), groups

    def nothing(self) -> Scene:
        """A scene without clothing."""
        ground = self.ground()
        if self._rng.random() < 0.6:
            for _ in range(self._rng.integers(1, 3)):
                cloth = self._pick(self._cuts).pixels if self._rng.random() < 0.5 else self.ground()
                pixels = _random_crop(cloth, self._rng)
                ground = _lay(ground, np.zeros((SIDE, SIDE), np.uint8), pixels, thing_mask(self._rng), 0, self._rng)
        for _ in range(self._rng.integers(0, 3)):
            _draw_thing(ground, self._rng)
        if self._rng.random() < 0.2:
            _draw_hand(ground, np.zeros((SIDE, SIDE), np.uint8), self._rng)
        return Scene(ground, np.zeros((SIDE, SIDE), np.uint8), NOTHING)

    def ground(self) -> NDArray[np.uint8]:
        """A square without clothing: uint8 [SIDE, SIDE, 3]."""
        rng = self._rng
        chance = rng.random()
        if chance < 0.45:
            found = _bare_part(self._pick(self._cuts), rng)
            if found is not None:
                return _recolour(found, rng) if rng.random() < 0.4 else found
        if chance < 0.65 and self._outliers:
            picture = _random_crop(self._outliers[rng.integers(len(self._outliers))], rng)
            return _recolour(picture, rng) if rng.random() < 0.3 else picture
        return texture(rng)

    def _warp(self, cut: Cut, *, border: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Turn, zoom, stretch, mirror and shift onto a SIDE x SIDE square; the garment mostly stays in view."""
        rng = self._rng
        height, width = cut.mask.shape
        angle = rng.normal(0, 8) if rng.random() < 0.85 else rng.uniform(-180, 180)
        zoom = float(np.exp(rng.normal(0, 0.18)))
        if border == cv2.BORDER_CONSTANT:  # fit the garment, not its photo, to the square
            left, top, right, bottom = _box(cut.mask)
            extent = max(right - left, bottom - top)
            scale_x = scale_y = SIDE * rng.uniform(0.4, 1.0) / extent
            centre = ((left + right) / 2, (top + bottom) / 2)
            target = (SIDE * rng.uniform(0.38, 0.62), SIDE * rng.uniform(0.38, 0.62))
        else:
            scale_x, scale_y = SIDE / width * zoom, SIDE / height * zoom
            centre = (width / 2, height / 2)
            target = (SIDE / 2 + rng.normal(0, 6), SIDE / 2 + rng.normal(0, 6))
        stretch = float(np.exp(rng.normal(0, 0.09)))
        mirror = -1 if rng.random() < 0.5 else 1
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        linear = np.array([[cos, -sin], [sin, cos]]) @ np.diag([scale_x * stretch * mirror, scale_y / stretch])
        shift = np.array(target) - linear @ np.array(centre)
        matrix = np.column_stack([linear, shift])
        method = cv2.INTER_AREA if zoom < 0.8 else cv2.INTER_LINEAR
        pixels = cv2.warpAffine(cut.pixels, matrix, (SIDE, SIDE), flags=method, borderMode=border)
        mask = cv2.warpAffine(cut.mask, matrix, (SIDE, SIDE), flags=cv2.INTER_NEAREST, borderMode=border)
        return pixels.astype(np.uint8), mask.astype(np.uint8)

    def _pick(self, cuts: list[Cut]) -> Cut:
        return cuts[self._rng.integers(len(cuts))]


def texture(rng: np.random.Generator) -> NDArray[np.uint8]:
    """A drawn ground: plain, cloudy, striped, checked, tiled or noisy; uint8 [SIDE, SIDE, 3]."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    angle = rng.uniform(0, np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    across = -x * np.sin(angle) + y * np.cos(angle)
    first, second = _colours(rng)
    period = rng.uniform(6, 60)
    kind = rng.integers(6)
    if kind == 0:
        blend = np.full((SIDE, SIDE), 0.0)
    elif kind == 1:
        blend = (np.sin(along * 2 * np.pi / period) > rng.uniform(-0.9, 0.9)).astype(float)
    elif kind == 2:
        blend = ((along // period + across // period) % 2).astype(float)
    elif kind == 3:
        joint = max(1.0, period * 0.05)
        blend = ((along % period < joint) | (across % (period * rng.uniform(0.5, 3)) < joint)).astype(float)
    else:
        size = int(rng.choice([3, 6, 12, 24, 48]))
        noise = rng.random((max(2, SIDE // size), max(2, SIDE // max(1, int(size * rng.uniform(0.3, 1))))))
        blend = cv2.resize(noise, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        if kind == 5:
            blend = (blend > 0.5).astype(float)
    light = 1 + rng.uniform(0, 0.3) * (np.cos(angle) * (x / SIDE - 0.5) + np.sin(angle) * (y / SIDE - 0.5))
    picture = (first + (second - first) * blend[..., None]) * light[..., None]
    picture += rng.normal(0, rng.uniform(0, 10), picture.shape)
    return np.clip(picture, 0, 255).astype(np.uint8)


def thing_mask(rng: np.random.Generator) -> NDArray[np.uint8]:
    """The outline of something that is no garment; uint8 [SIDE, SIDE], 0 or 1.

    A smooth blob, a box, a bottle, or a body with head and legs: laid over real textures they teach that shape, not
    texture, makes a garment.
    """
    mask = np.zeros((SIDE, SIDE), np.uint8)
    x, y = rng.uniform(0.3, 0.7, 2) * SIDE
    size = SIDE * rng.uniform(0.12, 0.42)
    kind = rng.integers(4)
    if kind == 0:
        turn = np.linspace(0, 2 * np.pi, 90)
        radius = 1 + sum(rng.normal(0, 0.28 / k) * np.cos(k * turn + rng.uniform(0, 6.3)) for k in range(1, 7))
        flat = np.exp(rng.normal(0, 0.35))
        points = np.stack([x + size * radius * np.cos(turn) * flat, y + size * radius * np.sin(turn) / flat], 1)
        cv2.fillPoly(mask, [points.astype(np.int32)], 1)
    elif kind == 1:
        extent = (float(size * rng.uniform(0.6, 2)), float(size * rng.uniform(0.6, 2)))
        corners = np.asarray(cv2.boxPoints(((float(x), float(y)), extent, float(rng.uniform(0, 180)))))
        corners = corners + rng.normal(0, size * 0.08, corners.shape)
        cv2.fillPoly(mask, [corners.astype(np.int32)], 1)
    elif kind == 2:
        width = max(3, int(size * rng.uniform(0.4, 0.9)))
        for share in np.linspace(-1, 1, int(rng.integers(2, 5))):
            half = max(1, int(width * rng.uniform(0.3, 1) / 2))
            cv2.rectangle(mask, (int(x - half), int(y + size * share)), (int(x + half), int(y + size)), 1, -1)
    else:
        for _ in range(int(rng.integers(3, 8))):
            centre = (int(x + rng.normal(0, size * 0.5)), int(y + rng.normal(0, size * 0.35)))
            axes = (max(1, int(size * rng.uniform(0.15, 0.6))), max(1, int(size * rng.uniform(0.1, 0.4))))
            cv2.ellipse(mask, centre, axes, float(rng.uniform(0, 180)), 0, 360, 1, -1)
            cv2.line(mask, (int(x), int(y)), centre, 1, max(1, int(size * rng.uniform(0.05, 0.25))))
    return mask


def _colours(rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    first = rng.uniform(0, 255, 3)
    if rng.random() < 0.6:  # rooms are mostly pale and unsaturated
        first = rng.uniform(40, 250) + rng.normal(0, 12, 3)
    second = first + rng.normal(0, rng.choice([8, 25, 80]), 3)
    return np.clip(first, 0, 255), np.clip(second, 0, 255)


def _kind(label: str) -> int:
    return OTHER_CLOTHING if label in OUTSIDE_THE_TEN else TEN


def _box(mask: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    left, top, width, height = cv2.boundingRect(mask)
    return left, top, left + width, top + height


def _lay(
    ground: NDArray[np.uint8], groups: NDArray[np.uint8], pixels: NDArray[np.uint8],
    mask: NDArray[np.uint8], group: int, rng: np.random.Generator,
) -> NDArray[np.uint8]:  # fmt: skip
    """Lay a garment on a ground with a soft edge and often a shadow; marks ``groups``."""
    alpha = cv2.GaussianBlur(mask.astype(np.float32), (3, 3), 0)[..., None]
    base = ground.astype(np.float32)
    if rng.random() < 0.6:
        blur = float(rng.uniform(1, 6))
        shadow = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), blur)
        shift = np.array([[1, 0, rng.normal(0, 3)], [0, 1, rng.normal(1, 3)]], np.float32)
        shadow = cv2.warpAffine(shadow, shift, (SIDE, SIDE))
        base = base * (1 - rng.uniform(0, 0.6) * shadow[..., None])
    groups[mask > 0] = group
    return np.asarray(base * (1 - alpha) + pixels * alpha).astype(np.uint8)


def _recolour(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Turn the hue, and change saturation and value."""
    hsv = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2HSV).astype(np.float32)
    hsv[..., 0] = (hsv[..., 0] + rng.uniform(0, 180)) % 180
    hsv[..., 1] *= rng.uniform(0.2, 1.5)
    hsv[..., 2] = 255 * (hsv[..., 2] / 255) ** np.exp(rng.normal(0, 0.45))
    return np.asarray(cv2.cvtColor(np.clip(hsv, 0, 255).astype(np.uint8), cv2.COLOR_HSV2RGB))


def _photographed(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """What a phone adds: white balance, exposure, gamma, blur, noise."""
    picture = pixels.astype(np.float32) / 255
    picture = picture * np.exp(rng.normal(0, 0.08, 3)) * np.exp(rng.normal(0, 0.15))
    picture = np.clip(picture, 0, 1) ** np.exp(rng.normal(0, 0.2))
    if rng.random() < 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 1.5))
    picture += rng.normal(0, rng.uniform(0, 0.03), picture.shape)
    if rng.random() < 0.05:
        picture = np.repeat(picture.mean(2, keepdims=True), 3, 2)
    return np.asarray(np.clip(picture * 255, 0, 255)).astype(np.uint8)


def _bare_part(cut: Cut, rng: np.random.Generator) -> NDArray[np.uint8] | None:
    """A part of a photo beside its garment, or None when it leaves no room."""
    height, width = cut.mask.shape
    fat = cv2.dilate(cut.mask, np.ones((5, 5), np.uint8))
    sums = cv2.integral(fat)
    for _ in range(8):
        h, w = int(height * rng.uniform(0.15, 0.6)), int(width * rng.uniform(0.15, 0.6))
        y, x = int(rng.integers(0, height - h)), int(rng.integers(0, width - w))
        if sums[y + h, x + w] - sums[y, x + w] - sums[y + h, x] + sums[y, x] == 0:
            part = cut.pixels[y : y + h, x : x + w]
            tiled = cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
            if rng.random() < 0.5:
                half = cv2.resize(part, (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_AREA)
                row = np.concatenate([half, half[:, ::-1]], 1)
                tiled = np.concatenate([row, row[::-1]], 0)
            return np.ascontiguousarray(tiled)
    return None


def _random_crop(picture: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    height, width = picture.shape[:2]
    share = rng.uniform(0.35, 1.0)
    h, w = max(8, int(height * share)), max(8, int(width * share * rng.uniform(0.75, 1)))
    y, x = int(rng.integers(0, height - h + 1)), int(rng.integers(0, width - w + 1))
    part = picture[y : y + h, x : x + w]
    if rng.random() < 0.5:
        part = part[:, ::-1]
    return np.asarray(cv2.resize(np.ascontiguousarray(part), (SIDE, SIDE), interpolation=cv2.INTER_AREA))


def _skin_colour(rng: np.random.Generator) -> tuple[float, ...]:
    """From dark to pale along the line that skin takes in RGB."""
    shade = rng.uniform(0, 1)
    dark, pale = np.array([70.0, 45, 35]), np.array([250.0, 215, 190])
    return tuple(float(c) for c in np.clip(dark + (pale - dark) * shade + rng.normal(0, 8, 3), 0, 255))


def _draw_person(
    picture: NDArray[np.uint8], centre: float, top: float, width: float, skin: tuple[float, ...],
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Arms and legs behind the clothes."""
    thick = max(3, int(width * 0.16))
    for side in (-1, 1):
        shoulder = (int(centre + side * width * 0.38), int(top + width * 0.15))
        elbow = (int(centre + side * width * rng.uniform(0.4, 0.7)), int(top + width * rng.uniform(0.6, 0.9)))
        hand = (int(centre + side * width * rng.uniform(0.1, 0.7)), int(top + width * rng.uniform(1.0, 1.5)))
        cv2.line(picture, shoulder, elbow, skin, thick)
        cv2.line(picture, elbow, hand, skin, max(2, int(thick * 0.8)))
        foot = (int(centre + side * width * 0.25), SIDE)
        cv2.line(picture, (int(centre + side * width * 0.18), int(top + width)), foot, skin, int(thick * 1.5))


def _draw_head(
    picture: NDArray[np.uint8], groups: NDArray[np.uint8], centre: float, top: float, width: float,
    skin: tuple[float, ...], rng: np.random.Generator,
) -> None:  # fmt: skip
    """Neck, face and hair in front of the collar."""
    radius = width * rng.uniform(0.17, 0.24)
    middle = (int(centre), int(top - radius * rng.uniform(0.7, 1.1)))
    hair = tuple(float(c) for c in rng.uniform(10, 160) * np.array([1, 0.8, 0.6]))
    over = np.zeros((SIDE, SIDE), np.uint8)
    axes = (max(1, int(radius * 1.15)), max(1, int(radius * rng.uniform(1.3, 1.9))))
    cv2.ellipse(picture, middle, axes, 0, 180, 360, hair, -1)
    cv2.ellipse(over, middle, axes, 0, 180, 360, 1, -1)
    neck = (int(centre), int(top + radius * 0.25))
    cv2.line(picture, middle, neck, skin, max(2, int(radius * 0.8)))
    cv2.line(over, middle, neck, 1, max(2, int(radius * 0.8)))
    face = (max(1, int(radius * 0.85)), max(1, int(radius * 1.15)))
    cv2.ellipse(picture, middle, face, 0, 0, 360, skin, -1)
    cv2.ellipse(over, middle, face, 0, 0, 360, 1, -1)
    groups[over > 0] = 0


def _draw_skin(picture: NDArray[np.uint8], mask: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """A head above and limbs around one garment, as when somebody wears it."""
    left, top, right, _ = _box(mask)
    skin = _skin_colour(rng)
    centre, width = (left + right) / 2, float(right - left)
    _draw_person(picture, centre, float(top), width, skin, rng)
    _draw_head(picture, np.zeros((SIDE, SIDE), np.uint8), centre, top + 2.0, width, skin, rng)


def _draw_hand(picture: NDArray[np.uint8], groups: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """An arm that reaches into the frame."""
    edge = rng.integers(4)
    along = int(rng.uniform(0, SIDE))
    start = [(along, 0), (along, SIDE), (0, along), (SIDE, along)][edge]
    end = (int(rng.uniform(0.15, 0.85) * SIDE), int(rng.uniform(0.15, 0.85) * SIDE))
    inner = (int(start[0] + (end[0] - start[0]) * 0.55), int(start[1] + (end[1] - start[1]) * 0.55))
    skin = _skin_colour(rng)
    thick = int(rng.uniform(5, 16))
    over = np.zeros((SIDE, SIDE), np.uint8)
    for canvas, colour in ((picture, skin), (over, 1)):
        cv2.line(canvas, start, inner, colour, thick)
        cv2.circle(canvas, inner, int(thick * 0.75), colour, -1)
    groups[over > 0] = 0


def _draw_hanger(picture: NDArray[np.uint8], mask: NDArray[np.uint8], rng: np.random.Generator) -> None:
    left, top, right, _ = _box(mask)
    centre, half = (left + right) // 2, (right - left) * rng.uniform(0.25, 0.45)
    colour = tuple(float(c) for c in rng.uniform(0, 255, 3))
    neck = (int(centre), int(top + rng.uniform(-6, 4)))
    for side in (-1, 1):
        cv2.line(
            picture, neck, (int(centre + side * half), int(neck[1] + half * 0.35)), colour, int(rng.integers(1, 4))
        )
    hook = (neck[0], neck[1] - int(rng.uniform(4, 10)))
    cv2.line(picture, neck, hook, colour, int(rng.integers(1, 3)))
    cv2.ellipse(picture, hook, (4, 4), 0, 90, 360, colour, 1)


def _draw_thing(picture: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """An object that is no garment: a box, a ball, a stick, a screen, a word."""
    colour = tuple(float(c) for c in rng.uniform(0, 255, 3))
    x, y = (int(v) for v in rng.uniform(0.1, 0.9, 2) * SIDE)
    w, h = (int(v) for v in rng.uniform(0.05, 0.45, 2) * SIDE)
    kind = rng.integers(5)
    if kind == 0:
        cv2.rectangle(picture, (x - w, y - h), (x + w, y + h), colour, -1)
        cv2.rectangle(picture, (x - w, y - h), (x + w, y + h), tuple(c * 0.5 for c in colour), 2)
    elif kind == 1:
        cv2.ellipse(picture, (x, y), (w + 1, h + 1), float(rng.uniform(0, 180)), 0, 360, colour, -1)
    elif kind == 2:
        cv2.line(picture, (x, y), (x + w, y - h), colour, int(rng.integers(2, 9)))
    elif kind == 3:
        points = (np.array([x, y]) + rng.normal(0, 20, (int(rng.integers(3, 8)), 2))).astype(np.int32)
        cv2.fillPoly(picture, [points], colour)
    else:
        cv2.putText(
            picture, "".join(rng.choice(list("AbCdE0127&?"), 4)), (x // 2, y), 0, rng.uniform(0.4, 2), colour, 2
        )
