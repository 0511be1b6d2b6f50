import { NODE_PACKAGE } from './asset_bundle.ts'
import { packageFolder } from './package_path.ts'
import type { SourceFacts } from './source_facts.ts'

/** Name of the Python distribution: `parley-lakehouse-microsoft-teams`. */
export function distributionName(source: string): string {
  return `parley-lakehouse-${source.replaceAll('_', '-')}`
}

/** `pyproject.toml`: builds the wheel that managed ingestion installs. */
export function pyprojectFile({ name, displayName, version }: SourceFacts): string {
  return `# The wheel for managed ingestion: \`python -m build --wheel\`.
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "${distributionName(name)}"
version = "${version}"
description = ${JSON.stringify(`${displayName} as a Spark data source.`)}
readme = "README.md"
requires-python = ">=3.10"
license = "Apache-2.0"
license-files = ["LICENSE", "${packageFolder(name)}/THIRD_PARTY_NOTICES"]
# Spark and pyarrow are the runtime's own.
dependencies = ["${NODE_PACKAGE}"]

[tool.hatch.build]
# What a repository around this folder ignores is no concern of the wheel's.
ignore-vcs = true

[tool.hatch.build.targets.wheel]
packages = ["src/databricks"]
`
}
