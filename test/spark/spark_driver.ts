import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'

export interface DriverSetup {
  python: string
  /** Checkpoints, Delta tables and logs. */
  folder: string
  bundle: string
  options: Record<string, string>
  /** What rows are merged by. None: they are stored as they come, whatever comes twice. */
  keys: string[]
  cursor: string
  /** How often a task may fail before its job does. Default 1. */
  attempts?: number
  /** Keep the log of events, and log as clusters do. */
  tells_all?: boolean
  /** `hive`: what tables there are outlives the driver. */
  catalog?: 'hive'
}

/**
 * Where a driver ends by SIGKILL: before or after the last of statements that come one after the other (patterns of
 * SQL), at a new file in its folder (a glob), or after a time.
 */
export type KillPoint =
  | { when: 'before' | 'after'; statements: readonly string[] }
  | { file: string }
  | { seconds: number }

export interface RunAnswer {
  error: string | null
  /** Batch id and rows. */
  batches: [number, number][]
  /** The last offset in the checkpoint. */
  offset: Record<string, unknown>
}

/** Rows, or the exception as its user sees it. */
export interface ReadAnswer {
  error: string | null
  rows: unknown[][]
}

export interface IngestSummary {
  status: string
  tables: { table: string; destination: string; status: string; inserted: number; updated: number; deleted: number }[]
}

/** A Spark driver process that carries out one command after the other until it is killed or closed. */
export class SparkDriver {
  readonly #process: ChildProcess
  readonly #answers: Interface
  readonly #ended: Promise<unknown>

  constructor(setup: DriverSetup) {
    this.#process = spawn(setup.python, [join(import.meta.dirname, 'drive.py')], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#process.stderr!.pipe(createWriteStream(join(setup.folder, 'driver.log'), { flags: 'a' }))
    this.#answers = createInterface({ input: this.#process.stdout! })
    this.#ended = once(this.#process, 'exit')
    this.#process.stdin!.on('error', () => {})
    this.#send(setup)
  }

  /** Null: the driver was killed on the way, as asked. */
  async run(table: string, how: Record<string, string> = {}): Promise<RunAnswer | null> {
    return (await this.#ask({ do: 'run', table, ...how })) as RunAnswer | null
  }

  /** A batch read of a few columns. */
  async read(table: string, columns: readonly string[], options: Record<string, string> = {}): Promise<ReadAnswer> {
    return (await this.#ask({ do: 'read', table, columns, ...options })) as ReadAnswer
  }

  /** @param name of the sink */
  async dump(name: string, columns: string[]): Promise<{ file: string; rows: number }> {
    return (await this.#ask({ do: 'dump', name, columns })) as { file: string; rows: number }
  }

  async ingest(spec: object): Promise<IngestSummary> {
    return (await this.#ask({ do: 'ingest', spec })) as IngestSummary
  }

  /** Null: the driver was killed on the way. */
  async ingestKilled(spec: object, kill: KillPoint): Promise<IngestSummary | null> {
    return (await this.#ask({ do: 'ingest', spec, kill })) as IngestSummary | null
  }

  async export(table: string, folder: string): Promise<{ rows: number }> {
    return (await this.#ask({ do: 'export', table, folder })) as { rows: number }
  }

  async close(): Promise<void> {
    this.#process.stdin!.end()
    await this.#ended
  }

  async #ask(command: object): Promise<unknown> {
    const line = once(this.#answers, 'line')
    this.#send(command)
    const answer = await Promise.race([line.then(([text]) => String(text)), this.#ended.then(() => null)])
    return answer === null ? null : JSON.parse(answer)
  }

  #send(line: object): void {
    this.#process.stdin!.write(`${JSON.stringify(line)}\n`)
  }
}
