import { defineTable } from '../../../libs/connect/table.ts'
import { boolean, int32, json, list, struct, text, timestamp } from '../../../libs/schema/index.ts'
import { embed } from './embed.ts'
import { PERSONS_IN_JSON, PERSONS_IN_TEXT } from './persons.ts'
import { seenColumns } from './soft_delete.ts'
import { user } from './user.ts'

/** Messages of channels, threads and posts. Attachments and reactions have tables of their own. */
export const messages = defineTable({
  name: 'messages',
  description:
    'Messages of channels, threads and forum posts, system messages among them. Deleted ones stay, with deleted_at.',
  primaryKeys: ['channel_id', 'id'],
  cursorField: 'seen_at',
  ingestionType: 'cdc',
  softDelete: { column: 'deleted_at', scope: 'channel_id', range: 'id' },
  schema: struct({
    id: text().required().describe('Snowflake: holds the time; ids are in the order of time.'),
    guild_id: text().required().added().describe('Guild of the message.'),
    channel_id: text().required().added().describe('Channel or thread that it was written in.'),
    type: int32().describe('0 a message, 19 a reply, 21 the start of a thread; all others are system messages.'),
    content: text().personal(PERSONS_IN_TEXT).describe('Markdown.'),
    author: user().volatile().describe('Who wrote it, with the names of the day it was read.'),
    timestamp: timestamp(),
    edited_timestamp: timestamp().added().describe('Last edit by its author, to the millisecond; null: never.'),
    flags: int32(),
    tts: boolean(),
    pinned: boolean(),
    mention_everyone: boolean(),
    mentions: list(user()).volatile().describe('Users that it mentions, with the names of the day it was read.'),
    mention_roles: list(text()),
    mention_channels: list(struct({ id: text(), guild_id: text(), type: int32(), name: text() })),
    webhook_id: text().describe('Set: the author is no user.'),
    application_id: text(),
    message_reference: struct({ type: int32(), channel_id: text(), message_id: text(), guild_id: text() }).describe(
      'type 0: what it answers; 1: what it forwards.',
    ),
    referenced_message_deleted: boolean()
      .added()
      .describe('true: what it answers was deleted; null: it is there, or nobody knows.'),
    message_snapshots: json().personal(PERSONS_IN_JSON).volatile().describe('What it forwards, as it was then: JSON.'),
    embeds: list(embed()),
    components: json()
      .personal(PERSONS_IN_JSON)
      .volatile()
      .describe('Buttons and layouts as JSON; an edit moves edited_timestamp.'),
    sticker_items: list(struct({ id: text(), name: text(), format_type: int32() })),
    poll: struct({
      question: struct({ text: text().personal(PERSONS_IN_TEXT) }),
      answers: json().personal(PERSONS_IN_TEXT),
      expiry: timestamp(),
      allow_multiselect: boolean(),
      layout_type: int32(),
      results: struct({ is_finalized: boolean(), answer_counts: json().volatile() }),
    }).describe('Counts are inexact, and not followed, until is_finalized.'),
    position: int32().volatile().describe('Rough place in a thread.'),
    thread_id: text().added().describe('Thread that was started from it.'),
    interaction_metadata: json()
      // In authorizing_integration_owners 0 is the server that installed the application, 1 the user.
      .personal({ ...PERSONS_IN_JSON, keys: [...PERSONS_IN_JSON.keys, '1'] })
      .volatile()
      .describe('The command it answers, as JSON.'),
    activity: json().personal(['party_id']),
    application: json()
      .personal({ omit: ['bot', 'owner', 'team'], ...PERSONS_IN_TEXT })
      .volatile(),
    call: json().personal(['participants']),
    role_subscription_data: json(),
    purchase_notification: json(),
    nonce: text().added(),
    ...seenColumns(),
  }),
})
