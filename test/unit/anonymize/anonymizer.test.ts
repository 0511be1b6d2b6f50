import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Anonymizer } from '../../../libs/anonymize/anonymizer.ts'

const KEY = 'a key of enough characters'
const anonymizer = new Anonymizer(KEY)
const hmac = (text: string, key = KEY) => createHmac('sha256', key).update(text).digest('hex').slice(0, 32)

describe('Anonymizer', () => {
  it('hashes as HMAC-SHA-256, the same in every release', () => {
    expect(anonymizer.hash('8ea0e38b-efb3-4757-924a-5f94061cf8c2')).toBe('2b334cd272608b20ca74dfc36a7ce00f')
    expect(anonymizer.hash('Jörg Müller')).toBe(hmac('Jörg Müller'))
    expect(new Anonymizer(`${KEY}.`).hash('Ada')).toBe(hmac('Ada', `${KEY}.`))
  })

  it('keeps empty text, and answers 32 lower-case hex digits for any other, different for different texts', () => {
    expect(anonymizer.hash('')).toBe('')
    const parts = fc.constantFrom('a', 'ß', '\0', '\ud800', '\udc00', '\ufffd', '"')
    const texts = fc.array(parts, { minLength: 1, maxLength: 4 }).map((units) => units.join(''))
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        expect(anonymizer.hash(one)).toMatch(/^[0-9a-f]{32}$/)
        expect(anonymizer.hash(one) === anonymizer.hash(other)).toBe(one === other)
      }),
    )
  })

  it('goes on with the same hashes when more people have come than it remembers', () => {
    const first = anonymizer.hash('first')
    for (let i = 0; i < 21_000; i++) anonymizer.hash(`person ${i}`)
    expect(anonymizer.hash('first')).toBe(first)
  })

  it('has a fingerprint of its key', () => {
    expect(anonymizer.fingerprint()).toBe('e21f3661c38a00c8')
    expect(new Anonymizer(`${KEY}.`).fingerprint()).not.toBe(anonymizer.fingerprint())
  })
})
