"""Settings of Spark, in a file written as Spark's own spark-defaults.conf."""

from pathlib import Path

from pipelines.errors import WrongUsage


def read_settings(path: Path) -> dict[str, str]:
    """Names and values, such as ``spark.master`` and ``spark://host:7077``.

    Args:
        path: A name, blanks and a value on each line; lines that begin with # are left out.

    Raises:
        WrongUsage: If there is no such file, or a line is none of these.
    """
    if not path.is_file():
        raise WrongUsage(f"CRSIGHT_SPARK: there is no file {path}.")
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return dict(_setting(path, number, line) for number, line in lines if line.strip() and not line.startswith("#"))


def _setting(path: Path, number: int, line: str) -> tuple[str, str]:
    name, _, value = line.strip().partition(" ")
    if not name.startswith("spark.") or not value.strip():
        raise WrongUsage(f"{path.name}, line {number}: write a name of Spark, a blank and a value.")
    return name, value.strip()
