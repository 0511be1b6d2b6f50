import type { PersonalRule } from '../../../libs/schema/personal.ts'
import { htmlText } from './html_text.ts'

/** `<at id="0">Ada Lovelace</at>`; in cards without the id (reference §10, chatMessage.body). */
const MENTION = /<at\b[^>]*>(.+?)<\/at>/gs
/** A user's OneDrive is named for the principal name: `…-my.sharepoint.com/personal/ada_contoso_com/…`. */
const ONE_DRIVE = /\/personal\/([^/?#"'\s<>\\]+)/gi
/** `mailto:ada@contoso.com`. */
const MAIL = /\bmailto:([^?"'\s<>\\]+)/gi
/** `https://teams.microsoft.com/l/chat/0/0?users=ada@contoso.com`. */
const CHAT_WITH = /[?&](?:amp;)?users=([^&#"'\s<>\\]+)/gi
/** How Teams itself writes a user's id: `8:orgid:8ea0e38b-efb3-4757-924a-5f94061cf8c2`. */
const USER_ID = /\b8:orgid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/gi
const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
/** The id of a chat of two is made of theirs: `19:8ea0…_97f6…@unq.gbl.spaces`. A pattern hashes one: the second goes first. */
const SECOND_OF_TWO = new RegExp(`\\b19(?::|%3a)${GUID}_(${GUID})(?:@|%40)unq\\.gbl\\.spaces`, 'gi')
const FIRST_OF_TWO = new RegExp(`\\b19(?::|%3a)(${GUID})_[0-9a-f]{32}(?:@|%40)unq\\.gbl\\.spaces`, 'gi')

const LINKS = [ONE_DRIVE, MAIL, CHAT_WITH, USER_ID, SECOND_OF_TWO, FIRST_OF_TWO]

/** An address of a file or a preview. */
export const PERSONS_IN_LINKS: PersonalRule = { inside: LINKS }

/** A message: whom it mentions, and links. Names in running text are what somebody wrote, and stay. */
export const PERSONS_IN_MESSAGES: PersonalRule = { inside: [MENTION, ...LINKS], unescape: htmlText }

/** An attachment: a card, or a message that is quoted or forwarded with its sender. */
export const PERSONS_IN_CARDS: PersonalRule = {
  keys: [
    'id',
    'aadObjectId',
    'userId',
    'mri',
    'displayName',
    'name',
    'givenName',
    'surname',
    'email',
    'userPrincipalName',
  ],
  ...PERSONS_IN_MESSAGES,
}

/**
 * Event details: initiators, members and participants are identities, and nothing else there has an `id` or a
 * `displayName` (reference §10 and META). A recording is named for its call and lies in somebody's OneDrive.
 */
export const PERSONS_IN_EVENTS: PersonalRule = {
  keys: ['id', 'displayName', 'email', 'userPrincipalName', 'callRecordingDisplayName', 'callRecordingUrl'],
}
