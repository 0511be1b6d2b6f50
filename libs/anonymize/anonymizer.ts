import { createHmac } from 'node:crypto'
import { jsonText } from '../schema/json_text.ts'

/** Hashes that are remembered: in conversations the same few people come again and again. */
const MAX_KNOWN = 20_000
/** What the fingerprint of a key is made of. Never changes: it is compared with what older releases stored. */
const FINGERPRINT_OF = 'parley.anonymize.fingerprint.v1'
const HASH_DIGITS = 32
const FINGERPRINT_DIGITS = 16

/** What stands in the place of a value that does not fit its column, so that it goes on not to fit. */
export interface HashedMisfit {
  anonymized: string
}

/** Replaces ids and names by keyed hashes. The same value and key give the same hash in every table, run and connection. */
export class Anonymizer {
  readonly #key: string
  readonly #known = new Map<string, string>()

  constructor(key: string) {
    this.#key = key
  }

  /** HMAC-SHA-256 as 32 lower-case hex digits; empty text stays empty. */
  hash(text: string): string {
    if (text === '') return text
    const known = this.#known.get(text)
    if (known !== undefined) return known
    // UTF-8 has no half characters: two texts that differ in them would become one.
    const hash = this.#hmac(text.isWellFormed() ? text : JSON.stringify(text)).slice(0, HASH_DIGITS)
    if (this.#known.size >= MAX_KNOWN) this.#known.clear()
    this.#known.set(text, hash)
    return hash
  }

  /** Of any JSON value, by its text. */
  hashJson(value: unknown): string {
    return this.hash(jsonText(value))
  }

  /** Tells keys apart without telling what they are: 16 hex digits. */
  fingerprint(): string {
    return this.#hmac(FINGERPRINT_OF).slice(0, FINGERPRINT_DIGITS)
  }

  #hmac(text: string): string {
    return createHmac('sha256', this.#key).update(text, 'utf8').digest('hex')
  }
}
