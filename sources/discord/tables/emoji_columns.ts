import { boolean, struct, text } from '../../../libs/schema/index.ts'

/**
 * An emoji as other objects name it: a custom one by id, any other by its characters. A custom one can be renamed, and
 * has no name any more when it is deleted: the one that was read first stays.
 */
export const partialEmoji = () => struct({ id: text(), name: text().volatile(), animated: boolean() })
