import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseExactJson } from '../../../libs/http/exact_json.ts'
import { jsonText } from '../../../libs/schema/json_text.ts'

const again = (json: string): string => jsonText(parseExactJson(Buffer.from(json)))
const isSafe = (json: string): boolean => !/\d{16}/.test(json)

describe('parseExactJson', () => {
  it.each([
    '9007199254740993',
    '[-9007199254740993]',
    '{"a":{"b":[1,123456789012345678901234567890,2]}}',
    `{"a":${'9'.repeat(400)}}`,
    '["9007199254740993",1,null]',
  ])('keeps %s', (json) => {
    expect(again(json)).toBe(json)
  })

  it('keeps a long number wherever it stands', () => {
    for (let before = 0; before < 40; before++) {
      const json = `["${'x'.repeat(before)}",9007199254740993]`
      expect(again(json)).toBe(json)
    }
  })

  it('answers numbers that fit as numbers', () => {
    const json = '[9007199254740991,1234567890123456,0.12345678901234567,1e300,-0]'
    expect(parseExactJson(Buffer.from(json))).toEqual(JSON.parse(json))
  })

  it('is JSON.parse for everything else', () => {
    fc.assert(
      fc.property(fc.json().filter(isSafe), fc.boolean(), (json, mark) => {
        const body = Buffer.from(mark ? `\uFEFF${json}` : json)
        expect(parseExactJson(body)).toEqual(JSON.parse(json))
      }),
    )
  })

  it('parses JSON of any depth, then without exactness', () => {
    const depth = 200_000
    const json = `[${'['.repeat(depth)}9007199254740993${']'.repeat(depth)}]`
    expect(() => parseExactJson(Buffer.from(json))).not.toThrow()
  })

  it('throws as JSON.parse does', () => {
    expect(() => parseExactJson(Buffer.from('{"a":9007199254740993'))).toThrow(SyntaxError)
  })
})
