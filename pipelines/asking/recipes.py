"""The questions that people ask, each with its SELECT: ``sql/recipes/<name>.sql``."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import WrongUsage
from pipelines.site import SQL


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A tested SELECT: its name, the question it answers, what to know of the answer, and itself."""

    name: str
    question: str
    note: str
    query: str


def recipes() -> list[Recipe]:
    """Every recipe, by name."""
    return [_recipe(path) for path in sorted((SQL / "recipes").glob("*.sql"))]


def recipe(name: str) -> Recipe:
    """The recipe of this name.

    Raises:
        WrongUsage: If there is none.
    """
    found = {one.name: one for one in recipes()}
    if name not in found:
        raise WrongUsage(f"there is no recipe {name}; there are {', '.join(found)}.")
    return found[name]


def _recipe(path: Path) -> Recipe:
    text = path.read_text(encoding="utf-8")
    question, *notes = (line.removeprefix("-- ") for line in text.splitlines() if line.startswith("-- "))
    return Recipe(name=path.stem, question=question, note=" ".join(notes), query=text)
