"""Blocks to files: Parquet as the blocks come, other formats from it at the end."""

from collections.abc import Mapping
from itertools import cycle
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from pipelines.simulate.adverse_events import adverse_events
from pipelines.simulate.block import Block
from pipelines.simulate.crs_reports import daily_grades
from pipelines.simulate.dirty import can_be_dirty, dirty_rows
from pipelines.simulate.events import sdtm
from pipelines.simulate.exposure import exposures
from pipelines.simulate.labs import laboratory
from pipelines.simulate.medications import medications
from pipelines.simulate.presets import Preset
from pipelines.simulate.procedures import procedures
from pipelines.simulate.related import relations, supplements
from pipelines.simulate.states import performance_status, prior_lines
from pipelines.simulate.subjects import demographics, dispositions
from pipelines.simulate.tables import domains, variables
from pipelines.simulate.truth import true_episodes, true_segments
from pipelines.simulate.tumours import tumours
from pipelines.simulate.vitals import vital_signs


class TransferWriter:
    """The Parquet files of a transfer and of its truth, to which blocks are added."""

    def __init__(self, transfer: Path, truth: Path) -> None:
        """Nothing is written yet; files are opened as the first block comes."""
        self._folders = {True: truth, False: transfer}
        self._files: dict[str, pq.ParquetWriter] = {}

    def add(self, block: Block) -> None:
        """Write the subjects of a block, and after them their wrong rows."""
        self._write("truth", true_episodes(block).to_arrow())
        self._write("truth_segments", true_segments(block).to_arrow())
        for domain, rows in _tables(block).items():
            self._write(domain.lower(), rows)
            if can_be_dirty(domain):
                wrong, listed = dirty_rows(block, domain, rows)
                self._write(domain.lower(), wrong)
                self._write("truth_dirty", listed.to_arrow())

    def close(self) -> None:
        """Finish every file."""
        for file in self._files.values():
            file.close()

    def _write(self, name: str, rows: pa.Table) -> None:
        if name not in self._files:
            path = self._folders[name.startswith("truth")] / f"{name}.parquet"
            # Without Arrow's own schema the columns are plain text to every reader.
            self._files[name] = pq.ParquetWriter(path, rows.schema, compression="zstd", store_schema=False)
        if len(rows):
            self._files[name].write_table(rows.cast(self._files[name].schema))


def convert(transfer: Path, formats: tuple[str, ...]) -> None:
    """Turn a transfer's Parquet files into ``formats``, of which the datasets take each in turn."""
    from pipelines.formats import write_dataset  # Only needed for formats other than Parquet.

    for (domain, label), extension in zip(domains().items(), cycle(formats), strict=False):
        if extension != "parquet":
            source = transfer / f"{domain.lower()}.parquet"
            labels = {row.variable: row.label for row in variables(domain)}
            path = source.with_suffix(f".{extension}")
            write_dataset(pl.read_parquet(source), path, name=domain, label=label, labels=labels)
            source.unlink()


def write_protocol(folder: Path, study: str, preset: Preset) -> None:
    """Write ``study.yaml``: the protocol's facts, as the study folder has them."""
    said = _protocol(study, preset)
    (folder / "study.yaml").write_text(
        yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=120), encoding="utf-8"
    )


def _tables(block: Block) -> Mapping[str, pa.Table]:
    ae, cm = adverse_events(block), medications(block)
    made = {
        "EX": exposures(block),
        "AE": ae,
        "FA": daily_grades(block),
        "CM": cm,
        "PR": procedures(block),
        "TR": tumours(block),
        "RS": performance_status(block),
        "DS": dispositions(block),
    }
    numbered = {domain: sdtm(domain, frame, block) for domain, frame in made.items()}
    return {
        "DM": demographics(block),
        **numbered,
        "VS": vital_signs(block),
        "LB": laboratory(block),
        "SUPPAE": supplements(block, ae),
        "SUPPDM": prior_lines(block),
        "RELREC": relations(block, ae, cm),
    }


def _protocol(study: str, preset: Preset) -> dict[str, object]:
    dose: dict[str, object] = {"variable": "EX.EXDOSE", "unit": preset.dose_unit}
    if preset.dose_by == "dose_number":
        dose["by"] = "dose_number"
    else:
        dose["levels"] = {row.level: [row.at_least, row.below] for row in preset.levels}
    return {
        "study": study,
        "title": preset.title,
        "indication": preset.indication,
        "anchor": "first_infusion",
        "therapy": {"variable": "EX.EXTRT", "classes": {preset.therapy: [preset.treatment]}},
        "dose": dose,
        "tumour_burden": {
            "variable": preset.burden_variable,
            "unit": preset.burden_unit,
            "baseline": "last_before_anchor",
            "cut": preset.burden_cut,
        },
        "premedication": {"window_hours": 24},
        "grading": {
            "primary": preset.grading_primary,
            "reported_scale": "ASTCT 2019",
        },
        "board": {"stopping": {"event": "grade>=3"}},
    }
