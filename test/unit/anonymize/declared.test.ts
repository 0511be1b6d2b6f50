import { describe, expect, it } from 'vitest'
import { anonymizeOptions } from '../../../libs/anonymize/options.ts'
import { resolveOptions } from '../../../libs/connect/options.ts'
import { defineTable } from '../../../libs/connect/table.ts'
import { int32, json, list, schemaMarkdown, struct, text } from '../../../libs/schema/index.ts'

const resolve = (raw: Record<string, unknown>) =>
  resolveOptions(anonymizeOptions, raw, { scope: 'connection', unknown: 'error' })

describe('the options', () => {
  it('are off unless asked for', () => {
    expect(resolve({})).toEqual({ anonymize: false, anonymize_key: undefined })
    expect(resolve({ anonymize: 'true', anonymize_key: 'sixteen letters.' })).toEqual({
      anonymize: true,
      anonymize_key: 'sixteen letters.',
    })
  })

  it('want a key, and one that is long enough', () => {
    expect(() => resolve({ anonymize: true })).toThrow(
      expect.objectContaining({
        code: 'PARLEY_OPTION_MISSING',
        message: expect.stringMatching(/^Option anonymize_key is required by anonymize: .*16 characters/),
        details: { option: 'anonymize_key' },
      }),
    )
    const short = 'fifteen letters'
    expect(() => resolve({ anonymize: true, anonymize_key: short })).toThrow(
      expect.objectContaining({
        code: 'PARLEY_OPTION_INVALID',
        message: 'Option anonymize_key must be a text of at least 16 characters; it is a text of 15 characters.',
        details: { option: 'anonymize_key' },
      }),
    )
  })

  it('do not miss a key that was given and is told of already', () => {
    const rules = { scope: 'connection', unknown: 'error', broken: new Set(['anonymize_key']) } as const
    expect(resolveOptions(anonymizeOptions, { anonymize: true }, rules).anonymize).toBe(true)
  })
})

describe('personal', () => {
  it('is a trait of text and JSON, and a copy', () => {
    const plain = text()
    expect([plain.personalRule, plain.personal().required().personalRule]).toEqual([null, {}])
    expect(json().personal(['id']).personalRule).toEqual({ keys: ['id'] })
    expect(json().personal({ inside: /(a)/g }).personalRule).toEqual({ inside: /(a)/g })
    expect(plain.personal().isVolatile).toBe(false)
  })

  it.each([
    ['a number', () => int32().personal()],
    ['JSON without keys', () => json().personal()],
    ['no keys at all', () => json().personal([])],
    ['a condition that nothing fails', () => text().personal({ unless: {} })],
    ['members to leave out of a text', () => text().personal({ omit: ['id'] })],
    ['a pattern that finds only the first', () => text().personal({ inside: /(a)/ })],
    ['a pattern without a capture', () => text().personal({ inside: [/(a)/g, /(?:b)/g] })],
  ])('refuses %s', (_, declare) => {
    expect(declare).toThrow(TypeError)
  })

  it('is said in the docs', () => {
    const schema = struct({
      id: text().personal().describe('The key.'),
      to: text().personal({ unless: { kind: 'room' } }),
      by: list(struct({ name: text().personal(), icon: text().personal().volatile() })),
    })
    const table = defineTable({ name: 't', description: '', primaryKeys: ['id'], ingestionType: 'cdc', schema })
    expect(schemaMarkdown(table)).toContain('| The key. Personal. |')
    expect(schemaMarkdown(table)).toContain('| to | text | yes | Personal in parts. |')
    expect(schemaMarkdown(table)).toContain('| Not compared: icon. Personal: name, icon. |')
  })
})
