import { asRefusal } from './refusal.ts'

/** Failures one after the other before a team that had answered is asked again: is it them, or the service? */
const MAX_FAILURES = 5

/** Tells teams that fail for themselves from a service that is gone. */
export class ServiceWatch {
  readonly #ask: (teamId: string) => Promise<unknown>
  #failures = 0
  #answered: string | null = null
  #look: Promise<boolean> | null = null

  /** @param ask makes one request for a team, whose answer nobody remembers */
  constructor(ask: (teamId: string) => Promise<unknown>) {
    this.#ask = ask
  }

  answered(teamId: string): void {
    this.#failures = 0
    this.#answered = teamId
  }

  async isGoneAfterFailure(): Promise<boolean> {
    if (++this.#failures < MAX_FAILURES) return false
    this.#look ??= this.#isGone().finally(() => {
      this.#look = null
    })
    return this.#look
  }

  async #isGone(): Promise<boolean> {
    if (this.#answered === null) return true
    try {
      await this.#ask(this.#answered)
    } catch (error) {
      // Refused is answered.
      if (asRefusal(error) === null) return true
    }
    this.#failures = 0
    return false
  }
}
