import { DuckDBInstance } from '@duckdb/node-api'

/** A program that opens the DuckDB file it is told, as any other program would, until its input ends. */
const held = await DuckDBInstance.create(process.argv[2])
process.stdin.on('end', () => held.closeSync()).resume()
console.log('held')
