import type { Exchange, Reply } from '../../../libs/simulator/exchange.ts'
import { type FieldError, invalidForm } from './errors.ts'
import { type Micros, parseMicros } from './timestamps.ts'

const SNOWFLAKE = /^(0|[1-9]\d{0,19})$/

/** Path parameters that are ids. */
const IDS: Readonly<Record<string, string>> = {
  guild: 'guild_id',
  channel: 'channel_id',
  message: 'message_id',
  user: 'user_id',
  role: 'role_id',
}

/** 50035 for a path whose ids are none. */
export function checkIds(exchange: Exchange): Reply | undefined {
  for (const [name, field] of Object.entries(IDS)) {
    const value = exchange.params[name]
    if (value !== undefined && !SNOWFLAKE.test(value)) return invalidForm({ [field]: notCoerced(value, 'snowflake') })
  }
  return undefined
}

/** Reads query parameters and gathers what is wrong with them, as one 50035 tells of all fields. */
export class Params {
  #exchange: Exchange
  #errors: Record<string, FieldError> = {}

  constructor(exchange: Exchange) {
    this.#exchange = exchange
  }

  integer(name: string, range: { default: number; min: number; max: number }): number {
    const text = this.#exchange.query.get(name)
    if (text === undefined) return range.default
    const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (Number.isNaN(value)) this.#errors[name] = notCoerced(text, 'int')
    else if (value < range.min) this.#errors[name] = bound('MIN', 'greater', range.min)
    else if (value > range.max) this.#errors[name] = bound('MAX', 'less', range.max)
    return value
  }

  snowflake(name: string): string | undefined {
    const text = this.#exchange.query.get(name)
    if (text === undefined || SNOWFLAKE.test(text)) return text
    this.#errors[name] = notCoerced(text, 'snowflake')
    return undefined
  }

  snowflakes(name: string): string[] {
    const texts = this.#exchange.query.all(name)
    const wrong = texts.find((text) => !SNOWFLAKE.test(text))
    if (wrong !== undefined) this.#errors[name] = notCoerced(wrong, 'snowflake')
    return texts
  }

  time(name: string): Micros | undefined {
    const text = this.#exchange.query.get(name)
    if (text === undefined) return undefined
    const micros = parseMicros(text)
    if (micros === undefined)
      this.#errors[name] = { code: 'DATE_TIME_TYPE_PARSE', message: `Could not parse ${text}. Should be ISO8601.` }
    return micros
  }

  boolean(name: string): boolean {
    const text = this.#exchange.query.get(name)
    if (text === undefined || ['false', 'False', '0'].includes(text)) return false
    if (!['true', 'True', '1'].includes(text))
      this.#errors[name] = { code: 'BOOLEAN_TYPE_CONVERT', message: 'Must be either true or false.' }
    return true
  }

  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const text = this.#exchange.query.get(name)
    if (text === undefined) return fallback
    const chosen = choices.find((choice) => choice === text)
    if (chosen === undefined)
      this.#errors[name] = { code: 'BASE_TYPE_CHOICES', message: `Value must be one of (${choices.join(', ')}).` }
    return chosen ?? fallback
  }

  text(name: string, length: { min: number; max: number }): string | undefined {
    const text = this.#exchange.query.get(name)
    if (text === undefined) return undefined
    if (text.length < length.min || text.length > length.max) {
      const message = `Must be between ${length.min} and ${length.max} in length.`
      this.#errors[name] = { code: 'BASE_TYPE_BAD_LENGTH', message }
    }
    return text
  }

  fail(name: string, error: FieldError): void {
    this.#errors[name] = error
  }

  /** 50035 with everything that was wrong, or undefined. */
  refusal(): Reply | undefined {
    return Object.keys(this.#errors).length === 0 ? undefined : invalidForm(this.#errors)
  }
}

function notCoerced(text: string, type: string): FieldError {
  return { code: 'NUMBER_TYPE_COERCE', message: `Value "${text}" is not ${type}.` }
}

function bound(side: 'MIN' | 'MAX', than: string, value: number): FieldError {
  return { code: `NUMBER_TYPE_${side}`, message: `int value should be ${than} than or equal to ${value}.` }
}
