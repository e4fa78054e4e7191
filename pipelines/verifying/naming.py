"""Which release is meant: a study's current one, one by its name, or a folder."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import WrongUsage
from pipelines.manifest import MANIFEST
from pipelines.release import current
from pipelines.site import Site


@dataclass(frozen=True, kw_only=True)
class Named:
    """A release: its folder, and whether it lies where this home keeps releases."""

    folder: Path
    is_of_home: bool

    @property
    def study(self) -> str:
        """The study, as the folder of its releases is called."""
        return self.folder.parent.name


def release_named(site: Site, asked: str) -> Named:
    """The release that is meant.

    Args:
        site: Where the releases are.
        asked: A study, ``STUDY/CUT`` such as SIM-CART/2026-06-30-r2, or the path of a release.

    Raises:
        WrongUsage: If there is none.
    """
    study, _, name = asked.partition("/")
    if study and site.release_folder(study).is_dir():
        folder = _current(site, study) if name in ("", "current") else _called(site, study, name)
        return Named(folder=folder, is_of_home=True)
    path = Path(asked)
    if not (path / MANIFEST).is_file():
        have = ", ".join(sorted(one.name for one in (site.home / "releases").glob("*") if one.is_dir())) or "none"
        raise WrongUsage(
            f"{asked} is no release: no study with releases in {site.home} ({have}), and no folder with one."
        )
    folder = path.resolve()
    return Named(folder=folder, is_of_home=folder.parent.parent == (site.home / "releases").resolve())


def releases_in(folder: Path) -> list[Path]:
    """The releases in a study's folder by name; not one that is being made, whose name begins with a dot."""
    return sorted(p for p in folder.glob("*") if p.is_dir() and not p.is_symlink() and not p.name.startswith("."))


def _called(site: Site, study: str, name: str) -> Path:
    known = {path.name: path for path in releases_in(site.release_folder(study))}
    if name not in known:
        have = ", ".join(known) or "none"
        raise WrongUsage(f"{study} has no release {name} in {site.home}; there are {have}.")
    return known[name]


def _current(site: Site, study: str) -> Path:
    folder = current(site.release_folder(study))
    if folder is None:
        raise WrongUsage(f"{study} has no current release in {site.home}; run it first: crsight run {study}")
    return folder
