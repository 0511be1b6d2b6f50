/** A query string taken apart: `+` and `%20` are both spaces, names are compared without case. */
export class Query {
  readonly raw: string
  #values = new Map<string, string>()
  #pairs: [name: string, value: string][] = []
  /** A part that is not valid percent-encoding. */
  readonly malformed: boolean

  constructor(raw: string) {
    this.raw = raw
    let malformed = false
    for (const part of raw.split('&')) {
      if (part === '') continue
      const equals = part.indexOf('=')
      const name = decode(equals < 0 ? part : part.slice(0, equals))
      const value = decode(equals < 0 ? '' : part.slice(equals + 1))
      if (name === undefined || value === undefined) malformed = true
      else {
        this.#values.set(name.toLowerCase(), value)
        this.#pairs.push([name.toLowerCase(), value])
      }
    }
    this.malformed = malformed
  }

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase())
  }

  /** Every value of a name that comes several times, in order. */
  all(name: string): string[] {
    return this.#pairs.filter(([other]) => other === name.toLowerCase()).map(([, value]) => value)
  }

  names(): string[] {
    return [...this.#values.keys()]
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
