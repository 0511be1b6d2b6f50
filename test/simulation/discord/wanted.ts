import type { Facts } from './facts.ts'

/** Channel types that hold messages; threads hold them too. */
const HOLDS_MESSAGES: readonly unknown[] = [0, 2, 5, 13]

interface Place {
  id: string
  guild_id: string
}

/** Channels and threads that are read for messages and pins: all, or those that an option names with what is below them. */
export function wantedPlaces({ world: { simulator, narrowed } }: Pick<Facts, 'world'>): Place[] {
  const channels = [...simulator.truth.channels()]
  const threads = [...simulator.truth.threads()]
  const above = new Map([...channels, ...threads].map(({ id, json }) => [id, json.parent_id]))
  const lineOf = (id: unknown): unknown[] => (typeof id === 'string' ? [id, ...lineOf(above.get(id))] : [])
  const isNamed = ({ id, guild_id }: Place) =>
    (narrowed.guild_id?.includes(guild_id) ?? true) &&
    (narrowed.channel_id === undefined || lineOf(id).some((one) => narrowed.channel_id!.includes(String(one))))
  return [...channels.filter(({ json }) => HOLDS_MESSAGES.includes(json.type)), ...threads].filter(isNamed)
}

/** Whether a row of a list is read. Options name channels for messages and pins alone. */
export function isWanted(facts: Pick<Facts, 'world'>, table: string, key: string): boolean {
  const [guild = '', place = ''] = key.split('/')
  if (table === 'pins') return wantedPlaces(facts).some(({ id }) => id === place)
  return facts.world.narrowed.guild_id?.includes(guild) ?? true
}
