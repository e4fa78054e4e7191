"""When something was, as days from the first dose of a row ``c`` with ``dosed`` and ``is_whole``."""


def day(moment: str, precision: str) -> str:
    """Elapsed days from the first dose, whole where one of the two is known only by its day, none by month or year."""
    return (
        f"case when {precision} in ('Y', 'M') then null when c.is_whole or {precision} = 'D' "
        f"then cast(date_diff('day', cast(c.dosed as date), cast({moment} as date)) as double) "
        f"else {place(moment)} end"
    )


def place(moment: str) -> str:
    """Where it stands on the axis of a profile, in days."""
    return f"epoch({moment} - c.dosed) / 86400.0"
