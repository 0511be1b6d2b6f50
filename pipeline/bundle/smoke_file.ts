import type { SourceDefinition } from '../../libs/connect/source.ts'
import { placeholders } from '../connection/request_body.ts'
import { NODE_PACKAGE } from './asset_bundle.ts'
import { generatedModule, packageFolder } from './package_path.ts'
import { pythonText } from './python_text.ts'

/** How Databricks parts the cells of a notebook that is kept as a Python file. */
export const CELL = '\n# COMMAND ----------\n\n'
/** The first line of a cell that only Databricks can run. */
export const NEEDS_DATABRICKS = '# Needs Databricks: '

/** `smoke.py`: a notebook that shows, cell by cell, what of the source runs where it is opened. */
export function smokeFile(source: SourceDefinition): string {
  const listed = tableOf(source, 'snapshot')
  const streamed = tableOf(source, 'windowed')
  const cells = [
    title(source, streamed),
    `# MAGIC %pip install --quiet ${pythonText(NODE_PACKAGE)}\n`,
    settings(source, streamed),
    node(source),
    STREAMS,
    connection(source),
    coverage(listed, streamed),
    batch(listed),
    stream(source, streamed),
  ]
  return `# Databricks notebook source\n${cells.join(CELL)}`
}

/** The first table that is read so: in every source the most common one. */
function tableOf({ name, feeds }: SourceDefinition, kind: 'snapshot' | 'windowed'): string {
  const table = feeds.find((feed) => feed.kind === kind)?.tables[0]
  if (table === undefined) throw new TypeError(`${name} has no feed of the kind ${kind}.`)
  return table
}

function title({ displayName }: SourceDefinition, streamed: string): string {
  return `# MAGIC %md
# MAGIC # ${displayName}: what runs here
# MAGIC
# MAGIC Run the cells from top to bottom. Each of them prints what it has shown, or ends with an error whose code is explained in docs/errors.md.
# MAGIC It reads some days of \`${streamed}\`, and writes into the folder \`target\` and nowhere else: delete that when you are done.
`
}

function settings({ name, options }: SourceDefinition, streamed: string): string {
  const since = 'start_date' in options ? SINCE : 'since = {}\n'
  return `import json
import os
import sys
from datetime import datetime, timedelta, timezone

# The connection of Unity Catalog that holds the credentials.
connection_name = ${pythonText(name)}
# A folder for ${streamed} and the checkpoint of their stream: of a volume.
target = "/Volumes/main/default/parley_smoke"
${since}`
}

const SINCE = `# So much is read; a pipeline reads everything.
days = 3
since = {"start_date": (datetime.now(timezone.utc) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")}
`

function node({ name, tables }: SourceDefinition): string {
  const names = tables.map((table) => table.name).sort()
  return `# Node.js and the generated file: this asks for the tables, without credentials and without the API.
sys.path.append(os.path.join(os.getcwd(), "${packageFolder(name)}"))

from ${generatedModule(name)} import register_lakeflow_source

register_lakeflow_source(spark)
tables = [row.tableName for row in spark.read.format("${name}").options(tableName="_community_tables").load().collect()]
assert tables == ${`[${names.map(pythonText).join(', ')}]`}, tables
print("Node.js runs the source, which has", len(tables), "tables:", ", ".join(tables))
`
}

const STREAMS = `# How this runtime reads a stream.
try:
    import pyspark.sql.streaming.datasource  # noqa: F401

    print("Streams are read by tasks, side by side.")
except ImportError:
    print("Streams are read by one process: see docs/spark.md about Spark 4.0 and 4.1.")
`

function connection(source: SourceDefinition): string {
  const needed = Object.keys(placeholders(source))
  const secrets = needed.map((name) => `${pythonText(name)}: dbutils.secrets.get("parley", ${pythonText(name)})`)
  return `${NEEDS_DATABRICKS}the connection hands its options to reads that name it. Where the runtime refuses this setting,
# keep them in a secret scope, and take these in place of what follows:
# options = {${secrets.join(', ')}}
spark.conf.set("spark.databricks.unityCatalog.connectionDfOptionInjection.enabled", "true")
options = {"databricks.connection": connection_name}
`
}

function coverage(listed: string, streamed: string): string {
  return `# What the API lets this application read: one small request for each partition, no rows.
def read(reader, **more):
    return reader.format("lakeflow_connect").options(**options, **more)


asked = json.dumps([${pythonText(listed)}, ${pythonText(streamed)}])
found = read(spark.read, tableName="_parley_coverage", tableNameList=asked).load()
found.groupBy("tableName", "state", "code", "remedy").count().show(truncate=False)
assert found.where("state = 'ok'").count() > 0, "everything is refused: see the column remedy"
print("Credentials and permissions are good for what is ok above.")
`
}

function batch(listed: string): string {
  return `# A table that is listed whole.
rows = read(spark.read, tableName=${pythonText(listed)}).load()
rows.limit(5).show()
print(rows.count(), ${pythonText(`rows of ${listed}.`)})
`
}

function stream({ tables }: SourceDefinition, streamed: string): string {
  const { primaryKeys } = tables.find(({ name }) => name === streamed)!
  return `# A stream appended to a Delta table, and once more from its checkpoint: that brings what is new, and again what lies so
# near to the end of the first run that it can have changed. The keys stay the same.
def run():
    rows = read(spark.readStream, tableName=${pythonText(streamed)}, **since).load()
    writer = rows.writeStream.format("delta").trigger(availableNow=True)
    writer.option("checkpointLocation", f"{target}/checkpoint").start(f"{target}/${streamed}").awaitTermination()
    stored = spark.read.format("delta").load(f"{target}/${streamed}")
    return stored.count(), stored.select(${primaryKeys.map(pythonText).join(', ')}).distinct().count()


(first, _), (second, distinct) = run(), run()
print(first, ${pythonText(`rows of ${streamed}, then`)}, second - first, "more;", distinct, "by their keys.")
`
}
