import { timestamp } from '../../../libs/schema/index.ts'

/** Discord says nothing of when a row changed or that it was deleted (reference §6): both times are those of the reads. */
export const seenColumns = () => ({
  seen_at: timestamp()
    .added()
    .volatile()
    .describe("Discord's clock when a read first saw this state of the row; orders its versions."),
  deleted_at: timestamp()
    .added()
    .describe('When a whole scan first lacked the row, or its channel was found deleted; null while it is there.'),
})
