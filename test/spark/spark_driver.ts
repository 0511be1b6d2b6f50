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
  keys: string[]
  cursor: string
}

export interface RunAnswer {
  error: string | null
  /** Batch id and rows. */
  batches: [number, number][]
  /** The last offset in the checkpoint. */
  offset: Record<string, unknown>
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

  async dump(table: string, columns: string[]): Promise<{ file: string; rows: number }> {
    return (await this.#ask({ do: 'dump', table, columns })) as { file: string; rows: number }
  }

  async ingest(spec: object): Promise<IngestSummary> {
    return (await this.#ask({ do: 'ingest', spec })) as IngestSummary
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
