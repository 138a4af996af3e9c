from __future__ import annotations

import pytest

from tests.proofs import memory


@pytest.mark.parametrize(("step", "ratio"), [(0, 1.0), (10, 175 / 115)])
def test_what_grows_is_told_from_what_is_flat(step: int, ratio: float) -> None:
    points = [(number * 100, 90.0 + step * number) for number in range(1, 11)]
    points[0] = (100, 20.0)  # of the first tenth, in which everything is filled
    assert memory.growth(points) == pytest.approx(ratio if step else 1.0)


def test_a_small_load_tells_what_it_holds() -> None:
    """The small size, too small to be flat; ``make proofs`` loads a million posts."""
    points = list(memory.measured(3_000, workers=0))
    assert [posts for posts, _ in points] == sorted({posts for posts, _ in points})
    assert points[-1][0] <= 3_000
    assert all(20 < mib < 2_000 for _, mib in points)
