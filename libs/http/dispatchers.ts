import { type Dispatcher, EnvHttpProxyAgent } from 'undici'

export interface DispatcherOptions {
  connections: number
  connectTimeoutMs: number
}

const KEEP_ALIVE_MS = 30_000

/**
 * The sockets of one client. Every request, tokens included, honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY as they
 * were when the client was made; private authorities come in by NODE_EXTRA_CA_CERTS.
 */
export class Dispatchers {
  readonly #options: DispatcherOptions
  readonly #kept: Dispatcher
  #fresh: Dispatcher | undefined

  constructor(options: DispatcherOptions) {
    this.#options = options
    this.#kept = this.#agent(1)
  }

  /** `fresh`: on a connection of its own, as Graph asks for after a 503 (reference §3.2): a load balancer then picks again. */
  get(fresh: boolean): Dispatcher {
    if (!fresh) return this.#kept
    this.#fresh ??= this.#agent(0)
    return this.#fresh
  }

  async close(): Promise<void> {
    // Not `close`: a request that was given up on may still hold its socket.
    await Promise.all([this.#kept.destroy(), this.#fresh?.destroy()])
  }

  /** Pipelining 0 is undici's word for "no keep-alive". */
  #agent(pipelining: 0 | 1): Dispatcher {
    return new EnvHttpProxyAgent({
      connections: this.#options.connections,
      pipelining,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { timeout: this.#options.connectTimeoutMs },
    })
  }
}
