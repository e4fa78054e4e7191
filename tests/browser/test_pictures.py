"""A few views of the reports as pictures: ``pytest --accept`` keeps them, and they are looked at in the review."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

PICTURES = Path(__file__).parent / "pictures"
# One font on every machine, and nothing that moves.
STEADY = "* { font-family: 'Liberation Sans' !important; transition: none !important; caret-color: transparent; }"
# Of the pixels, so many may differ: another version of the browser draws edges otherwise.
MOST_DIFFERENT = 0.02
VIEWS = {
    "first-screen-light": ("light", 1280, "#summary"),
    "first-screen-dark": ("dark", 1280, "#summary"),
    "first-screen-phone": ("light", 390, "#summary"),
    "onset": ("light", 1280, "#t2 figure >> nth=0"),
    "swimmers": ("light", 1280, "#cases figure >> nth=0"),
    "profile": ("light", 1280, ".case >> nth=0"),
    "profile-dark": ("dark", 1280, ".case >> nth=0"),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_as_it_was_accepted(page, name, request):
    scheme, width, place = VIEWS[name]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    page.add_style_tag(content=STEADY)
    if place.startswith(".case"):
        page.locator(f"{place} >> summary >> nth=0").click()
    seen = Image.open(io.BytesIO(page.locator(place).screenshot(animations="disabled"))).convert("RGB")
    path = PICTURES / f"{name}.png"
    if request.config.getoption("--accept"):
        path.parent.mkdir(exist_ok=True)
        seen.quantize(64).save(path, optimize=True)
    accepted = Image.open(path).convert("RGB")
    assert seen.size == accepted.size
    apart = np.abs(np.asarray(seen, dtype=int) - np.asarray(accepted, dtype=int)).max(axis=2) > 48
    assert apart.mean() < MOST_DIFFERENT, f"{name} has changed. If you meant it: pytest --accept, and look at it."
