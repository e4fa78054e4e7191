"""What has been delivered: one folder a data cut."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.studies.loading import StudyError
from pipelines.studies.names import iso_date

COMPLETE = "_COMPLETE"
EXTENSIONS = (".xpt", ".sas7bdat", ".json", ".ndjson", ".dsjc", ".csv", ".csv.gz", ".parquet")


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """One data transfer of a study: the datasets in it, and what else was found there."""

    study: str
    cut: str
    folder: Path
    files: tuple[Path, ...]
    others: tuple[Path, ...]
    complete: bool


def transfers(root: Path, study: str) -> list[Transfer]:
    """The study's transfers, oldest cut first; none when nothing has been delivered.

    Args:
        root: The folder that holds the studies.
        study: The study's name, which is its folder's.

    Raises:
        StudyError: If there is no such study, or ``transfers/`` holds what is not named by its cut.
    """
    if not (root / study).is_dir():
        raise StudyError(f"{study}: there is no such folder in {root}; check the name")
    found = _visible(root / study / "transfers")
    problems = [problem for path in found for problem in _misnamed(path)]
    if problems:
        raise StudyError("\n".join(f"{study}: {problem}" for problem in problems))
    return [_transfer(study, folder) for folder in found]


def _transfer(study: str, folder: Path) -> Transfer:
    found = [path for path in _visible(folder) if path.name != COMPLETE]
    files = tuple(path for path in found if path.is_file() and path.name.lower().endswith(EXTENSIONS))
    return Transfer(
        study=study,
        cut=folder.name,
        folder=folder,
        files=files,
        others=tuple(path for path in found if path not in files),
        complete=(folder / COMPLETE).is_file(),
    )


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if not path.name.startswith("."))


def _misnamed(path: Path) -> list[str]:
    where = f"transfers/{path.name}"
    if not path.is_dir():
        return [f"{where}: this is a file; a transfer is a folder named by its data cut, such as 2026-06-30"]
    try:
        iso_date(path.name)
    except ValueError as error:
        return [f"{where}: {error}; name the folder by its data cut"]
    return []
