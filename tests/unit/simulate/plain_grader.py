"""ASTCT 2019 by the text of the grading contract, one subject at a time and slowly: what the simulator is held against.

It shares nothing with the simulator but the files, nor with the SQL models.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

Row = dict[str, Any]

DOMAINS = ("DM", "EX", "VS", "CM", "PR")
HOLD, GAP, WINDOW = timedelta(hours=12), timedelta(days=7), timedelta(days=30)
STEROIDS = {"DEXAMETHASONE", "METHYLPREDNISOLONE", "CORTICOSTEROIDS"}
WAIVING = {"ACETAMINOPHEN", "PARACETAMOL", "TOCILIZUMAB", "SILTUXIMAB", "ANAKINRA"} | STEROIDS
VASOPRESSORS = {"NOREPINEPHRINE", "PHENYLEPHRINE", "EPINEPHRINE", "DOPAMINE"}
DEVICES = {
    "BLOW-BY OXYGEN": 2,
    "HIGH-FLOW NASAL CANNULA OXYGEN THERAPY": 3,
    "SIMPLE FACE MASK": 3,
    "VENTURI MASK": 3,
    "NON-REBREATHER MASK": 3,
    "CONTINUOUS POSITIVE AIRWAY PRESSURE VENTILATION": 4,
    "BILEVEL POSITIVE AIRWAY PRESSURE VENTILATION": 4,
    "INVASIVE MECHANICAL VENTILATION": 4,
    "EXTRACORPOREAL MEMBRANE OXYGENATION": 4,
}


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A sign at a level, for some time."""

    sign: str
    level: int
    start: datetime
    end: datetime


def moment(text: str | None) -> datetime | None:
    """A text that is complete to the minute as a time, else nothing."""
    return datetime.fromisoformat(text) if text and len(text) >= 16 else None


class Subject:
    """The rows of one subject, by domain."""

    def __init__(self, rows: dict[str, list[Row]], cut: date) -> None:
        self.rows, self.dm = rows, rows["DM"][0]
        end = datetime.combine(cut, time()) + timedelta(days=1)
        contact = datetime.combine(date.fromisoformat(self.dm["RFPENDTC"]), time()) + timedelta(days=1)
        self.followed_until = moment(self.dm["DTHDTC"]) or min(end, contact)
        self.doses = sorted(moment(row["EXSTDTC"]) for row in rows["EX"] if moment(row["EXSTDTC"]))

    def readings(self, test: str) -> Iterator[tuple[float, str, datetime, datetime]]:
        """Value, unit, start and end of each reading after the first dose."""
        rows = sorted(
            (moment(row["VSDTC"]), row["VSSTRESN"], row["VSSTRESU"])
            for row in self.rows["VS"]
            if row["VSTESTCD"] == test
        )
        for number, (start, value, unit) in enumerate(rows):
            following = rows[number + 1][0] if number + 1 < len(rows) else self.followed_until
            if start >= self.doses[0]:
                yield value, unit, start, min(following, start + HOLD, self.followed_until)

    def signs(self) -> Iterator[Interval]:
        """Fever, hypotension and hypoxia; vasopressors and fluids are told apart by ``level_at``."""
        for value, unit, start, end in self.readings("TEMP"):
            if round((value - 32) / 1.8 if unit == "F" else value, 1) >= 38:
                yield Interval(sign="fever", level=1, start=start, end=end)
        for value, _, start, end in self.readings("SYSBP"):
            if value < 90:
                yield Interval(sign="pressure", level=2, start=start, end=end)
        for row in self.rows["CM"]:
            fluid = row["CMDECOD"] == "SODIUM CHLORIDE" and row["CMINDC"] == "HYPOTENSION"
            if row["CMDECOD"] in VASOPRESSORS | {"VASOPRESSIN"} or fluid:
                end = moment(row["CMENDTC"]) or self.followed_until
                yield Interval(
                    sign="fluid" if fluid else row["CMDECOD"], level=2, start=moment(row["CMSTDTC"]), end=end
                )
        yield from self.support()

    def support(self) -> Iterator[Interval]:
        """Respiratory support for hypoxia; one without an end runs to the next, of whatever reason."""
        rows = sorted(self.rows["PR"], key=lambda row: row["PRSTDTC"])
        for number, row in enumerate(rows):
            start = moment(row["PRSTDTC"])
            if row["PRINDC"] != "HYPOXIA" or start < self.doses[0]:
                continue
            following = [later["PRSTDTC"] for later in rows[number + 1 :]]
            end = moment(row["PRENDTC"]) or moment(next(iter(following), None)) or self.followed_until
            cannula = 2 if (row["PRDOSE"] or 0) <= 6 else 3
            yield Interval(sign="hypoxia", level=DEVICES.get(row["PRTRT"], cannula), start=start, end=end)

    def waivers(self) -> list[datetime]:
        """When treatments that waive fever were given."""
        return sorted(moment(row["CMSTDTC"]) for row in self.rows["CM"] if row["CMDECOD"] in WAIVING)


def level_at(present: list[Interval], waived: bool) -> int:
    """The ASTCT grade of the signs that are present at one moment."""
    names = {sign.sign for sign in present}
    if not waived and "fever" not in names:
        return 0
    agents = names & VASOPRESSORS
    pressure = (
        4 if len(agents) > 1 else 3 if agents or "VASOPRESSIN" in names else 2 if names & {"pressure", "fluid"} else 0
    )
    hypoxia = max((sign.level for sign in present if sign.sign == "hypoxia"), default=0)
    return max(pressure, hypoxia, 1 if "fever" in names else 0)


def islands(signs: list[Interval], doses: list[datetime]) -> list[list[Interval]]:
    """Signs merged over gaps of up to seven days in which no dose was given."""
    found: list[list[Interval]] = []
    free_from = datetime.min
    for sign in sorted(signs, key=lambda sign: sign.start):
        dosed = any(free_from <= dose <= sign.start for dose in doses)
        if found and (sign.start <= free_from or (sign.start - free_from <= GAP and not dosed)):
            found[-1].append(sign)
        else:
            found.append([sign])
        free_from = max(free_from, sign.end)
    return found


def grade(subject: Subject) -> list[Row]:
    """Stretches of equal grade of each episode, with the episode's dose number and first waiving treatment."""
    graded: list[Row] = []
    for island in islands(list(subject.signs()), subject.doses):
        fevers = [
            s.start for s in island if s.sign == "fever" and any(d <= s.start < d + WINDOW for d in subject.doses)
        ]
        if not fevers:
            continue
        onset, last = min(fevers), max(sign.end for sign in island)
        waived = next((given for given in subject.waivers() if onset <= given <= last), None)
        facts = {"episode": 1 + max((row["episode"] for row in graded), default=0), "waived_from": waived}
        facts["dose_number"] = sum(dose <= onset for dose in subject.doses)
        graded += [{**facts, **row} for row in segments(island, onset, waived or datetime.max)]
    return graded


def segments(island: list[Interval], onset: datetime, waived: datetime) -> list[Row]:
    """Stretches of equal grade from onset to the end of the last sign that counts."""
    edges = {edge for sign in island for edge in (sign.start, sign.end) if edge >= onset}
    times = sorted(edges | ({waived} if waived < max(edges) else set()))
    found: list[Row] = []
    for start, end in pairwise(times):
        present = [sign for sign in island if sign.start <= start < sign.end]
        level = level_at(present, start >= waived)
        if found and found[-1]["grade"] == level:
            found[-1]["end_dtm"] = end
        else:
            found.append({"start_dtm": start, "end_dtm": end, "grade": level})
    return found[:-1] if found and found[-1]["grade"] == 0 else found


def grade_transfer(transfer: Path, dirty: pl.DataFrame, every: int) -> pl.DataFrame:
    """Grades of every so-many-th subject of a Parquet transfer, once its dirty rows are left out."""
    chosen = pl.read_parquet(transfer / "dm.parquet")["USUBJID"].gather_every(every)
    rows: dict[str, dict[str, list[Row]]] = {name: {domain: [] for domain in DOMAINS} for name in chosen}
    for domain in DOMAINS:
        for row in clean(transfer, domain, dirty).filter(pl.col("USUBJID").is_in(chosen.implode())).to_dicts():
            rows[row["USUBJID"]][domain].append(row)
    subjects = {usubjid: Subject(found, date.fromisoformat(transfer.name)) for usubjid, found in rows.items()}
    graded = {usubjid: grade(found) for usubjid, found in subjects.items() if found.doses}
    stretches = [{"usubjid": usubjid, **row} for usubjid, found in graded.items() for row in found]
    return pl.DataFrame(stretches, infer_schema_length=None)


def clean(transfer: Path, domain: str, dirty: pl.DataFrame) -> pl.DataFrame:
    """A domain's rows without the dirty ones, one of each exact duplicate kept."""
    frame = pl.read_parquet(transfer / f"{domain.lower()}.parquet").unique(maintain_order=True)
    if f"{domain}SEQ" not in frame.columns:
        return frame
    wrong = dirty.filter((pl.col("domain") == domain) & (pl.col("kind") != "exact duplicate"))
    return frame.join(
        wrong,
        left_on=["USUBJID", f"{domain}SEQ"],
        right_on=["usubjid", "seq"],
        how="anti",
        maintain_order="left",
    )
