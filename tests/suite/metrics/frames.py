"""The metrics over Kith's tables, read by pandas and asked by DuckDB: one line {"metric": NAME, "rows": [...]} each."""

import json
import pathlib
import sys

import duckdb
import pandas

root, metrics = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
tables = duckdb.connect()
for table in ["decisions", "deliveries", "signals", "contributions", "matches", "labels"]:
    tables.register(table, pandas.read_parquet(root / table))
for path in sorted(metrics.glob("*.sql")):
    frame = tables.sql(path.read_text(encoding="utf-8")).df()
    rows = json.loads(frame.to_json(orient="records", double_precision=15))
    print(json.dumps({"metric": path.stem, "rows": rows}), flush=True)
