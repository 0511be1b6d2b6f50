import { boolean, int32, struct, text } from '../../../libs/schema/index.ts'

/** A user as every object carries it (reference §10): the profile of today, also on old messages. */
export const user = () =>
  struct({
    id: text().personal(),
    username: text().personal(),
    global_name: text().personal(),
    discriminator: text().personal().describe('0 for names of the new kind.'),
    bot: boolean(),
    system: boolean(),
  })

/** What a list of members shows of a user besides. */
export const wholeUser = () =>
  struct({
    ...user().fields,
    avatar: text().personal(),
    banner: text().personal(),
    accent_color: int32(),
    public_flags: int32(),
  })
