import { type Context, Client as GraphBuilder, type Middleware, ResponseType } from '@microsoft/microsoft-graph-client'
import type { GraphQuery } from './types.ts'

/** A request as the vendor's client built it: what our own client sends. */
export interface BuiltRequest {
  url: string
  headers: Readonly<Record<string, string>>
}

/**
 * `@microsoft/microsoft-graph-client` puts paths, versions and options together; everything after that is ours, because
 * of gaps in its 3.0.7 (reference/performance.md §5, each with a test): it drops Authorization on plain http, retries
 * only 429, 503 and 504, waits 180 s at most whatever Retry-After says, and rewrites links that begin with `http://`.
 * So its chain consists of one handler, which hands the built request out, and links never pass through it.
 */
export class GraphSeam {
  readonly #builder: GraphBuilder

  constructor(origin: string) {
    this.#builder = GraphBuilder.initWithMiddleware({ baseUrl: `${origin}/`, middleware: new Capture() })
  }

  async build(
    path: readonly string[],
    query: GraphQuery,
    headers: Readonly<Record<string, string>>,
  ): Promise<BuiltRequest> {
    const encoded: Record<string, string> = {}
    for (const [name, value] of Object.entries(query)) encoded[name] = encodeValue(String(value))
    const request = this.#builder.api(`/${path.map(encodeURIComponent).join('/')}`)
    return request.query(encoded).headers(headers).responseType(ResponseType.RAW).get()
  }
}

/** With the response type RAW the builder returns what the last handler answered, untouched: here, the request itself. */
class Capture implements Middleware {
  async execute(context: Context): Promise<void> {
    const headers = context.options?.headers as Record<string, string>
    const built: BuiltRequest = { url: String(context.request), headers: { ...headers } }
    context.response = built as unknown as Response
  }
}

/** Its query options go out as they are given. Spaces become %20, never +, which OData does not read as a space. */
function encodeValue(value: string): string {
  return encodeURIComponent(value).replace(/%(3A|2C|24|2F)/g, (escaped) => decodeURIComponent(escaped))
}
