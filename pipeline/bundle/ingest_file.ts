import type { IngestionType } from '../../libs/connect/table.ts'
import { generatedModule, packageFolder } from './package_path.ts'
import { pythonText } from './python_text.ts'
import type { SourceFacts } from './source_facts.ts'

/** What the example says of a table. */
export interface ExampleTable {
  name: string
  description: string
  ingestionType: IngestionType
}

/** What the pipeline's settings tell the example, and the names they have there. */
export const SETTINGS = { folder: 'parley.folder', connection: 'parley.connection' } as const

/**
 * `ingest.py`: the source file of a pipeline, with every table of the source in its pipeline spec. Values are written
 * as Python has them: JSON's `true` and `null` are names that Python does not know.
 */
export function ingestFile({ name, displayName }: SourceFacts, tables: readonly ExampleTable[]): string {
  return `"""${displayName} into tables: the source file of a pipeline.

An example with every table. Take out what you do not need; options of a table go beside scd_type, as texts, and
README.md of the package has them all. Outside of Databricks, end with
ingest(spark, pipeline_spec, connection="connection.json"), a file with the options of the connection.
"""

import os
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()

# Hands the options of the connection, credentials among them, to the reads that name it.
spark.conf.set("spark.databricks.unityCatalog.connectionDfOptionInjection.enabled", "true")

# Where this folder lies: the pipeline's settings say so. Elsewhere it is where this file is.
folder = spark.conf.get("${SETTINGS.folder}", "") or os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(folder, "${packageFolder(name)}"))

from ${generatedModule(name)} import ingest, register_lakeflow_source

pipeline_spec = {
    "connection_name": spark.conf.get("${SETTINGS.connection}", ${pythonText(name)}),
    # Tables go to the pipeline's own catalog and schema. For others, add destination_catalog and destination_schema.
    "objects": [
${tables.map(entry).join('')}    ],
}

register_lakeflow_source(spark)
ingest(spark, pipeline_spec)
`
}

function entry({ name, description, ingestionType }: ExampleTable): string {
  const listed = ingestionType === 'snapshot' ? ' Listed whole by every run.' : ''
  return `        # ${description.replaceAll('\n', ' ')}${listed}
        {
            "table": {
                "source_table": ${pythonText(name)},
                "destination_table": ${pythonText(name)},
                "table_configuration": {"scd_type": ${pythonText(scdType(ingestionType))}},
            },
        },
`
}

/** What is listed whole every time has no stream to append from. */
function scdType(ingestionType: IngestionType): string {
  return ingestionType === 'append' ? 'APPEND_ONLY' : 'SCD_TYPE_1'
}
