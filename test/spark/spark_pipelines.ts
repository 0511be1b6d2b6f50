import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'

const PROJECT = join(import.meta.dirname, 'pipelines_project')
/** Where the project of the documentation keeps its data. */
const DATA = '/data/teams'
/** For a small Spark without a network: Delta from files, short queries, on loopback only. */
const SMALL = {
  'spark.driver.bindAddress': '127.0.0.1',
  'spark.driver.host': '127.0.0.1',
  'spark.ui.enabled': 'false',
  'spark.ui.showConsoleProgress': 'false',
  'spark.sql.session.timeZone': 'UTC',
  'spark.sql.parquet.outputTimestampType': 'TIMESTAMP_MICROS',
  'spark.sql.shuffle.partitions': '1',
  'spark.databricks.delta.snapshotPartitions': '1',
}

/** A copy of the documentation's project, run by the command `spark-pipelines`. */
export class PipelinesProject {
  readonly #folder: string
  readonly #venv: string

  /** @param python of the Spark tests' environment */
  constructor(folder: string, python: string, connection: object) {
    this.#folder = folder
    this.#venv = dirname(dirname(python))
    cpSync(PROJECT, folder, { recursive: true })
    writeFileSync(join(folder, 'connection.json'), JSON.stringify(connection), { mode: 0o600 })
    for (const file of ['spark-pipeline.yml', this.#defaults])
      this.#rewrite(file, (all) => all.replaceAll(DATA, folder))
    const jars = readdirSync(join(this.#venv, 'jars')).map((jar) => join(this.#venv, 'jars', jar))
    this.#rewrite(this.#defaults, (all) => all.replace(/^spark\.jars\.packages .*$/m, `spark.jars ${jars.join(',')}`))
    const small = Object.entries(SMALL).map(([name, value]) => `${name} ${value}\n`)
    appendFileSync(join(folder, this.#defaults), small.join(''))
  }

  readonly #defaults = 'conf/spark-defaults.conf'

  #rewrite(file: string, change: (text: string) => string): void {
    const path = join(this.#folder, file)
    writeFileSync(path, change(readFileSync(path, 'utf8')))
  }

  /** What the command says, as it ends. */
  async run(): Promise<{ code: number | null; output: string }> {
    const child: ChildProcess = spawn(join(this.#venv, 'bin/spark-pipelines'), ['run'], {
      cwd: this.#folder,
      env: {
        ...process.env,
        PATH: `${join(this.#venv, 'bin')}:${process.env.PATH}`,
        PYTHONPATH: join(this.#venv, 'pipelines'),
        PYSPARK_PYTHON: join(this.#venv, 'bin/python'),
        SPARK_CONF_DIR: join(this.#folder, 'conf'),
        SPARK_LOCAL_IP: '127.0.0.1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')])
    return { code: child.exitCode, output: `${out}${err}` }
  }

  /** Columns of a Delta table, from the files that its log says are in it. */
  async rows(table: string, columns: string): Promise<Record<string, unknown>[]> {
    const folder = join(this.#folder, 'warehouse', table)
    const files = new Set<string>()
    for (const commit of readdirSync(join(folder, '_delta_log'))
      .filter((name) => /^\d+\.json$/.test(name))
      .sort()) {
      for (const line of readFileSync(join(folder, '_delta_log', commit), 'utf8')
        .trim()
        .split('\n')) {
        const { add, remove } = JSON.parse(line) as { add?: { path: string }; remove?: { path: string } }
        if (add) files.add(add.path)
        if (remove) files.delete(remove.path)
      }
    }
    if (files.size === 0) return []
    const list = [...files].map((file) => `'${join(folder, decodeURIComponent(file))}'`)
    const database = await openDatabase(':memory:', { sleep: async () => {} })
    try {
      const rows = await database.connection.runAndReadAll(`SELECT ${columns} FROM read_parquet([${list.join(', ')}])`)
      return rows.getRowObjectsJson()
    } finally {
      database.close()
    }
  }
}
