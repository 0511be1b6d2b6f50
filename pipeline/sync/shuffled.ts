import { hash } from 'node:crypto'

/** In another order with every salt: where not all are asked, those who always answer no keep nobody waiting for ever. Pure. */
export function shuffled(texts: readonly string[], salt: string): string[] {
  const places = new Map(texts.map((text) => [text, hash('sha256', `${salt} ${text}`, 'hex')]))
  return texts.toSorted((a, b) => (places.get(a)! < places.get(b)! ? -1 : 1))
}
