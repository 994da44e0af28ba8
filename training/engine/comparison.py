"""The set of networks that is live and the one that would follow it, asked the same things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.registry.networks import open_networks
from training.evaluation.measure import Examinations, PhotoExaminer, load_classifier
from training.evaluation.network_set import NetworkSet, WithColor

if TYPE_CHECKING:
    from bot.registry.folder import StoredModel
    from bot.vision.classifier import Classifier
    from bot.vision.recognizer import VisionNetworks
    from training.data.fashion_mnist import FashionMnist
    from training.evaluation.worn import WornScores


@dataclass(frozen=True, slots=True, eq=False)
class Examiner:
    """Makes the examinations of a set of networks.

    Attributes:
        fashion_mnist: Fashion-MNIST.
        data_dir: where the photos are.
        models_dir: has the networks that look at photos.
        cache: where is kept what was found in photos.
        photo_examination: makes what scores a model on photos, or None where there are none.
        worn_examination: scores a set on people in streets, bags and no clothing; None for not at all.
        stage: told what is done, and how much of it of how much.
    """

    fashion_mnist: FashionMnist
    data_dir: Path
    models_dir: Path
    cache: Path
    photo_examination: Callable[..., PhotoExaminer | None]
    worn_examination: Callable[..., WornScores | None] | None
    stage: Callable[[str, int, int], Any]

    def of_set(self, *, held_out: bool, color: bytes | None = None) -> Examinations:
        """Everything that a set is asked about.

        Args:
            held_out: whether its model has not learnt from the held-out pictures.
            color: the file of its network in colour; the published one where None.
        """
        looking = partial(self.stage, "looking at photos")
        photos = self.photo_examination(self.data_dir, self.models_dir, self.cache, looking, color)

        ask = self.worn_examination

        def worn(classifier: Classifier, thresholds: Mapping[str, float]) -> WornScores | None:
            live = NetworkSet(classifier, networks_of(self.models_dir, color), thresholds)
            progress = partial(self.stage, "looking at people, bags and no clothing")
            return ask(self.data_dir, live, progress) if ask else None

        return Examinations(
            test=self.fashion_mnist.test,
            trained_on=self.fashion_mnist.rest() if held_out else self.fashion_mnist.train,
            held_out=self.fashion_mnist.held_out_split() if held_out else None,
            photos=photos,
            worn=worn if ask else None,
        )


def networks_of(models_dir: Path, color: bytes | None) -> VisionNetworks:
    """The published networks that look at photos, with another one in colour where there is one.

    Raises:
        UnfitModelError: the bot would refuse that one.
    """
    networks = open_networks(models_dir)
    return networks if color is None else WithColor(networks, color)


def live_set(live: StoredModel) -> NetworkSet:
    """The networks that answer people now."""
    classifier = load_classifier(live.model_path.read_bytes())
    return NetworkSet(classifier, open_networks(live.networks_folder), live.card.get("thresholds") or {}, live.version)
