"""The data dictionary of a release as a page: what each table and column of its database is."""

import polars as pl

from reports.html import stylesheet, templates
from reports.material import Material


def dictionary(material: Material) -> str:
    """The dictionary as one HTML file that needs no network and has no script.

    Args:
        material: Its table ``dictionary``.
    """
    tables = [
        (name, rows["about"][0], rows.select("column", "type", "meaning").rows())
        for (name,), rows in material.tables["dictionary"].group_by("table", maintain_order=True)
    ]
    raw = material.tables["ingested"].select(pl.col("domain").str.to_lowercase().unique().sort()).to_series()
    page = templates().get_template("dictionary.html")
    return page.render(material=material, style=stylesheet(), tables=tables, raw=[f"raw_{name}" for name in raw])
