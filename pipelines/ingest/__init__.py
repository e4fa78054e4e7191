"""A transfer becomes the raw layer: one Parquet per dataset, as received, with _file and _row, written once."""

from pipelines.ingest.cut import Ingested, RawCut, received
from pipelines.ingest.ledger import sha256, unchanged_ledger
from pipelines.ingest.transfer import ingest

__all__ = ["Ingested", "RawCut", "ingest", "received", "sha256", "unchanged_ledger"]
