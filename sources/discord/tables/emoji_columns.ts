import { boolean, struct, text } from '../../../libs/schema/index.ts'

/** An emoji as other objects name it: a custom one by id, any other by its characters. */
export const partialEmoji = () => struct({ id: text(), name: text(), animated: boolean() })
