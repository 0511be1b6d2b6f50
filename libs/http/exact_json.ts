/** No whole number of fewer digits is beyond 2^53 - 1. */
const DIGITS = 16
/** Of more digits nobody makes use, and to read them takes time that grows faster than they do. */
const WHOLE = /^-?\d{16,1000}$/
const ZERO = 0x30
const NINE = 0x39
const MINUS = 0x2d
/** What stands before a number, the last of a byte order mark among it; a text of digits, as ids are, has its quotation mark there. */
const BEFORE = new Set([0xbf, ...Buffer.from('[,: \t\r\n')])

interface Source {
  /** The text of the value; absent for lists and objects. */
  source?: string
}

type Reviver = (key: string, value: unknown, context: Source) => unknown

/**
 * Parses an answer. Whole numbers beyond 2^53 - 1 come as bigint, since a double would change their last digits
 * without a word. What most answers are, namely without such numbers, costs a look at every 16th byte: reviving the
 * values of an answer takes several times as long as to parse it, so ids as texts must not count.
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

/** True when a run of digits is as long as a number that may lose some; also of one after a blank in a text, which costs time only. */
function hasLongNumber(body: Buffer): boolean {
  for (let at = DIGITS - 1; at < body.length; at += DIGITS) {
    if (!isDigit(body[at])) continue
    let from = at
    while (isDigit(body[from - 1])) from--
    let end = at + 1
    while (isDigit(body[end])) end++
    if (end - from >= DIGITS && beginsNumber(body, from)) return true
    at = end
  }
  return false
}

function beginsNumber(body: Buffer, at: number): boolean {
  const before = body[at - 1] === MINUS ? at - 2 : at - 1
  return before < 0 || BEFORE.has(body[before]!)
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE
}
