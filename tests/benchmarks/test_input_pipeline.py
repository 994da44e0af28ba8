"""What a training step spends on its input."""

import pytest

from benchmarks.input_pipeline import Cost, Profile, profile, report


def test_the_share_is_of_the_processors_time() -> None:
    found = Profile(Cost(0.10, 0.2), Cost(0.05, 0.015), Cost(0.01, 0.005), cores=2, load=None, epoch=286)
    assert found.share == pytest.approx(0.1)
    assert "takes 10.0% of a step's processor time" in report(found)
    assert "2.00 of 2 cores busy" in report(found)
    assert "an epoch of 286 steps takes 29 s" in report(found)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of TensorFlow, with many names
@pytest.mark.parametrize("of", ["standard", "best"])
def test_the_network_has_the_cores_to_itself(of: str) -> None:
    assert 0 < profile(steps=3, of=of).share < 0.25
