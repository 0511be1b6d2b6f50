"""A table whose making was broken off between Delta's log and the catalog."""

import pytest
from parley_spark.errors import ParleyError
from parley_spark.make_table import make_table


@pytest.fixture
def begun(spark):
    """What is left then: a table that the catalog does not know, where the next one of its name is to be."""
    spark.sql("CREATE SCHEMA IF NOT EXISTS begun")
    schema = spark.catalog.getDatabase("begun").locationUri.removeprefix("file:")

    def begin(name):
        # Files of a table that is not managed stay when it is dropped.
        spark.sql(f"CREATE TABLE begun.aside (id INT) USING delta LOCATION '{schema}/{name}'")
        spark.sql("DROP TABLE begun.aside")
        assert not spark.catalog.tableExists(f"begun.{name}")
        return f"{schema}/{name}"

    return begin


def test_the_next_run_makes_it(spark, begun):
    begun("empty")
    make_table(spark, "CREATE TABLE IF NOT EXISTS begun.empty (id INT, more STRING) USING delta")
    spark.sql("INSERT INTO begun.empty VALUES (1, 'a')")
    assert spark.table("begun.empty").count() == 1


def test_a_table_with_rows_is_left_alone(spark, begun):
    folder = begun("filled")
    spark.createDataFrame([(1,)], "id INT").write.format("delta").mode("append").save(folder)
    with pytest.raises(ParleyError, match=r"\[PARLEY_TARGET_INCOMPATIBLE\].*no table that the catalog knows"):
        make_table(spark, "CREATE TABLE begun.filled (id INT) USING delta")
    assert spark.read.format("delta").load(folder).count() == 1
