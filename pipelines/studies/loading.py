"""From a study's folder to its settings; everything that is wrong is said at once."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from pipelines.sentences import shown
from pipelines.studies.names import hint
from pipelines.studies.problems import problems_of, repeated_keys
from pipelines.studies.reading import read_yaml
from pipelines.studies.settings import POOLED, Pooled, Settings, Study

FILE = "study.yaml"
# More than this have one cause, and nobody reads them.
_MOST_PROBLEMS = 40

Kind = TypeVar("Kind", bound=Settings)


class StudyError(Exception):
    """A study's folder is not as it must be; one line a problem."""


def study_names(root: Path) -> list[str]:
    """The studies that have a study.yaml under the root, by name; POOLED is not one of them.

    Raises:
        StudyError: If the root is not a folder.
    """
    if not root.is_dir():
        raise StudyError(f"{root}: there is no such folder; name the folder that holds the studies")
    folders = [path.parent for path in root.glob(f"*/{FILE}") if not path.parent.name.startswith(".")]
    return sorted(folder.name for folder in folders if folder.name != POOLED)


def load_study(folder: Path) -> Study:
    """The study's settings, with the defaults filled in.

    Args:
        folder: The study's folder, named as the study is.

    Raises:
        StudyError: If study.yaml is missing, broken or wrong, with a line for each problem.
    """
    given, problems = _read(folder / FILE)
    named = given.get("study")
    if isinstance(named, str) and named.strip() != folder.name:
        problems.append(f"study: found {named!r}, expected {folder.name}, as the folder is named")
    return _checked(Study, given, problems)


def load_pooled(root: Path) -> Pooled:
    """The studies that make up POOLED: those its study.yaml names, or all when it has none.

    Args:
        root: The folder that holds the studies.

    Raises:
        StudyError: If POOLED/study.yaml is broken or names what is no study, or there is no study at all.
    """
    path, known = root / POOLED / FILE, study_names(root)
    if not known:
        raise StudyError(f"{root}: there is no study in it; make a folder with a {FILE}")
    given, problems = _read(path) if path.exists() else ({}, [])
    pooled = _checked(Pooled, {"studies": known, **given}, problems)
    unknown = [name for name in pooled.studies if name not in known]
    _refuse([f"studies: found {name!r}, which is no study here; {hint(name, known)}" for name in unknown])
    return pooled


def _checked(kind: type[Kind], given: dict[str, Any], problems: list[str]) -> Kind:
    try:
        settings = kind.model_validate(given)
    except ValidationError as error:
        raise _error([*problems, *problems_of(error, kind)]) from error
    _refuse(problems)
    return settings


def _read(path: Path) -> tuple[dict[str, Any], list[str]]:
    """What the file says, and the keys it gives twice."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        node, given = read_yaml(text)
    except FileNotFoundError as error:
        raise StudyError(f"{path.parent.name}: there is no {FILE}; write one") from error
    except UnicodeDecodeError as error:
        raise _error([f"byte {error.start + 1} is not UTF-8; save the file as UTF-8"]) from error
    except yaml.YAMLError as error:
        raise _error([_broken(error)]) from error
    if not isinstance(given, dict):
        raise _error(["found no keys, expected such as study: and therapy:"])
    return given, list(repeated_keys(node))


def _broken(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    reason = getattr(error, "problem", None) or " ".join(str(error).split())
    return f"{place}not YAML: {reason}; mend it there"


def _refuse(problems: list[str]) -> None:
    if problems:
        raise _error(problems)


def _error(problems: list[str]) -> StudyError:
    if len(problems) > _MOST_PROBLEMS:
        problems = [*problems[:_MOST_PROBLEMS], f"and {len(problems) - _MOST_PROBLEMS} more; mend these first"]
    return StudyError("\n".join(f"{FILE}: {shown(problem)}" for problem in problems))
