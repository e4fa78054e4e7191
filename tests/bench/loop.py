"""ASTCT 2019 as it is done by hand: pandas, one subject after the other. Only its time matters here."""

from pathlib import Path

import pandas as pd

_HOLD, _GAP, _WINDOW = pd.Timedelta(hours=12), pd.Timedelta(days=7), pd.Timedelta(days=30)
_VASOPRESSORS = {"NOREPINEPHRINE", "PHENYLEPHRINE", "EPINEPHRINE", "DOPAMINE"}
_WAIVING = {"TOCILIZUMAB", "DEXAMETHASONE", "ACETAMINOPHEN", "PARACETAMOL", "CORTICOSTEROIDS"}


def read(transfer: Path, subjects: int) -> dict[str, pd.DataFrame]:
    """The rows of the first treated subjects, by domain, with times as times."""
    frames = {name: pd.read_parquet(transfer / f"{name}.parquet") for name in ("ex", "vs", "cm", "pr")}
    chosen = frames["ex"]["USUBJID"].drop_duplicates().head(subjects)
    kept = {name: frame[frame["USUBJID"].isin(chosen)].copy() for name, frame in frames.items()}
    for frame in kept.values():
        for name in [column for column in frame.columns if column.endswith("DTC")]:
            frame[name] = pd.to_datetime(frame[name], errors="coerce", format="ISO8601")
    return kept


def grade(frames: dict[str, pd.DataFrame]) -> dict[str, int]:
    """The highest grade of each subject."""
    grouped = {name: dict(tuple(frame.groupby("USUBJID"))) for name, frame in frames.items()}
    empty = {name: frame.head(0) for name, frame in frames.items()}
    return {
        subject: _grade(*(grouped[name].get(subject, empty[name]) for name in ("ex", "vs", "cm", "pr")))
        for subject in grouped["ex"]
    }


def _readings(vs: pd.DataFrame, test: str, anchor: pd.Timestamp) -> pd.DataFrame:
    rows = vs[vs["VSTESTCD"] == test].sort_values("VSDTC")
    following = rows["VSDTC"].shift(-1)
    ends = (rows["VSDTC"] + _HOLD).where(following.isna(), following).clip(upper=rows["VSDTC"] + _HOLD)
    return rows.assign(end=ends)[rows["VSDTC"] >= anchor]


def _grade(ex: pd.DataFrame, vs: pd.DataFrame, cm: pd.DataFrame, pr: pd.DataFrame) -> int:
    doses = ex["EXSTDTC"].dropna()
    temperatures = _readings(vs, "TEMP", doses.min())
    celsius = temperatures["VSSTRESN"].where(temperatures["VSSTRESU"] != "F", (temperatures["VSSTRESN"] - 32) / 1.8)
    fever = temperatures[celsius.round(1) >= 38]
    pressures = _readings(vs, "SYSBP", doses.min())
    low = pressures[pressures["VSSTRESN"] < 90]
    drugs = cm[cm["CMDECOD"].isin(_VASOPRESSORS) & (cm["CMSTDTC"] >= doses.min())]
    support = pr[pr["PRINDC"].eq("HYPOXIA") & (pr["PRSTDTC"] >= doses.min())]
    onset = next((t for t in fever["VSDTC"] if ((doses <= t) & (t < doses + _WINDOW)).any()), None)
    if onset is None:
        return 0
    waived = cm[cm["CMDECOD"].isin(_WAIVING) & (cm["CMSTDTC"] >= onset)]["CMSTDTC"].min()
    highest = 0
    for at in pd.concat([fever["VSDTC"], low["VSDTC"], drugs["CMSTDTC"], support["PRSTDTC"]]).drop_duplicates():
        is_febrile = ((fever["VSDTC"] <= at) & (at < fever["end"])).any()
        if at < onset or not (is_febrile or (pd.notna(waived) and at >= waived)):
            continue
        agents = drugs[(drugs["CMSTDTC"] <= at) & ~(drugs["CMENDTC"] <= at)]["CMDECOD"].nunique()
        devices = support[(support["PRSTDTC"] <= at) & ~(support["PRENDTC"] <= at)]["PRTRT"]
        is_low = ((low["VSDTC"] <= at) & (at < low["end"])).any()
        pressure = 4 if agents > 1 else 3 if agents else 2 if is_low else 0
        oxygen = 4 if devices.str.contains("VENTILATION|OXYGENATION").any() else 2 if len(devices) else 0
        highest = max(highest, 1 if is_febrile else 0, pressure, oxygen)
    return highest
