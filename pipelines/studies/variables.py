"""Whether the data have the variables that study.yaml speaks of."""

from collections.abc import Collection, Iterator, Mapping

from pipelines.studies.names import nearest
from pipelines.studies.settings import Study

# Here study.yaml names a test code or a qualifier, which is a value in the dataset and not a column of it.
BY_CODE = ("TR", "LB", "MI", "SUPPDM")
_FEW = 8


def missing_variables(
    study: Study, variables: Mapping[str, Collection[str]], codes: Mapping[str, Collection[str]]
) -> list[str]:
    """A sentence for each variable that study.yaml speaks of and the data lack.

    Args:
        study: The study's settings.
        variables: The columns of each dataset present, by its name, such as DM.
        codes: The test codes (--TESTCD) and qualifiers (QNAM) of each dataset that has them.

    Returns:
        Such as ``study.yaml: dose.variable: EX.EXDOZE is not in the data; EX has EXDOSE``; empty if none.
    """
    columns, values = _upper(variables), _upper(codes)
    known = {d: values.get(d, set()) if d in BY_CODE else names for d, names in columns.items()}
    return [
        f"study.yaml: {path}: {domain}.{name} is not in the data; {_instead(domain, name, known)}"
        for path, domain, name in _spoken_of(study)
        if name not in known.get(domain, ())
    ]


def _spoken_of(study: Study) -> Iterator[tuple[str, str, str]]:
    """The path, the dataset and the name of each variable that study.yaml names."""
    parts = {"therapy": study.therapy, "dose": study.dose, "tumour_burden": study.tumour_burden}
    for key, part in parts.items():
        if part is not None:
            domain, _, name = part.variable.partition(".")
            yield f"{key}.variable", domain, name
    support = study.mapping.respiratory_support
    domain = (support and support.domain) or "PR"
    for key in ("flow", "flow_unit"):
        name = getattr(support, key, None)
        # Any other name is that of a qualifier, which not every transfer has.
        if name and name.startswith(domain):
            yield f"mapping.respiratory_support.{key}", domain, name


def _instead(domain: str, name: str, known: Mapping[str, Collection[str]]) -> str:
    if domain not in known:
        return f"there is no {domain} dataset; the transfer has {', '.join(sorted(known))}"
    close = nearest(name, known[domain])
    some = sorted(known[domain])[:_FEW]
    return f"{domain} has {close or ', '.join(some) or 'none'}"


def _upper(names: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    return {dataset.upper(): {name.strip().upper() for name in of} for dataset, of in names.items()}
