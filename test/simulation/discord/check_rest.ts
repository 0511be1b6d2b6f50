import { some } from '../game.ts'
import type { StoredLine } from '../stored.ts'
import { currentOf } from './check_rows.ts'
import { joinedUsers } from './chronicle.ts'
import { type Check, type Facts, isMeant, isOfMessages, messageOf } from './facts.ts'
import { isWanted, wantedPlaces } from './wanted.ts'

/** I11. When nothing is refused and nothing moves any more: every place is read, and the tables are the servers as far as reads look back. */
export const equalsTruth: Check = (facts) => [
  ...facts.tables.filter(isOfMessages).flatMap((table) => messageDifferences(facts, table)),
  ...facts.tables.filter((table) => !isOfMessages(table)).flatMap((table) => listDifferences(facts, table)),
  ...wrongUsers(facts),
  ...some('coverage', wrongLines(facts)),
]

function messageDifferences(facts: Facts, table: string): string[] {
  const { after, truth, plan } = facts
  const missing: string[] = []
  const different: string[] = []
  const places = new Set(wantedPlaces(facts).map(({ id }) => id))
  for (const [key, history] of truth.chronicle.of(table)) {
    const { place, message } = messageOf(key)
    const { at, line } = history.at(-1)!
    const versions = after!.messages.get(table)?.get(key) ?? []
    const isThere = line !== null && places.has(place) && isMeant(plan, message)
    if (isThere && versions.length === 0 && table !== 'message_reactions') missing.push(key)
    const seen = truth.claims.seenUntil(`discord.${table}`, place, message)
    // Changes of messages that no read has seen again since are not known.
    if (!isThere || seen === null || seen < at) continue
    const held = plan.scdType === 'APPEND_ONLY' ? versions : [currentOf(versions)]
    if (!held.some((one) => one?.content === line && !one.deleted))
      different.push(`${key}\n    held  ${held.at(-1)?.content}\n    truth ${line}`)
  }
  return [...some(`missing ${table}`, missing), ...some(`different ${table}`, different)]
}

function listDifferences(facts: Facts, table: string): string[] {
  const { after, truth, plan } = facts
  const lines = new Map([...truth.chronicle.of(table)].map(([key, history]) => [key, history.at(-1)!.line]))
  const expected = [...lines].filter(([key, line]) => line !== null && isWanted(facts, table, key))
  const held = after!.listed.get(table) ?? new Map<string, { content: string }[]>()
  const missing = expected.filter(([key, line]) => !held.get(key)?.some(({ content }) => content === line))
  // What was appended stays.
  const extra = plan.scdType === 'APPEND_ONLY' ? [] : [...held.keys()].filter((key) => lines.get(key) == null)
  return [
    ...some(
      `${table} that lack or differ`,
      missing.map(([key]) => key),
    ),
    ...some(`${table} too many`, extra),
  ]
}

/** Who reacted, where it was always the same: where counts stay the same nobody asks again. */
function wrongUsers({ after, truth, plan }: Facts): string[] {
  if (plan.options.include_reaction_users !== 'true') return []
  const wrong = [...(after!.messages.get('message_reactions') ?? [])].filter(([key, versions]) => {
    const who = currentOf(versions)?.users ?? null
    const shown = truth.chronicle.usersOf(key)
    const wasSame = shown.size === 1 && truth.chronicle.history('message_reactions', key).length === 1
    return who !== null && wasSame && !shown.has(joinedUsers(who))
  })
  return some(
    'users of reactions',
    wrong.map(([key]) => key),
  )
}

/** Each place has one line that says ok, and every other line is of something that is gone. */
function wrongLines(facts: Facts): string[] {
  const { after, tables, world } = facts
  const guilds = [...world.simulator.truth.guilds()].map(({ id }) => id).filter((id) => isWanted(facts, 'guilds', id))
  const places = wantedPlaces(facts).map(({ id }) => id)
  return tables.flatMap((table) => {
    const lines = after!.coverage.filter(({ job, state }) => job === `discord.${table}` && state !== 'gone')
    const expected = isOfMessages(table) || table === 'pins' ? places : guilds
    const counted = Map.groupBy(lines, ({ partition }) => partition)
    const wrong = expected.filter((id) => counted.get(id)?.length !== 1).map((id) => `${id} has none`)
    const extra = lines.filter(({ partition, state }) => !expected.includes(partition) || state !== 'ok')
    return [...wrong, ...extra.map(textOf)].map((problem) => `${table} ${problem}`)
  })
}

const textOf = ({ partition, state, code }: StoredLine) => `${partition} is ${state} ${code ?? ''}`
