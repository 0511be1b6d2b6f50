import type { Writable } from 'node:stream'
import { AsyncByteQueue, type RecordBatch, RecordBatchStreamWriter, type Schema } from 'apache-arrow'
import { ReaderGoneError } from './reader_gone_error.ts'
import { SchemaMismatchError } from './schema_mismatch_error.ts'
import { schemasEqual } from './schemas_equal.ts'

type Batches = Iterable<RecordBatch> | AsyncIterable<RecordBatch>

/**
 * Hands out what the writer wrote, batch by batch. The writer's own adapters keep everything until the
 * end when the source is busy (490 MB where this takes 180).
 */
class ChunkSink extends AsyncByteQueue {
  #chunks: Uint8Array[] = []

  override write(chunk: Uint8Array): void {
    if (chunk.byteLength > 0) this.#chunks.push(chunk)
  }

  take(): Uint8Array[] {
    const chunks = this.#chunks
    this.#chunks = []
    return chunks
  }
}

/**
 * An Arrow IPC stream, uncompressed, as the pieces of its schema, of each batch and of its end. Without batches it is
 * a valid stream of the schema alone.
 * @throws SchemaMismatchError at a batch of another schema
 */
export async function* ipcChunks(schema: Schema, batches: Batches): AsyncGenerator<Uint8Array[], void, undefined> {
  const sink = new ChunkSink()
  const writer = new RecordBatchStreamWriter()
  writer.reset(sink, schema)
  yield sink.take()
  for await (const batch of batches) {
    if (!schemasEqual(schema, batch.schema)) throw new SchemaMismatchError(schema, batch.schema)
    writer.write(batch)
    yield sink.take()
  }
  writer.close()
  yield sink.take()
}

/**
 * Writes an Arrow IPC stream, waiting whenever the reader is slower, and leaves `out` open. Resolves when the last byte
 * was taken, with the bytes written.
 * @throws ReaderGoneError, SchemaMismatchError, and whatever else `out` fails with
 */
export async function ipcStream(schema: Schema, batches: Batches, out: Writable): Promise<number> {
  const end = new StreamEnd(out)
  let bytes = 0
  try {
    for await (const chunks of ipcChunks(schema, batches)) {
      bytes += chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)
      await end.orUntil(writeAll(out, chunks))
    }
    return bytes
  } finally {
    end.forget()
  }
}

/** Resolves once all chunks have left the stream's buffer, so that a late error still finds its listener. */
function writeAll(out: Writable, chunks: Uint8Array[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  out.cork()
  for (const chunk of chunks.slice(0, -1)) out.write(chunk)
  // The last chunk's callback comes after all the others'.
  if (chunks.length > 0) out.write(chunks.at(-1), (error) => (error ? reject(readerGone(error)) : resolve()))
  else resolve()
  out.uncork()
  return promise
}

/** Listens for the stream's end while it is written: without a listener an EPIPE would end the process. */
class StreamEnd {
  readonly #out: Writable
  readonly #ended = Promise.withResolvers<never>()
  readonly #onError = (error: Error): void => this.#ended.reject(readerGone(error))
  readonly #onClose = (): void => this.#ended.reject(new ReaderGoneError())

  constructor(out: Writable) {
    this.#out = out
    this.#ended.promise.catch(() => {})
    if (out.destroyed) this.#onClose()
    out.on('error', this.#onError).on('close', this.#onClose)
  }

  orUntil(work: Promise<void>): Promise<void> {
    work.catch(() => {})
    return Promise.race([work, this.#ended.promise])
  }

  forget(): void {
    this.#out.off('error', this.#onError).off('close', this.#onClose)
  }
}

function readerGone(error: Error & { code?: string }): Error {
  const gone = [
    'EPIPE',
    'ECONNRESET',
    'ERR_STREAM_DESTROYED',
    'ERR_STREAM_PREMATURE_CLOSE',
    'ERR_STREAM_WRITE_AFTER_END',
  ]
  return gone.includes(error.code ?? '') ? new ReaderGoneError(error) : error
}
