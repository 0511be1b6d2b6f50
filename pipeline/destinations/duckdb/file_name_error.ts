import { ParleyError } from '../../../libs/connect/error.ts'

/** DuckDB calls an open file by its name, and cannot tell `name.table` in the schema `name` from one in the file `name`. */
export class FileNameError extends ParleyError {
  readonly code = 'PARLEY_FILE_NAME'
  readonly kind = 'configuration'

  constructor(path: string, schema: string) {
    super(`${path} is called like the schema ${schema} in it, which DuckDB cannot tell apart.`, {
      remedy: `Rename the file (lake.duckdb)${schema === 'parley' ? '' : ', or name another destination_schema'}.`,
      details: { path, schema },
    })
  }
}
