/** Types of channels, as numbers of Discord's (reference §5). */
type Types = ReadonlySet<unknown>

/** Text, voice, announcement and stage hold messages. Threads hold them too. */
export const HOLDS_MESSAGES: Types = new Set([0, 2, 5, 13])
export const THREADS: Types = new Set([10, 11, 12])
/** Text, announcement, forum and media. */
export const MAY_HAVE_THREADS: Types = new Set([0, 5, 15, 16])
export const HAS_PRIVATE_THREADS: Types = new Set([0])
/** Forum and media: they hold nothing but threads. */
export const FORUMS: Types = new Set([15, 16])
/** Voice and stage: reading their chat takes the right to join them (reference §3). */
export const VOICE: Types = new Set([2, 13])
