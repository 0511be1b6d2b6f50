import { CHANNEL } from './codes.ts'
import type { Channel, Thread } from './model.ts'

export function isThread(channel: Channel): channel is Channel & { thread: Thread } {
  return channel.thread !== null
}

/** Channels that hold threads and no messages of their own. */
export function isForum(channel: Channel): boolean {
  return channel.type === CHANNEL.FORUM || channel.type === CHANNEL.MEDIA
}

export function isVoice(channel: Channel): boolean {
  return channel.type === CHANNEL.VOICE || channel.type === CHANNEL.STAGE
}

export function holdsMessages(channel: Channel): boolean {
  return channel.type !== CHANNEL.CATEGORY && !isForum(channel)
}

export function parentsThreads(channel: Channel): boolean {
  return channel.type === CHANNEL.TEXT || channel.type === CHANNEL.ANNOUNCEMENT || isForum(channel)
}
