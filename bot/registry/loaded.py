"""The networks of a set, loaded: those that the set before it has, too, are taken over, the others tried and opened."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from bot.registry.layout import COLOR_CLASSIFIER_FILE, MODEL_FILE, SEGMENTER_FILE
from bot.registry.model_set import sha256
from bot.vision.classifier import Classifier
from bot.vision.color_classifier import TfliteColorClassifier
from bot.vision.interpreter import ModelError, TfliteRuntime
from bot.vision.networks import PhotoNetworks
from bot.vision.segmenter import TfliteSegmenter

_Network = TypeVar("_Network", Classifier, TfliteSegmenter, TfliteColorClassifier)

Try = Callable[[str, bytes, TfliteRuntime], None]
"""Tries a network, by file name and bytes, where it can do no harm; raises ModelError."""

KINDS: Final[Mapping[str, type[Classifier | TfliteSegmenter | TfliteColorClassifier]]] = {
    MODEL_FILE: Classifier,
    SEGMENTER_FILE: TfliteSegmenter,
    COLOR_CLASSIFIER_FILE: TfliteColorClassifier,
}
"""What runs each file of a set; each tries its network when it is made, unless it came with the project."""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded(Generic[_Network]):
    """A network, and the SHA-256 of the file that it was made from."""

    sha256: str
    network: _Network


@dataclass(frozen=True, slots=True, eq=False)
class LoadedNetworks:
    """The three of a set."""

    classifier: Loaded[Classifier]
    segmenter: Loaded[TfliteSegmenter]
    color_classifier: Loaded[TfliteColorClassifier]
    photo_networks: PhotoNetworks


def photo_networks(networks: Mapping[str, bytes]) -> PhotoNetworks:
    """Those of a complete set that look at photos, for one photo at a time.

    Raises:
        ModelError: one of them is broken or foreign.
    """
    return PhotoNetworks(
        TfliteSegmenter(networks[SEGMENTER_FILE], interpreters=1),
        TfliteColorClassifier(networks[COLOR_CLASSIFIER_FILE], interpreters=1),
    )


@dataclass(frozen=True, slots=True)
class Loader:
    """Loads sets.

    Attributes:
        runtime: the interpreter to use.
        interpreters: pictures classified at the same time.
        photo_interpreters: photos looked at at the same time.
        try_first: tries a network before it is opened here.
    """

    runtime: TfliteRuntime
    interpreters: int
    photo_interpreters: int
    try_first: Try

    def load(
        self, files: Mapping[str, bytes], before: LoadedNetworks | None, *, unknown: Collection[str]
    ) -> LoadedNetworks:
        """Load a set.

        Args:
            files: its networks, by file name.
            before: the set in service.
            unknown: names of those that did not come with the project: they are tried first.

        Returns:
            ``before`` itself where all its networks are the same.

        Raises:
            ModelError: one of them is broken or foreign.
        """
        color = before.color_classifier if before else None
        made = self._loaded(Classifier, MODEL_FILE, files, before.classifier if before else None, unknown)
        finds = self._loaded(TfliteSegmenter, SEGMENTER_FILE, files, before.segmenter if before else None, unknown)
        names = self._loaded(TfliteColorClassifier, COLOR_CLASSIFIER_FILE, files, color, unknown)
        if before and made is before.classifier and finds is before.segmenter and names is before.color_classifier:
            return before
        return LoadedNetworks(made, finds, names, PhotoNetworks(finds.network, names.network))

    def _loaded(
        self,
        kind: type[_Network],
        name: str,
        files: Mapping[str, bytes],
        before: Loaded[_Network] | None,
        unknown: Collection[str],
    ) -> Loaded[_Network]:
        data = files[name]
        digest = sha256(data)
        if before is not None and before.sha256 == digest:
            return before
        interpreters = self.interpreters if name == MODEL_FILE else self.photo_interpreters
        try:
            shipped = name not in unknown
            if not shipped:
                self.try_first(name, data, self.runtime)
            return Loaded(digest, kind(data, runtime=self.runtime, interpreters=interpreters, tried=shipped))
        except ModelError as error:
            raise ModelError(f"{name}: {error}") from error
