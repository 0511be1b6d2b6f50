/** No whole number of fewer digits is beyond 2^53 - 1. */
const DIGITS = 16
/** Of more digits nobody makes use, and to read them takes time that grows faster than they do. */
const WHOLE = /^-?\d{16,1000}$/
const ZERO = 0x30
const NINE = 0x39

interface Source {
  /** The text of the value; absent for lists and objects. */
  source?: string
}

type Reviver = (key: string, value: unknown, context: Source) => unknown

/**
 * Parses an answer. Whole numbers beyond 2^53 - 1 come as bigint, since a double would change their last digits
 * without a word. What most answers are, namely without such numbers, costs a look at every 16th byte.
 *
 * @throws SyntaxError
 */
export function parseExactJson(body: Buffer): unknown {
  const text = body.toString('utf8')
  // RFC 8259 §8.1: a byte order mark may be ignored.
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  if (!hasLongNumber(body)) return JSON.parse(json)
  try {
    return JSON.parse(json, keepExact as Reviver as (key: string, value: unknown) => unknown)
  } catch (error) {
    // The engine parses JSON of any depth, but revives by recursion.
    if (error instanceof RangeError) return JSON.parse(json)
    throw error
  }
}

const keepExact: Reviver = (_, value, { source }) => {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined) return value
  return WHOLE.test(source) ? BigInt(source) : value
}

/** True when a run of digits is as long as a number that may lose some; also one inside a text, which costs time only. */
function hasLongNumber(body: Buffer): boolean {
  for (let at = DIGITS - 1; at < body.length; at += DIGITS) {
    if (!isDigit(body[at])) continue
    let from = at
    while (isDigit(body[from - 1])) from--
    let end = at + 1
    while (isDigit(body[end])) end++
    if (end - from >= DIGITS) return true
  }
  return false
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE
}
