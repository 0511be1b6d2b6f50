"""A table is made in two places, first in Delta's log, then in the catalog: a run that dies in between leaves a folder
in which no table can be made again."""

from __future__ import annotations

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession

from .errors import ParleyError

NOT_EMPTY = "DELTA_CREATE_TABLE_WITH_NON_EMPTY_LOCATION"
LOG_FOLDER = "_delta_log"
FIRST_VERSION = f"{0:020}.json"


def make_table(spark: SparkSession, statement: str) -> None:
    """:param statement: CREATE TABLE of a managed Delta table

    :raises ParleyError: PARLEY_TARGET_INCOMPATIBLE
    """
    try:
        spark.sql(statement)
    except AnalysisException as error:
        if error.getCondition() != NOT_EMPTY:
            raise
        location = error.getMessageParameters()["tableLocation"]
        if not _remove_remains(spark, location):
            raise _occupied(location) from error
        spark.sql(statement)


def _remove_remains(spark: SparkSession, location: str) -> bool:
    """Removes the folder of a table that was begun and never written to. Whether it was one."""
    try:
        path_of = spark._jvm.org.apache.hadoop.fs.Path
        hadoop = spark._jsparkSession.sessionState().newHadoopConf()
    except AttributeError:
        # A client of Spark Connect sees no files.
        return False
    folder, log = path_of(location), path_of(location, LOG_FOLDER)
    files = folder.getFileSystem(hadoop)
    names = lambda path: [one.getPath().getName() for one in files.listStatus(path)]
    if names(folder) != [LOG_FOLDER]:
        return False
    versions = [name for name in names(log) if name.endswith(".json")]
    # A first version alone can hold rows too, whose files are elsewhere.
    if versions and (versions != [FIRST_VERSION] or not spark.read.format("delta").load(location).isEmpty()):
        return False
    return files.delete(folder, True)


def _occupied(location: str) -> ParleyError:
    return ParleyError(
        "PARLEY_TARGET_INCOMPATIBLE",
        f"There are files in {location}, and no table that the catalog knows.",
        "Use a catalog that outlives the session, as spark.sql.catalogImplementation=hive does; remove files of a table that was dropped.",
    )
