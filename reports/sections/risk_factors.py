"""T5: what raised the chance of CRS, each baseline covariate alone and all together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from reports import notes
from reports.charts.forest import risk_factor_figure
from reports.material import Material
from reports.phrases import Phrase, estimate, joined, plain, reason, say
from reports.places import Place, places
from reports.results import Cells, Results
from reports.section import Drawn, Figure, Fold, Sentence, section
from reports.tables import Column, Group, Heading, Table, table
from reports.titles import titled

EVENTS = {"any": "any grade", ">=2": "grade ≥ 2", ">=3": "grade ≥ 3"}
KINDS = {"univariable": "Alone", "multivariable": "Together"}


@dataclass(frozen=True, kw_only=True)
class _Model:
    """A model: the key of its table's title, and its ratio."""

    title: str
    ratio: str
    label: str


MODELS = {
    "logistic": _Model(title="risk-firth", ratio="odds_ratio", label="odds ratio"),
    "Fine-Gray": _Model(
        title="risk-fine-gray",
        ratio="hazard_ratio",
        label="subdistribution hazard ratio",
    ),
}
NO_ANALYSIS = "Risk factors are not among the results of this study."
NOTHING_FITTED = "No covariate could be fitted; the last column of each table says why."
BY_TIME = "The same by time to the event: Fine-Gray regression"
EXPLORATORY = (
    "Exploratory: many covariates are tried and p-values are not adjusted for that; an association in a trial without "
    "random allocation of the covariate is no cause."
)
READING = (
    (
        "Alone: each covariate by itself, in the subjects who have it. Together: all that can be fitted at once, in "
        "the subjects who have every one of them. A ratio above 1 means more CRS. Events per variable: the rarer of "
        "subjects with and without the event (Fine-Gray: events) per coefficient fitted."
    ),
    "Alone only: it is made of other covariates, such as EASIX, and is not fitted beside them.",
)

# The fits of one event: by comparison, then by kind.
_Fits = Mapping[str, Mapping[str, Cells]]


def draw(results: Results, material: Material) -> Drawn:
    """A table for each event, logistic first and Fine-Gray folded, or a sentence that there is none."""
    found = places(material.ard, "risk_factors")
    if not found:
        return Drawn(blocks=(Sentence(said=(NO_ANALYSIS,)),), notes=(notes.population(results),))
    ratios = [cells[name] for cells in found.values() for name in ("odds_ratio", "hazard_ratio") if name in cells]
    is_fitted = any(cell.stat is not None for cell in ratios)
    logistic, fine_gray = (tuple(_tables(found, model)) for model in MODELS)
    return Drawn(
        blocks=(
            Sentence(said=(EXPLORATORY,) if is_fitted else (NOTHING_FITTED,), is_caution=is_fitted),
            *_figure(results, material, "logistic"),
            *logistic,
            Fold(title=BY_TIME, blocks=(*_figure(results, material, "Fine-Gray"), *fine_gray)),
        ),
        notes=_notes(results, material, found),
    )


def _figure(results: Results, material: Material, model: str) -> tuple[Figure, ...]:
    figure = risk_factor_figure(results, material, model)
    return (figure,) if figure else ()


def _tables(found: Mapping[Place, Cells], model: str) -> Iterator[Table]:
    for event, name in EVENTS.items():
        fits = _fits(found, model, event)
        rows = Group(rows=tuple((comparison, fits[comparison]) for comparison in fits))
        yield table(titled(MODELS[model].title, event=name), "Covariate", (rows,), _columns(MODELS[model]))


def _fits(found: Mapping[Place, Cells], model: str, event: str) -> _Fits:
    fits: dict[str, dict[str, Cells]] = {}
    for kind in KINDS:
        for place, cells in found.items():
            if (place.by_variable, place.variable) == (f"{model} {kind}", event):
                fits.setdefault(place.level, {})[kind] = cells
    return fits


def _columns(model: _Model) -> Iterator[Column[Mapping[str, Cells]]]:
    for kind, label in KINDS.items():
        shown = {
            "events / n": _counts,
            "events per variable": partial(_if_fitted, "{events_per_variable:tenths}"),
            f"{model.label} (95 % CI)": partial(_ratio, model.ratio),
            "p": partial(_said, "{p_value:p_value}"),
        }
        for holds, show in shown.items():
            yield Column(heading=Heading(label=label, holds=holds), show=partial(_of, kind, show))
    yield Column(heading=Heading(label="Left out or not estimable because", is_text=True), show=_why)


def _of(kind: str, show: partial[Phrase], fits: Mapping[str, Cells]) -> Phrase:
    return show(fits[kind]) if kind in fits else ("",)


def _counts(cells: Cells) -> Phrase:
    return _if_fitted("{n_events:count} / {n:count}", cells)


def _if_fitted(pattern: str, cells: Cells) -> Phrase:
    # Of a covariate that is left out of all together, the ARD has why and nothing else.
    return say(pattern, cells) if "n" in cells else ("",)


def _said(pattern: str, cells: Cells) -> Phrase:
    return say(pattern, cells)


def _ratio(name: str, cells: Cells) -> Phrase:
    return estimate(cells, name, "ratio")


def _why(fits: Mapping[str, Cells]) -> Phrase:
    told = {kind: why for kind in KINDS if kind in fits and (why := reason(fits[kind]["p_value"]))}
    if len({plain(why) for why in told.values()}) == 1 and len(told) == len(KINDS):
        return told["univariable"]
    said = [(f"{KINDS[kind].lower()}: ", *why) for kind, why in told.items()]
    if "multivariable" not in fits:
        said.append(("alone only",))
    return joined(said, "; ") if said else ("",)


def _notes(results: Results, material: Material, found: Mapping[Place, Cells]) -> tuple[str, ...]:
    return (
        notes.population(results),
        "Denominator: treated subjects who have the covariates of the fit, n.",
        notes.grades(results),
        *READING,
        *_methods(found.values()),
        *notes.missing(results),
        notes.in_force(material, notes.GRADING),
        notes.NOT_ESTIMABLE,
    )


def _methods(found: Iterable[Cells]) -> tuple[str, ...]:
    """The estimators; what a fit of all together held is in the table."""
    methods = (cell.method.partition("; together with ")[0] for cells in found for cell in cells.values())
    return tuple(f"{method}." for method in dict.fromkeys(methods))


SECTION = section("section.t5", draw)
