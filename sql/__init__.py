"""The tables of crsight: one SQL file is one table, and judgement is rows with a source."""
