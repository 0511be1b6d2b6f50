import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { AsyncByteQueue, type RecordBatch, RecordBatchStreamWriter, type Schema, util } from 'apache-arrow'
import { SchemaMismatchError } from './schema_mismatch_error.ts'

/** An Arrow stream on stdout, drained batch by batch, so that a slow reader holds back the requests to the API. */
export class IpcOutput {
  readonly #out: Writable
  readonly #schema: Schema
  readonly #sink = new Chunks()
  readonly #writer = new RecordBatchStreamWriter()

  /** The schema goes out first, so a read without rows is a whole stream too. */
  constructor(out: Writable, schema: Schema) {
    this.#out = out
    this.#schema = schema
    this.#writer.reset(this.#sink, schema)
  }

  /** @throws SchemaMismatchError: the writer itself drops such a batch without a word */
  async write(batch: RecordBatch): Promise<void> {
    if (!util.compareSchemas(this.#schema, batch.schema)) throw new SchemaMismatchError(this.#schema, batch.schema)
    this.#writer.write(batch)
    await this.#drain()
  }

  /** Writes the end mark. The reader takes a stream without it for a whole one, so the exit code has the last word. */
  async end(): Promise<void> {
    this.#writer.finish()
    await this.#drain()
  }

  async #drain(): Promise<void> {
    const chunks = this.#sink.take()
    let roomy = true
    for (const chunk of chunks) roomy = this.#out.write(chunk)
    if (!roomy) await once(this.#out, 'drain')
  }
}

/** Where the writer leaves its bytes. */
class Chunks extends AsyncByteQueue {
  #chunks: Uint8Array[] = []

  override write(value: Uint8Array): void {
    if (value.byteLength > 0) this.#chunks.push(value)
  }

  take(): Uint8Array[] {
    const chunks = this.#chunks
    this.#chunks = []
    return chunks
  }
}
