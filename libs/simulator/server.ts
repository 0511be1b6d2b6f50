import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SimClock } from './clock.ts'
import type { Dialect, Exchange, Reply, Route } from './exchange.ts'
import { FaultInjector } from './fault_injector.ts'
import type { FaultPlan } from './fault_plan.ts'
import { FixedWindows } from './fixed_windows.ts'
import { RetryPromises } from './promises.ts'
import { Query } from './query.ts'
import { RateBuckets } from './rate_buckets.ts'
import { encodeReply } from './reply_body.ts'
import { replyOfFault } from './reply_faults.ts'
import { RequestLog } from './request_log.ts'
import { retryAllowedAt } from './retry_after.ts'
import { Router, splitPath } from './router.ts'
import { type SimulatorStats, StatsKeeper } from './stats.ts'
import { writeLines, writeReply } from './wire.ts'

export interface ServerOptions {
  clock: SimClock
  seed: number
  dialect: Dialect
  routes: Route[]
  port?: number
  latencyMs?: number
  faults?: FaultPlan | null
  gzip?: boolean
}

/** A request body larger than this is cut off: no call of any API here needs more. */
const MAX_REQUEST_BYTES = 1024 * 1024

/** The HTTP side of a simulator: routes, admission, faults, statistics. Listens on 127.0.0.1. */
export class SimulatorServer {
  readonly log = new RequestLog()
  /** Limits that count refused requests too, over any stretch of time. */
  readonly buckets = new RateBuckets()
  /** Limits that begin anew at the end of each window. */
  readonly windows = new FixedWindows()
  readonly promises = new RetryPromises()
  origin = ''
  #options: ServerOptions
  #router: Router
  #server: Server
  #stats: StatsKeeper
  #faults: FaultInjector
  #closing = new AbortController()

  constructor(options: ServerOptions) {
    this.#options = options
    this.#router = new Router(options.routes)
    this.#stats = new StatsKeeper(options.clock.now())
    this.#faults = new FaultInjector(options.faults, options.seed, options.clock.now())
    this.#server = createServer({ keepAlive: true, keepAliveTimeout: 60_000 }, (req, res) => void this.#serve(req, res))
    this.#server.on('connection', () => this.#stats.connected())
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.#options.port ?? 0, '127.0.0.1', resolve)
    })
    this.origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#closing.abort()
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  /** @throws FaultPlanInvalidError */
  setFaults(plan: FaultPlan | null): void {
    this.#faults = new FaultInjector(plan, this.#options.seed, this.#options.clock.now())
  }

  stats(): SimulatorStats {
    return this.#stats.read(this.#options.clock.now(), { ...this.buckets.uses(), ...this.windows.uses() })
  }

  resetStats(): void {
    const now = this.#options.clock.now()
    this.#stats.reset(now)
    this.buckets.resetUses(now)
    this.windows.resetUses(now)
    this.log.clear()
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const idle = this.#options.clock.busy?.() ?? (() => {})
    this.#stats.started()
    res.on('error', () => {}) // the client went away: not an event here
    try {
      const exchange = await this.#receive(req)
      await this.#answer(exchange, res, idle)
    } catch (error) {
      if (!res.destroyed) res.destroy(error as Error)
    } finally {
      idle()
      this.#stats.ended()
    }
  }

  async #receive(req: IncomingMessage): Promise<Exchange> {
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of req) {
      bytes += (chunk as Buffer).length
      if (bytes > MAX_REQUEST_BYTES) throw new RangeError('The request body is too large.')
      chunks.push(chunk as Buffer)
    }
    const rawUrl = req.url ?? '/'
    const mark = rawUrl.indexOf('?')
    const rawPath = mark < 0 ? rawUrl : rawUrl.slice(0, mark)
    return {
      method: req.method ?? 'GET',
      path: `/${(this.#segments(rawUrl) ?? [rawPath]).join('/')}`,
      rawUrl,
      query: new Query(mark < 0 ? '' : rawUrl.slice(mark + 1)),
      params: {},
      headers: req.headers,
      body: Buffer.concat(chunks),
      at: this.#options.clock.now(),
      clock: this.#options.clock,
      origin: this.origin,
      fault: undefined,
      state: new Map(),
      rows: 0,
    }
  }

  async #answer(exchange: Exchange, res: ServerResponse, idle: () => void): Promise<void> {
    const { dialect } = this.#options
    const segments = this.#segments(exchange.rawUrl)
    const match = segments && this.#router.find(exchange.method, segments)
    if (!match) {
      const reply = dialect.unrouted?.(exchange) ?? { status: 404, body: dialect.error(exchange, 404) }
      return this.#finish(exchange, res, 'unknown', reply, undefined)
    }
    Object.assign(exchange.params, match.params)
    const { route } = match
    if (route.control) return this.#control(exchange, res, await route.handle(exchange))
    const early = this.promises.arrive(dialect.arrivalKeys(exchange, route), exchange.at)
    if (early) this.#stats.early(early.certain)
    const refused = route.admit?.(exchange)
    const injected = refused ? undefined : this.#faults.next(exchange, route.name)
    exchange.fault = injected?.fault
    if (this.#options.latencyMs) {
      idle()
      await exchange.clock.sleep(this.#options.latencyMs, this.#closing.signal)
    }
    const reply = refused ?? replyOfFault(exchange, dialect, exchange.fault) ?? (await route.handle(exchange))
    if (isEndless(exchange)) idle()
    await this.#finish(exchange, res, route.name, reply, injected?.id, early !== undefined)
    if (reply.status === 200 && !refused) dialect.answered?.(exchange, route, reply)
  }

  async #finish(
    exchange: Exchange,
    res: ServerResponse,
    route: string,
    reply: Reply,
    fault: string | undefined,
    early = false,
  ): Promise<void> {
    this.#options.dialect.replied?.(exchange, reply)
    const wire = await this.#encode(exchange, reply)
    const broken = exchange.fault?.kind === 'reset' && exchange.fault.when === 'before_headers'
    const entry = {
      at: exchange.at,
      method: exchange.method,
      path: exchange.path,
      query: exchange.query.raw,
      route,
      status: broken ? 0 : reply.status,
      bytes: wire.body.length,
      ...(reply.refused_by === undefined ? {} : { refused_by: reply.refused_by }),
      ...(fault === undefined ? {} : { fault }),
      ...(early ? { early } : {}),
    }
    this.log.add(entry)
    this.#stats.answered(entry, exchange.rows)
    const more = await writeReply(res, wire, exchange.fault, exchange.clock, this.#closing.signal)
    entry.bytes += more
    this.#stats.sent(more)
    const now = exchange.clock.now()
    const allowed = reply.promised_until ?? retryAllowedAt(wire.headers['Retry-After'], now)
    for (const key of allowed === undefined ? [] : (reply.promised ?? [])) this.promises.give(key, allowed!)
  }

  async #control(exchange: Exchange, res: ServerResponse, reply: Reply): Promise<void> {
    if (reply.lines) return writeLines(res, reply.lines)
    await writeReply(res, await this.#encode(exchange, reply), undefined, exchange.clock, this.#closing.signal)
  }

  #segments(rawUrl: string): string[] | undefined {
    const segments = splitPath(rawUrl.split('?', 1)[0]!)
    return segments && (this.#options.dialect.segments?.(segments) ?? segments)
  }

  #encode(exchange: Exchange, reply: Reply): ReturnType<typeof encodeReply> {
    return encodeReply(exchange, reply, this.#options.dialect, this.#options.gzip ?? true)
  }
}

/** Faults that wait on the clock must not hold the clock. */
function isEndless(exchange: Exchange): boolean {
  return exchange.fault?.kind === 'stall' || exchange.fault?.kind === 'drip'
}
