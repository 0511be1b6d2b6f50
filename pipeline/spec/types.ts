/** How versions of a row are kept, in the lakehouse's words. */
export type ScdType = 'SCD_TYPE_1' | 'SCD_TYPE_2' | 'APPEND_ONLY'

export const scdTypes: readonly ScdType[] = ['SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY']

/** A pipeline spec after every check: what to read and where it goes. */
export interface PipelineSpec {
  /** The path as the user wrote it. */
  file: string
  /** Picks a section of the connection file; the first part of every state key. */
  connectionName: string
  /** In the order of the file; no two share a destination. */
  tables: TableJob[]
}

/** One entry of `objects`. */
export interface TableJob {
  sourceTable: string
  /** `table` defaults to `sourceTable`; without `schema` the destination decides (locally: the source's name). */
  destination: { catalog?: string; schema?: string; table: string }
  /** Default `SCD_TYPE_1`. */
  scdType: ScdType
  /** Replaces the table's own keys. */
  primaryKeys?: string[]
  /** Replaces the table's cursor field as the order of a row's versions. */
  sequenceBy?: string
  /** For Databricks; a local destination has no use for it. */
  clusterBy?: string[]
  /** The rest of `table_configuration` as text, as Spark passes it; unset (`null`) entries are left out. */
  options: Record<string, string>
  /** Where the entry stands in the file, from 1; 0 for a job that no file names. */
  line: number
}
