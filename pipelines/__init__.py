"""From a trial's datasets to reports: ingest, validate, grade, analyse, release."""
