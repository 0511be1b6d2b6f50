/** Takes secrets out of text by value. */
export interface Redactor {
  /** A secret learnt later, such as an access token. The newest 64 are kept. */
  add(secret: string): void
  text(text: string): string
}

export const REDACTED = '[redacted]'
const MAX_LEARNT = 64
/** Shorter texts are no secrets, and taking them out would garble every message. */
const MIN_LENGTH = 4
/** Whatever follows `Bearer`, known or not. */
const BEARER = /\b(Bearer\s+)[\w\-.~+/%]{8,}=*/gi

/**
 * Builds a redactor for these secrets. Each is found as it is, URL-encoded (also twice, and as a form), in JSON
 * escapes, and in base64 at any alignment, so that a Basic header or an encoded body does not carry it out.
 */
export function createRedactor(secrets: Iterable<string | undefined> = []): Redactor {
  const fixed: string[] = []
  for (const secret of secrets)
    if (secret !== undefined && secret.length >= MIN_LENGTH) fixed.push(...spellings(secret))
  const learnt = new Map<string, string[]>()
  let all = longestFirst(fixed)

  return {
    add(secret) {
      if (secret.length < MIN_LENGTH || learnt.has(secret)) return
      learnt.set(secret, spellings(secret))
      const [oldest] = learnt.keys()
      if (learnt.size > MAX_LEARNT) learnt.delete(oldest!)
      all = longestFirst([...fixed, ...[...learnt.values()].flat()])
    },
    text(text) {
      let clean = text
      for (const spelling of all) if (clean.includes(spelling)) clean = clean.replaceAll(spelling, REDACTED)
      return clean.replace(BEARER, `$1${REDACTED}`)
    },
  }
}

/** A secret inside another must not leave the rest of the longer one behind. */
function longestFirst(spellings: readonly string[]): string[] {
  return [...new Set(spellings)].sort((a, b) => b.length - a.length)
}

function spellings(secret: string): string[] {
  const encoded = encodeURIComponent(secret)
  const escaped = JSON.stringify(secret).slice(1, -1)
  const form = new URLSearchParams({ s: secret }).toString().slice(2)
  const lower = encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())
  return [secret, escaped, encoded, lower, form, encodeURIComponent(encoded), ...base64Spellings(secret)]
}

/**
 * How the secret looks inside base64 of a longer text: it may begin at any of three alignments. The first and
 * last characters mix with their neighbours and are left off.
 */
function base64Spellings(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const found: string[] = []
  for (const shift of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const begin = shift === 0 ? 0 : shift + 1
    const end = (shift + bytes.length) % 3 === 0 ? text.length : text.length - 1
    const core = text.slice(begin, end)
    // Base64 of a very short text is found in innocent places.
    if (core.length < 6) continue
    found.push(core, core.replaceAll('+', '-').replaceAll('/', '_'))
    found.push(encodeURIComponent(core))
  }
  return found
}
