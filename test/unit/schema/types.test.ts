import { describe, expect, expectTypeOf, it } from 'vitest'
import { defineTable } from '../../../libs/connect/table.ts'
import { boolean, float64, int32, int64, json, list, struct, text, timestamp } from '../../../libs/schema/builders.ts'
import type { InferRow } from '../../../libs/schema/infer.ts'
import { schemaMarkdown } from '../../../libs/schema/schema_markdown.ts'
import type { Fields } from '../../../libs/schema/types.ts'

const message = struct({
  id: text().required().describe('The key.'),
  team_id: text().describe('Where.').added().required(),
  createdDateTime: timestamp(),
  isArchived: boolean(),
  n: int32(),
  big: int64(),
  x: float64().required(),
  detail: json(),
  body: struct({ content: text() }),
  mentions: list(struct({ id: int32(), tags: list(text()) })).required(),
})

describe('InferRow', () => {
  it('is the row as it is stored', () => {
    expectTypeOf<InferRow<typeof message>>().toEqualTypeOf<{
      id: string
      team_id: string
      createdDateTime: bigint | null
      isArchived: boolean | null
      n: number | null
      big: bigint | null
      x: number
      detail: string | null
      body: { content: string | null } | null
      mentions: ({ id: number | null; tags: (string | null)[] | null } | null)[]
    }>()
  })

  it('survives a table definition', () => {
    const table = defineTable({
      name: 't',
      description: '',
      primaryKeys: ['id'],
      ingestionType: 'cdc',
      schema: message,
    })
    expectTypeOf<InferRow<typeof table.schema>>().toEqualTypeOf<InferRow<typeof message>>()
  })
})

describe('builders', () => {
  it('answer copies', () => {
    const plain = text()
    const full = plain.required().added().describe('x')
    expect([plain.isRequired, plain.isAdded, plain.description]).toEqual([false, false, undefined])
    expect([full.isRequired, full.isAdded, full.description]).toEqual([true, true, 'x'])
    expect(full.describe('y').isRequired).toBe(true)
    expect([plain.isVolatile, plain.volatile().required().isVolatile, full.isVolatile]).toEqual([false, true, false])
    expect(list(text()).volatile().describe('x').isVolatile).toBe(true)
  })

  it('keep fields in order, without a prototype, frozen', () => {
    expect(Object.keys(message.fields).slice(0, 3)).toEqual(['id', 'team_id', 'createdDateTime'])
    expect('constructor' in message.fields).toBe(false)
    expect(Object.isFrozen(message.fields)).toBe(true)
  })

  it.each([
    ['an empty name', () => struct({ '': text() })],
    ['a name with NUL', () => struct({ 'a\0': text() })],
    ['half a character', () => struct({ '\ud800': text() })],
    ['__proto__', () => struct(JSON.parse('{"__proto__":null}'))],
    ['a reserved name', () => struct({ _raw: text() })],
    ['a reserved name in other letters', () => struct({ _RESCUED_DATA: text() })],
    ['names that differ in case only', () => struct({ id: text(), ID: text() })],
    ['a required field below the top', () => struct({ a: struct({ b: text().required() }) })],
    ['an added field below the top', () => struct({ a: struct({ b: struct({ c: text().added() }) }) })],
    ['a required item', () => list(text().required())],
    ['a required field of an item', () => list(struct({ a: text().required() }))],
  ])('refuse %s', (_, declare) => {
    expect(declare).toThrow(TypeError)
  })
})

describe('defineTable', () => {
  const define = (fields: Fields, cursorField?: string) =>
    defineTable({
      name: 't',
      description: '',
      primaryKeys: ['id'],
      ingestionType: 'cdc',
      schema: struct(fields),
      ...(cursorField === undefined ? {} : { cursorField }),
    })

  it('refuses a volatile key, and takes a volatile cursor', () => {
    expect(() => define({ id: text().volatile() })).toThrow(new TypeError('Table t: key id cannot be volatile.'))
    expect(() => define({ id: struct({ part: text().volatile() }) })).toThrow(TypeError)
    expect(define({ id: text(), at: timestamp().volatile() }, 'at').cursorField).toBe('at')
  })
})

describe('schemaMarkdown', () => {
  it('says what is not compared', () => {
    const signed = () => struct({ id: text(), url: text().volatile(), by: struct({ icon: text().volatile() }) })
    const schema = struct({
      id: text(),
      url: text().volatile(),
      score: int32().describe('Of today.').volatile(),
      files: list(signed()).describe('Files.'),
      links: list(text().volatile()),
    })
    const table = defineTable({ name: 't', description: '', primaryKeys: ['id'], ingestionType: 'cdc', schema })
    const meanings = schemaMarkdown(table)
      .split('\n')
      .slice(2, 7)
      .map((line) => line.split(' | ').at(-1)!.replace(' |', ''))
    expect(meanings).toEqual([
      '',
      'Not compared: changes from read to read.',
      'Of today. Not compared: changes from read to read.',
      'Files. Not compared: url, by.icon.',
      'Not compared: [].',
    ])
  })

  it('lists columns with keys in bold, and nothing breaks out of a cell', () => {
    const schema = struct({
      id: text().required().describe('The key.'),
      'a|b': list(struct({ x: int32() })).describe('One | two\nlines.'),
    })
    const table = defineTable({ name: 't', description: '', primaryKeys: ['id'], ingestionType: 'cdc', schema })
    expect(schemaMarkdown(table)).toBe(
      `| column | type | nullable | meaning |
|---|---|---|---|
| **id** | text | no | The key. |
| a\\|b | list of { x int32 } | yes | One \\| two lines. |
| _rescued_data | text | yes | What did not fit its column: JSON by path, with a code and the original value. |
`,
    )
  })
})
