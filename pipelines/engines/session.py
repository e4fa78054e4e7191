"""A Spark session, as the settings say."""

from collections.abc import Mapping
from typing import Any

from pipelines.engines.errors import EngineError

# What makes Spark mean what DuckDB means, whatever the settings say.
_MEANING = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}
# What suits one machine unless the settings say otherwise.
_USUAL = {
    "spark.app.name": "crsight",
    "spark.master": "local[*]",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "8",
    "spark.log.level": "ERROR",
}


def session(settings: Mapping[str, str]) -> Any:
    """The session.

    Args:
        settings: Spark's own names and values, such as ``spark.master`` or ``spark.remote``.

    Raises:
        EngineError: If Spark is not installed or does not start.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineError("Spark is not installed: pip install 'crsight[spark]', and Java 17 or newer.") from error
    usual = {} if settings.keys() & {"spark.master", "spark.remote"} else _USUAL
    try:
        return SparkSession.builder.config(map={**usual, **settings, **_MEANING}).getOrCreate()
    except Exception as error:
        # Of py4j, grpc or Python, as Spark was asked for.
        said = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise EngineError(f"Spark does not start: {said}. It needs Java 17 or newer (JAVA_HOME).") from None
