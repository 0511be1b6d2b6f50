import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
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

  it('keeps one between texts and decimals as long, at every place', () => {
    for (let before = 0; before < 40; before++) {
      const json = `{"id":"123456789012345678","a":"${'x'.repeat(before)}","b":[0.12345678901234567,-9007199254740993]}`
      const [, exact] = (parseExactJson(Buffer.from(json)) as { b: [number, bigint] }).b
      expect(exact).toBe(-9007199254740993n)
    }
  })

  it.each([' ', '\n', '\t', '\r\n', ''])('keeps one behind a blank (%j)', (blank) => {
    for (const open of ['[', '{"a":', '[0,']) {
      const body = Buffer.from(`${open}${blank}9007199254740993${open.startsWith('{') ? '}' : ']'}`)
      expect(jsonText(parseExactJson(body))).toContain('9007199254740993')
    }
    expect(parseExactJson(Buffer.from(`${blank}9007199254740993`))).toBe(9007199254740993n)
    expect(parseExactJson(Buffer.from(`\uFEFF${blank}9007199254740993`))).toBe(9007199254740993n)
  })

  it('does not revive what has long ids as texts', () => {
    const revive = vi.spyOn(JSON, 'parse')
    const json = '[{"id":"123456789012345678","content":"<@123456789012345678> https://x.y/123456789012345678/9"}]'
    expect(parseExactJson(Buffer.from(json))).toHaveLength(1)
    expect(revive).toHaveBeenCalledWith(json)
    revive.mockRestore()
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
