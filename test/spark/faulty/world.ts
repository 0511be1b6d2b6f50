import type { Fault } from '../../../libs/simulator/fault_plan.ts'
import { tell } from '../../faults/support/canaries.ts'
import { startFront } from '../../faults/support/front.ts'

/** Longer than settle and lookback, and than the ten minutes in which Discord counts refused requests. */
export const LATER_MS = 11 * 60_000

type Options = Record<string, string>

/** What happens to an API for a while, and what is said of it. */
export interface WorldFault {
  name: string
  code: string
  /** What the exception tells to do. */
  remedy: RegExp
  /** @returns options of the reads for as long as it lasts */
  begin(): Promise<Options> | Options
  end(): Promise<void> | void
  /** Where it concerns a part only: the rows that nobody gets meanwhile. */
  hides?: (row: unknown[]) => boolean
}

/** A simulated API that tells the secrets back in its errors, and what a table of its messages should hold. */
export interface World {
  /** Through the front that tells secrets back. */
  connection: Options
  /** Past it: broken connections come as they are. */
  direct: Options
  /** Right or wrong ones, whatever was sent. */
  secrets: string[]
  /** How many errors have told them back. */
  told(): number
  /** New messages and edits, and time enough that they have settled. */
  change(): void
  truth(): unknown[][]
  faults: WorldFault[]
  /** A part is in no list any more, for a while. */
  vanishing: { begin(): void; end(): void; hides: (row: unknown[]) => boolean }
  /** Breaks the connection in the middle of the answer to one read of messages. */
  breakOnce(): void
  /** How often it was broken so. */
  broken(): number
  close(): Promise<void>
}

export interface Simulator {
  readonly origin: string
  setFaults(plan: object | null): void
  stats(): { faults: Record<string, number> }
  close(): Promise<void>
}

/** The parts of a world that are alike for all APIs. `route`: the simulator's name of the call that reads messages. */
export class FaultySimulator {
  readonly #simulator: Simulator
  readonly #route: string
  #errors = 0

  constructor(simulator: Simulator, route: string) {
    this.#simulator = simulator
    this.#route = route
  }

  /**
   * A server before the simulator that puts what the request was signed with into every error.
   * @param secret what the login took, where a request is signed with something else
   */
  async front(scheme: string, secret: () => string = () => ''): Promise<{ origin: string; close(): Promise<void> }> {
    return startFront(
      { simulator: this.#simulator },
      {
        rewriteError: (text, { headers: { authorization = '' } }) => {
          this.#errors++
          return tell(text, [secret(), authorization.replace(`${scheme} `, '')], authorization)
        },
      },
    )
  }

  told = (): number => this.#errors

  breakOnce = (): void => this.#during({ kind: 'reset', when: 'mid_body' }, { id: 'once', count: 1 })

  broken = (): number => this.#simulator.stats().faults.once ?? 0

  /** A fault of the reads of messages, or of those at one path. */
  during(fault: Fault, path?: string): Pick<WorldFault, 'begin' | 'end'> {
    return {
      begin: () => {
        this.#during(fault, path === undefined ? {} : { path })
        return {}
      },
      end: () => this.#simulator.setFaults(null),
    }
  }

  /** Those that every API can have. */
  faults(direct: Options): WorldFault[] {
    const storm = this.during({ kind: 'throttle', retry_after: 1 })
    const breaks = this.during({ kind: 'reset', when: 'mid_body' })
    return [
      {
        name: 'a storm of 429 that outlasts the wait',
        code: 'PARLEY_SOURCE_THROTTLED',
        remedy: /Run again later, or raise max_throttle_seconds/,
        begin: async () => ({ ...(await storm.begin()), max_throttle_seconds: '3' }),
        end: storm.end,
      },
      {
        name: 'connections that break in every attempt',
        code: 'PARLEY_SOURCE_UNAVAILABLE',
        remedy: /Run again later: nothing that was read is lost/,
        begin: async () => ({ ...(await breaks.begin()), ...direct, max_attempts: '2' }),
        end: breaks.end,
      },
    ]
  }

  #during(fault: Fault, rule: object): void {
    this.#simulator.setFaults({ rules: [{ route: this.#route, fault, ...rule }] })
  }
}
