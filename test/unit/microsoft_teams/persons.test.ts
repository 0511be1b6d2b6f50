import { describe, expect, it } from 'vitest'
import { Anonymizer } from '../../../libs/anonymize/anonymizer.ts'
import { textCleaner } from '../../../libs/anonymize/text_cleaner.ts'
import { RowEncoder } from '../../../libs/schema/index.ts'
import { htmlText } from '../../../sources/microsoft_teams/tables/html_text.ts'
import { messages } from '../../../sources/microsoft_teams/tables/messages.ts'
import { PERSONS_IN_LINKS, PERSONS_IN_MESSAGES } from '../../../sources/microsoft_teams/tables/persons.ts'
import { plainRows } from '../schema/plain_rows.ts'

const anonymizer = new Anonymizer('a key of enough characters')
const h = (text: string) => anonymizer.hash(text)
const ID = '8ea0e38b-efb3-4757-924a-5f94061cf8c2'
const OTHER = '97f62344-57dc-409c-88ad-c4af14158ff5'

describe('persons in a text of Teams', () => {
  const inMessage = textCleaner(PERSONS_IN_MESSAGES, anonymizer)
  const inLink = textCleaner(PERSONS_IN_LINKS, anonymizer)

  it.each([
    ['a mention', '<p><at id="0">Ada Lovelace</at>, hi</p>', `<p><at id="0">${h('Ada Lovelace')}</at>, hi</p>`],
    [
      'mentions side by side',
      '<at id="0">Ada</at><at id="1">Bo</at>',
      `<at id="0">${h('Ada')}</at><at id="1">${h('Bo')}</at>`,
    ],
    ['a mention in a card', '<at>Ada</at>', `<at>${h('Ada')}</at>`],
    ['a name in HTML', '<at id="0">O&#39;Hara &amp; &#xD6;</at>', `<at id="0">${h("O'Hara & Ö")}</at>`],
    ['an attachment, which is nobody', '<attachment id="1"></attachment>', '<attachment id="1"></attachment>'],
    ['a mail address', '<a href="mailto:ada@x.com?subject=a">', `<a href="mailto:${h('ada@x.com')}?subject=a">`],
    [
      'a chat',
      'https://teams.microsoft.com/l/chat/0/0?a=1&amp;users=ada@x.com&amp;b=2',
      `https://teams.microsoft.com/l/chat/0/0?a=1&amp;users=${h('ada@x.com')}&amp;b=2`,
    ],
    ['a user as Teams writes it', `itemid="8:orgid:${ID}"`, `itemid="8:orgid:${h(ID)}"`],
    [
      'the two of a chat, who are its id',
      `https://teams.microsoft.com/l/message/19:${ID}_${OTHER}@unq.gbl.spaces/1 19%3a${ID}_${OTHER}%40unq.gbl.spaces`,
      `https://teams.microsoft.com/l/message/19:${h(ID)}_${h(OTHER)}@unq.gbl.spaces/1 19%3a${h(ID)}_${h(OTHER)}%40unq.gbl.spaces`,
    ],
    ['a channel, which is nobody', '19:abc@thread.tacv2', '19:abc@thread.tacv2'],
  ])('%s', (_, text, clean) => {
    expect(inMessage(text)).toBe(clean)
  })

  it.each([
    [
      'https://x-my.sharepoint.com/personal/ada_x_com/Documents/a.docx',
      `https://x-my.sharepoint.com/personal/${h('ada_x_com')}/Documents/a.docx`,
    ],
    [
      'https://x-my.sharepoint.com/:w:/g/personal/ada_x_com',
      `https://x-my.sharepoint.com/:w:/g/personal/${h('ada_x_com')}`,
    ],
    [
      'https://x.sharepoint.com/sites/personal-finance/a.docx',
      'https://x.sharepoint.com/sites/personal-finance/a.docx',
    ],
  ])('%s', (link, clean) => {
    expect(inLink(link)).toBe(clean)
  })
})

describe('persons in a message', () => {
  const encode = (row: object): Record<string, unknown> => {
    const { name: table, primaryKeys, schema } = messages
    const encoder = new RowEncoder(schema, { table, primaryKeys, anonymizer })
    expect(encoder.append({ id: '1', ...row }, { team_id: 't', channel_id: 'c' })).toBe(null)
    return plainRows(encoder.finish())[0]!
  }
  const user = { id: ID, displayName: 'Ada', userIdentityType: 'aadUser' }
  const hidden = { id: h(ID), displayName: h('Ada'), userIdentityType: 'aadUser' }

  it('that quotes another: the sender is found in the card, its text is cleaned like any other', () => {
    const card = {
      messageId: '1616883610266',
      messagePreview: 'for <at>Bo</at>',
      messageSender: { application: null, device: null, user },
    }
    const { attachments } = encode({
      attachments: [{ id: 'a', contentType: 'messageReference', content: JSON.stringify(card) }],
    }) as { attachments: { id: string; content: string }[] }
    expect(attachments[0]!.id).toBe('a')
    expect(JSON.parse(attachments[0]!.content)).toEqual({
      ...card,
      messagePreview: `for <at>${h('Bo')}</at>`,
      messageSender: { application: null, device: null, user: hidden },
    })
  })

  it('about an event: initiators, members, participants and recordings; not teams and channels', () => {
    const detail = {
      '@odata.type': '#microsoft.graph.callRecordingEventMessageDetail',
      callId: 'call',
      callRecordingDisplayName: 'Call with Ada.mp4',
      callRecordingUrl: 'https://x-my.sharepoint.com/personal/ada_x_com/a.mp4',
      channelId: '19:abc@thread.tacv2',
      channelDisplayName: 'General',
      initiator: { application: null, device: null, user },
      members: [user],
      callParticipants: [{ participant: { user } }],
    }
    const { eventDetail } = encode({ eventDetail: detail })
    expect(JSON.parse(String(eventDetail))).toEqual({
      ...detail,
      callRecordingDisplayName: h('Call with Ada.mp4'),
      callRecordingUrl: h('https://x-my.sharepoint.com/personal/ada_x_com/a.mp4'),
      initiator: { application: null, device: null, user: hidden },
      members: [hidden],
      callParticipants: [{ participant: { user: hidden } }],
    })
  })

  it('with an application as its author: that is nobody', () => {
    const application = { id: 'app', displayName: 'Build Bot', applicationIdentityType: 'bot' }
    const device = { id: 'd', displayName: 'Ada’s phone' }
    expect(encode({ from: { application, device, user: null } }).from).toMatchObject({
      application,
      device: { id: h('d'), displayName: h('Ada’s phone') },
    })
  })
})

describe('htmlText', () => {
  it.each([
    ['&lt;a&gt; &quot;b&quot; &nbsp;&apos;', '<a> "b" \u00a0\''],
    ['&#65;&#x1F642;', 'A🙂'],
    ['&unknown; &constructor; &#1114112; & &;', '&unknown; &constructor; &#1114112; & &;'],
  ])('%s', (html, text) => {
    expect(htmlText(html)).toBe(text)
  })
})
