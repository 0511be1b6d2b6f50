import { int32, json, list, struct, text, timestamp } from '../../../libs/schema/index.ts'
import { identitySet, mentionedIdentitySet } from './identity.ts'
import { PERSONS_IN_CARDS, PERSONS_IN_EVENTS, PERSONS_IN_LINKS, PERSONS_IN_MESSAGES } from './persons.ts'

const reaction = () => ({
  reactionType: text(),
  displayName: text(),
  reactionContentUrl: text(),
  createdDateTime: timestamp(),
  user: identitySet(),
})

/** Every property of `microsoft.graph.chatMessage` except its key (META 2026-08-20; reference §10). */
export const chatMessageProperties = () => ({
  etag: text().describe('Version; epoch milliseconds of the last change.'),
  messageType: text().describe('message, chatEvent, typing, systemEventMessage.'),
  createdDateTime: timestamp().describe('When it was written.'),
  lastModifiedDateTime: timestamp().describe('Moves on edit, delete and reactions; not on new replies.'),
  lastEditedDateTime: timestamp().describe('Last edit of the text; null until then.'),
  deletedDateTime: timestamp().describe('When it was deleted; the row stays.'),
  replyToId: text().describe('Id of the root message; null for roots.'),
  subject: text().describe('Title of a post.'),
  summary: text().describe('Summary for notifications.'),
  importance: text().describe('normal, high, urgent.'),
  locale: text(),
  webUrl: text().describe('Link that opens the message in Teams.'),
  chatId: text().describe('Null for channel messages.'),
  channelIdentity: struct({ teamId: text(), channelId: text() }),
  from: identitySet().describe('Who wrote it; null on system events.'),
  body: struct({ contentType: text(), content: text().personal(PERSONS_IN_MESSAGES) }).describe(
    'html or text, and the text.',
  ),
  attachments: list(
    struct({
      id: text(),
      name: text(),
      contentType: text(),
      contentUrl: text().personal(PERSONS_IN_LINKS),
      content: text().personal(PERSONS_IN_CARDS),
      teamsAppId: text(),
      thumbnailUrl: text().personal(PERSONS_IN_LINKS),
    }),
  ),
  mentions: list(struct({ id: int32(), mentionText: text().personal(), mentioned: mentionedIdentitySet() })),
  reactions: list(struct(reaction())),
  messageHistory: list(
    struct({ actions: text(), modifiedDateTime: timestamp(), reaction: struct(reaction()) }),
  ).describe('Edits and reactions as the API lists them; often empty.'),
  policyViolation: struct({
    dlpAction: text(),
    justificationText: text(),
    policyTip: struct({ complianceUrl: text(), generalText: text(), matchedConditionDescriptions: list(text()) }),
    userAction: text(),
    verdictDetails: text(),
  }).describe('Verdict of data loss prevention.'),
  eventDetail: json()
    .personal(PERSONS_IN_EVENTS)
    .describe('What a system event was: JSON, polymorphic by @odata.type.'),
})
