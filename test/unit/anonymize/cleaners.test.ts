import { describe, expect, it } from 'vitest'
import { Anonymizer } from '../../../libs/anonymize/anonymizer.ts'
import { jsonCleaner } from '../../../libs/anonymize/json_cleaner.ts'
import { textCleaner } from '../../../libs/anonymize/text_cleaner.ts'

const anonymizer = new Anonymizer('a key of enough characters')
const h = (text: string) => anonymizer.hash(text)
const USERS = { inside: /<@!?(\d+)>/g }

describe('what is personal in a text', () => {
  const clean = (text: string, rule: Parameters<typeof textCleaner>[0]) => textCleaner(rule, anonymizer)(text)

  it.each([
    ['the whole', {}, 'Ada', h('Ada')],
    ['nothing', {}, '', ''],
    ['what a pattern captures', USERS, 'Hi <@12>, <@!34> and 12', `Hi <@${h('12')}>, <@!${h('34')}> and 12`],
    ['nothing that matches', USERS, 'Hi 12', 'Hi 12'],
    ['the capture, not what looks like it', { inside: /id="\d" (\w+)/g }, 'id="0" 0', `id="0" ${h('0')}`],
    ['no empty capture', { inside: /<(\w*)>/g }, '<> <a>', `<> <${h('a')}>`],
    ['no capture that is not there', { inside: /<(?:x|(a))>/g }, '<x> <a>', `<x> <${h('a')}>`],
    ['several patterns', { inside: [/@(\w+)/g, /#(\w+)/g] }, '@a #b', `@${h('a')} #${h('b')}`],
    [
      'what it means',
      { inside: /@(\S+)/g, unescape: (found: string) => found.replace('&amp;', '&') },
      '@a&amp;b',
      `@${h('a&b')}`,
    ],
    ['keys in its JSON', { keys: ['id'] }, '{"id":"7","x":["7"]}', `{"id":"${h('7')}","x":["7"]}`],
    ['patterns in the texts of its JSON', { keys: ['id'], ...USERS }, ' [{"x":"<@7>"}]', `[{"x":"<@${h('7')}>"}]`],
    ['patterns where it is no JSON', { keys: ['id'], ...USERS }, 'see <@7>', `see <@${h('7')}>`],
    ['all of what is JSON by halves', { keys: ['id'] }, '{"id":"7"', h('{"id":"7"')],
  ])('%s', (_, rule, text, expected) => {
    expect(clean(text, rule)).toBe(expected)
    expect(clean(text, rule)).toBe(expected)
  })
})

describe('what is personal in JSON', () => {
  const clean = jsonCleaner({ keys: ['id', 'names'], ...USERS }, anonymizer)

  it('stands under the keys, at any depth, in lists too, as text or number', () => {
    const given = {
      id: 7,
      names: ['Ada', ['Grace'], { id: 'x', role: 'owner' }, null, true],
      other: { id: '', list: [{ id: 'b' }, 'id'], text: 'by <@5>' },
      count: 3,
    }
    const copy = JSON.parse(JSON.stringify(given))
    expect(JSON.parse(JSON.stringify(clean(given)))).toEqual({
      id: h('7'),
      names: [h('Ada'), [h('Grace')], { id: h('x'), role: 'owner' }, null, true],
      other: { id: '', list: [{ id: h('b') }, 'id'], text: `by <@${h('5')}>` },
      count: 3,
    })
    expect(given).toEqual(copy)
  })

  it('is all of a value that has no keys', () => {
    expect([null, undefined, true, 'Ada', 5, ['Ada', [5]]].map(clean)).toEqual([
      null,
      undefined,
      true,
      h('Ada'),
      h('5'),
      [h('Ada'), [h('5')]],
    ])
  })

  it('is found below any depth, and beside hostile keys', () => {
    let deep: unknown = { id: 'deep' }
    for (let i = 0; i < 100_000; i++) deep = [deep]
    let found = clean(deep)
    while (Array.isArray(found)) found = found[0]
    expect(found).toEqual({ id: h('deep') })
    const hostile = JSON.parse('{"__proto__":{"id":"a"},"constructor":{"id":"b"}}')
    expect(JSON.stringify(clean(hostile))).toBe(`{"__proto__":{"id":"${h('a')}"},"constructor":{"id":"${h('b')}"}}`)
  })

  it('is left out where it stands under a member that is left out, whatever that holds', () => {
    const without = jsonCleaner({ omit: ['badge'] }, anonymizer)
    expect(JSON.stringify(without([{ badge: { id: 'a' }, in: { badge: 'b', badges: 1 } }]))).toBe(
      '[{"in":{"badges":1}}]',
    )
  })

  it('is not in an object that says it is something else, though in those below it', () => {
    const unless = jsonCleaner({ keys: ['id'], unless: { type: 2 } }, anonymizer)
    const given = [{ id: 'a', type: 2, by: { id: 'b' } }, { id: 'c', type: '2' }, { id: 'd' }]
    expect(JSON.stringify(unless(given))).toBe(
      `[{"id":"a","type":2,"by":{"id":"${h('b')}"}},{"id":"${h('c')}","type":"2"},{"id":"${h('d')}"}]`,
    )
  })
})
