"""The SQL of a model as Spark reads it, meaning what it means in DuckDB."""

import sqlglot
from sqlglot import exp

# What DuckDB takes off the ends of a text: every space of Unicode, of which Spark's trim knows one only.
_SPACES = r"\\p{Zs}+"
# The texts that DuckDB reads as numbers; Spark's cast would also take those of Java, such as 1d.
_NUMBER = r"^\\s*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?\\s*$"


def spark_sql(sql: str) -> str:
    """The query in Spark's SQL.

    Args:
        sql: A model's, in the portable subset. It names its tables as ``schema.table``.

    Returns:
        The same query; tables are called as ``view_name`` says.
    """
    return sqlglot.parse_one(sql, read="duckdb").transform(_meaning).sql(dialect="spark", comments=False)


def select_of(view: str) -> str:
    """The SELECT of a CREATE VIEW of DuckDB's."""
    return sqlglot.parse_one(view, read="duckdb").expression.sql(dialect="duckdb")


def tables_of(select: str) -> list[str]:
    """The tables that a SELECT of DuckDB's reads, as ``schema.table``; files are none."""
    found = sqlglot.parse_one(select, read="duckdb").find_all(exp.Table)
    return sorted({f"{table.db}.{table.name}" for table in found if table.db})


def view_name(table: str) -> str:
    """What a session calls a table, for its own views have no schema: ``staged.doses`` is ``staged__doses``."""
    return table.replace(".", "__").lower()


def _meaning(node: exp.Expr) -> exp.Expr:
    """The node, or what means in Spark what it means in DuckDB."""
    if isinstance(node, exp.Table) and isinstance(node.this, exp.ReadParquet):
        return exp.Table(
            this=exp.to_identifier(node.this.expressions[0].name, quoted=True), db=exp.to_identifier("parquet")
        )
    if isinstance(node, exp.Table) and node.db:
        alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(node.name))
        return exp.Table(this=exp.to_identifier(view_name(f"{node.db}.{node.name}")), alias=alias)
    if isinstance(node, exp.Literal) and node.is_number and "." in node.name:
        # A decimal fraction is exact in Spark's arithmetic, and binary beside doubles in DuckDB's.
        return exp.Var(this=f"{node.name}D")
    if isinstance(node, exp.Trim) and not node.expression:
        return _trimmed(node)
    if isinstance(node, exp.TryCast) and node.to.is_type("double"):
        return _number(node)
    if isinstance(node, exp.Anonymous) and node.name.lower() == "make_timestamp":
        moment = exp.Anonymous(this="timestamp_micros", expressions=node.expressions)
        return exp.Cast(this=moment, to=exp.DataType.build("timestamp_ntz", dialect="spark"))
    return node


def _trimmed(node: exp.Trim) -> exp.Expr:
    sides = {"LEADING": f"^{_SPACES}", "TRAILING": f"{_SPACES}$"}
    pattern = sides.get(str(node.args.get("position") or "").upper(), f"^{_SPACES}|{_SPACES}$")
    return _called("regexp_replace", node.this, exp.Var(this=f"'{pattern}'"), exp.Literal.string(""))


def _number(node: exp.TryCast) -> exp.Expr:
    text = exp.Cast(this=node.this, to=exp.DataType.build("text"))
    is_number = _called("regexp_like", text, exp.Var(this=f"'{_NUMBER}'"))
    # A plain cast, which is not looked at again, and cannot fail where the text is a number.
    return exp.Case(ifs=[exp.If(this=is_number, true=exp.Cast(this=text.copy(), to=exp.DataType.build("double")))])


def _called(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))
