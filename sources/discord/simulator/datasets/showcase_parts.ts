import type { Instant } from '../../../../libs/connect/instant.ts'
import type { JsonObject } from '../../../../libs/connect/json.ts'
import type { Message, Poll, User } from '../model.ts'
import { formatMillis } from '../timestamps.ts'

/** What a forward keeps of a message: no id and no author, and nothing that changes later. */
export function snapshotOf(message: Message): JsonObject {
  return {
    type: message.type,
    content: message.content,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    timestamp: formatMillis(message.at),
    edited_timestamp: null,
    flags: 0,
    components: [],
  }
}

/** Over, with votes for two of three answers: the third has no entry in the results. */
export function pollMessage(people: readonly User[], at: Instant): Poll {
  return {
    question: 'Where do we sail?',
    answers: ['North', 'South', 'Stay'],
    expiresAt: at + 3_600_000,
    finalized: true,
    votes: [people.slice(0, 3), people.slice(3, 4), []],
  }
}

/** Components v2: all text is in here, `content` is empty. */
export function componentsMessage(): JsonObject[] {
  return [
    {
      type: 17,
      id: 1,
      accent_color: 3_447_003,
      spoiler: false,
      components: [
        { type: 10, id: 2, content: '# Slots\nThree boats are free' },
        { type: 14, id: 3, spacing: 1, divider: true },
        {
          type: 1,
          id: 4,
          components: [{ type: 2, id: 5, style: 1, label: 'Book', custom_id: 'book' }],
        },
      ],
    },
  ]
}

export function richEmbed(): JsonObject {
  return {
    type: 'rich',
    title: 'Harbour report',
    description: 'Wind 4, waves 1 m',
    color: 3_066_993,
    timestamp: '2024-05-04T12:00:00+00:00',
    footer: { text: 'Harbour office', icon_url: 'https://example.org/office.png' },
    author: { name: 'Harbour master', icon_url: 'https://example.org/master.png' },
    image: { url: 'https://example.org/chart.png', width: 800, height: 600 },
    fields: [
      { name: 'High tide', value: '14:20', inline: true },
      { name: 'Low tide', value: '20:41', inline: true },
    ],
  }
}
