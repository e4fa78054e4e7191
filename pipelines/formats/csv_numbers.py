"""Which columns of a CSV file are numbers: those that SDTM defines so, if their values agree."""

import re

import polars as pl

# Source: SDTM 2.0 and SDTMIG 3.4, variables of type Num; the first two letters are the domain's.
_SDTM_NUMBER = re.compile(
    r"[A-Z]{2}(SEQ|DOSE|DOSTOT|VAMT|STRESN|STNRLO|STNRHI|LLOQ|ULOQ|REPNUM|DY|STDY|ENDY|TPTNUM"
    r"|LLTCD|PTCD|HLTCD|HLGTCD|BDSYCD|SOCCD)"
    r"|AGE|DTHDY|VISITNUM|VISITDY|TAETORD"
)
_MISSING = ("", ".", "NA")


def may_be_number(name: str) -> bool:
    """Whether SDTM defines a variable of this name as numeric: AESEQ, VISITNUM, LBSTRESN."""
    return _SDTM_NUMBER.fullmatch(name.upper()) is not None


def to_numbers(text: pl.Series) -> pl.Series:
    """The numbers of a text column: null where it is blank, '.' or 'NA', NaN where it is no number.

    Args:
        text: A String column, blanks around a value allowed.

    Returns:
        A Float64 column of the same name and length.
    """
    bare = pl.col(text.name).str.strip_chars(" ")
    number = bare.cast(pl.Float64, strict=False)
    known = bare.is_not_null() & ~bare.is_in(_MISSING)
    made = pl.when(known).then(pl.when(number.is_finite()).then(number).otherwise(float("nan")).fill_null(float("nan")))
    return text.to_frame().select(made.alias(text.name)).to_series()
