"""The metrics of conf/metrics over Kith's tables, by Spark: for an organisation that has outgrown one machine.

    spark-submit metrics.py --tables /var/lib/kith/tables --metrics conf/metrics --out metrics/

The SQL files run unchanged. Each metric becomes a folder of JSON lines below --out, or, without it, lines of the form
{"metric": NAME, "rows": [...]} on standard output. --tables may be any place that Spark reads, such as an object store.
"""

import argparse
import json
import pathlib

from pyspark.sql import SparkSession
from pyspark.sql.types import FloatType, LongType, StringType, StructField, StructType

TEXT, INT, FLOAT = StringType(), LongType(), FloatType()

# A table without files has no schema to read: what the metrics ask of those that may be empty.
EMPTY = {
    "deliveries": {"id": TEXT, "at": TEXT, "recipient": TEXT, "recipient_domain": TEXT, "verdict": TEXT},
    "contributions": {"id": TEXT, "name": TEXT, "points": FLOAT},
    "matches": {"id": TEXT, "rule": TEXT},
    "labels": {"id": TEXT, "label": TEXT, "how": TEXT, "at_ms": INT, "current": INT},
}


def read(spark, root, table):
    """A table as a view. Files of older versions lack columns, which are null then."""
    try:
        frame = spark.read.option("mergeSchema", "true").parquet(f"{root}/{table}")
    except Exception as error:
        if table not in EMPTY or "PATH_NOT_FOUND" not in str(error):
            raise
        fields = [StructField(name, kind) for name, kind in EMPTY[table].items()]
        frame = spark.createDataFrame([], StructType(fields))
    frame.createOrReplaceTempView(table)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", required=True, help="the folder of the tables")
    parser.add_argument("--metrics", required=True, type=pathlib.Path, help="the folder of the SQL files")
    parser.add_argument("--out", help="where the answers go")
    arguments = parser.parse_args()

    spark = (
        SparkSession.builder.appName("kith-metrics")
        # Days stay text, as everywhere else.
        .config("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    for table in ["decisions", "signals", *EMPTY]:
        read(spark, arguments.tables.rstrip("/"), table)
    for path in sorted(arguments.metrics.glob("*.sql")):
        answer = spark.sql(path.read_text(encoding="utf-8"))
        if arguments.out:
            answer.coalesce(1).write.mode("overwrite").json(f"{arguments.out}/{path.stem}")
        else:
            rows = [row.asDict() for row in answer.collect()]
            print(json.dumps({"metric": path.stem, "rows": rows}), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
