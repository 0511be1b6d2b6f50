/** Microseconds since 1970: below 2^53 until the year 2255. */
export type Micros = number

/** ISO 8601 with `+00:00` and six digits, which are left out when all of them are zero (reference §1). */
export function formatMicros(micros: Micros): string {
  const fraction = micros % 1_000_000
  const seconds = (micros - fraction) / 1_000_000
  const time = seconds % 86_400
  const clock = `${two(Math.floor(time / 3600))}:${two(Math.floor(time / 60) % 60)}:${two(time % 60)}`
  const text = `${dayText((seconds - time) / 86_400)}T${clock}`
  return fraction === 0 ? `${text}+00:00` : `${text}.${String(fraction).padStart(6, '0')}+00:00`
}

// Pages are written by the thousand, and most of their times are of the same few days.
const days = new Map<number, string>()

function dayText(day: number): string {
  let text = days.get(day)
  if (text === undefined) {
    if (days.size > 10_000) days.clear()
    text = new Date(day * 86_400_000).toISOString().slice(0, 10)
    days.set(day, text)
  }
  return text
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

export function formatMillis(at: number): string {
  return formatMicros(at * 1000)
}

/** The same moment without what is finer than a millisecond. */
export function wholeMillis(micros: Micros): Micros {
  return micros - (micros % 1000)
}

/** Microseconds of an ISO 8601 text with a zone; undefined where it is none. */
export function parseMicros(text: string): Micros | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/i.exec(text)
  if (!match) return undefined
  const [, day, time, fraction = '', zone = 'Z'] = match
  const at = Date.parse(`${day}T${time}${zone.toUpperCase()}`)
  return Number.isNaN(at) ? undefined : at * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6))
}
