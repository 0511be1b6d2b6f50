import { describe, expect, it } from 'vitest'
import { looksBlanked } from '../../../sources/discord/feeds/intents.ts'

const BOT = '9'
const blank = { type: 0, content: '', embeds: [], attachments: [], components: [], author: { id: '1' }, mentions: [] }
const said = { ...blank, content: 'something' }

describe('a page of messages looks as if their content was left out', () => {
  it.each([
    ['when none of them says anything', [blank, blank], true],
    ['when only the bot says something', [blank, { ...said, author: { id: BOT } }], true],
    ['when only messages to the bot say something', [blank, { ...said, mentions: [{ id: BOT }] }], true],
    ['whatever system messages say', [blank, { ...said, type: 7 }], true],
    ['not when one of them says something', [blank, said], false],
    ['not when there is none', [], false],
    ['not when there are only system messages', [{ ...blank, type: 7 }], false],
    ['when a system message does not say which thread was made', [{ ...blank, type: 18 }], true],
    ['not when one has an attachment', [{ ...blank, attachments: [{}] }], false],
    ['not when one has an embed', [{ ...blank, embeds: [{}] }], false],
    ['not when one has components', [{ ...blank, components: [{}] }], false],
    ['not when one is a poll', [{ ...blank, poll: {} }], false],
    ['not when there is only a sticker', [{ ...blank, sticker_items: [{}] }], false],
    ['whatever is beside a sticker', [blank, { ...blank, sticker_items: [{}] }], true],
    ['when what is forwarded says nothing', [{ ...blank, message_snapshots: [{ message: blank }] }], true],
    ['not when what is forwarded says something', [{ ...blank, message_snapshots: [{ message: said }] }], false],
    ['not for what is no message', ['x', null], false],
  ])('%s', (_, messages, expected) => {
    expect(looksBlanked(messages, BOT)).toBe(expected)
  })
})
