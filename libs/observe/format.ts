/** `1,234,567`; the same on every machine, whatever its locale. */
export function formatCount(count: number): string {
  const [whole = '', fraction] = String(Math.round(count * 10) / 10).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** `512 B`, `1.5 KiB`, `20 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = Math.max(0, bytes)
  let unit = 0
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${units[unit]}`
}

/** `0.4 s`, `12 s`, `3m 05s`, `2h 03m`, `4d 06h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '?'
  if (seconds < 9.95) return `${seconds.toFixed(1).replace(/\.0$/, '')} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${pad(whole % 60)}s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`
  const hours = Math.round(seconds / 3600)
  return `${Math.floor(hours / 24)}d ${pad(hours % 24)}h`
}

/** Things per second, with one digit where they are few. */
export function formatRate(count: number, seconds: number, unit: string): string {
  const rate = seconds > 0 ? count / seconds : 0
  return `${formatCount(rate >= 10 ? Math.round(rate) : rate)} ${unit}/s`
}

/** `1 row`, `2 rows`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** Text from an API may hold escape sequences that move a terminal's cursor or worse: control characters become `?`. */
export function printable(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/(?!\n|\t)\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '?')
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
