"""Golden files: ``pytest --accept`` writes them, and the review of the diff is the acceptance. No test is timed."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--accept``."""
    parser.addoption("--accept", action="store_true", help="write golden files instead of comparing with them")


@pytest.fixture
def golden(request):
    """Compare a text with a golden file, or write it with ``--accept``."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--accept"):
            path.write_text(text)
        there = path.read_text() if path.exists() else ""
        assert text == there, f"{name} has changed. If you meant it: pytest --accept, and review the diff."

    return compare
