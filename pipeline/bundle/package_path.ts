/** Where tools for community connectors look for a source, below the folder of a repository or of installed packages. */
export const SOURCES_PACKAGE = 'databricks/labs/community_connector/sources'

/** Folder of a source's Python package in a repository. */
export function packageFolder(source: string): string {
  return `src/${SOURCES_PACKAGE}/${source}`
}

/** Name of the module that is generated, as Python imports it. */
export function generatedModule(source: string): string {
  return `_generated_${source}_python_source`
}

/** `MicrosoftTeamsDataSource` of `microsoft_teams`. */
export function dataSourceName(source: string): string {
  const words = source.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  return `${words.join('')}DataSource`
}
