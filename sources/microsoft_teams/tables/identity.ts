import { struct, text } from '../../../libs/schema/index.ts'

/** A bare identity (`microsoft.graph.identity`): META, reference §10. */
const identity = () => ({ id: text(), displayName: text() })

const application = () => struct({ ...identity(), applicationIdentityType: text() })
const person = () => ({ id: text().personal(), displayName: text().personal() })
/** A device is somebody's. */
const device = () => struct(person())
const user = () => struct({ ...person(), userIdentityType: text(), tenantId: text() })

/** Who wrote or reacted: one of application, device and user is set (`chatMessageFromIdentitySet`). */
export const identitySet = () => struct({ application: application(), device: device(), user: user() })

/** Who or what was mentioned (`chatMessageMentionedIdentitySet`). */
export const mentionedIdentitySet = () =>
  struct({
    application: application(),
    device: device(),
    user: user(),
    conversation: struct({ ...identity(), conversationIdentityType: text() }),
    tag: struct(identity()),
  })
