import { afterEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import {
  type MessageKey,
  startTeamsSimulator,
  type TeamsSimulator,
  type TeamsSimulatorOptions,
  virtualClock,
} from '../../../sources/microsoft_teams/simulator/index.ts'
import { type GraphClient, graphClient, keyText } from '../simulator/graph_client.ts'

const clock = virtualClock({ start: Date.UTC(2026, 2, 1, 12) })
let simulator: TeamsSimulator
let client: GraphClient

afterEach(() => simulator.close())

async function start(options: TeamsSimulatorOptions = {}): Promise<void> {
  simulator = await startTeamsSimulator({ clock, throttle: 'off', ...options })
  client = await graphClient(simulator)
  clock.advance(60_000)
}

function now(): string {
  return new Date(clock.now()).toISOString().replace('.000Z', 'Z')
}

/** The message as the export shows it, found by its key. */
async function exported(key: MessageKey): Promise<JsonObject | undefined> {
  const rows = await client.walk(`/teams/${key.team_id}/channels/getAllMessages?$top=50`)
  return rows.find((row) => keyText(row) === `${key.team_id} ${key.channel_id} ${key.id}`)
}

describe('changes of messages', () => {
  it('a new root has its time as id, etag and stamps', async () => {
    await start()
    const key = simulator.mutate.newRoot({ text: 'a <new> post' })
    expect(key.id).toBe(String(clock.now()))
    expect(await exported(key)).toMatchObject({
      id: key.id,
      etag: key.id,
      replyToId: null,
      createdDateTime: now(),
      lastModifiedDateTime: now(),
      lastEditedDateTime: null,
    })
  })

  it('a late reply to an old root leaves the root as it was', async () => {
    await start()
    const root = [...simulator.truth.messages()].find(
      ({ json }) => json.replyToId === null && json.from !== null && json.deletedDateTime === null,
    )!
    const before = simulator.truth.message(root)
    const reply = simulator.mutate.newReply({ ...root })
    expect(await exported(reply)).toMatchObject({ replyToId: root.id, createdDateTime: now() })
    expect(simulator.truth.message(root)).toEqual(before)
  })

  it('a reply to a reply joins the thread of its root', async () => {
    await start()
    const root = simulator.mutate.newRoot()
    const reply = simulator.mutate.newReply(root)
    const second = simulator.mutate.newReply(reply)
    expect(second.id).not.toBe(reply.id)
    expect(simulator.truth.message(second)).toMatchObject({ replyToId: root.id })
  })

  it('an edit moves lastModified, lastEdited and etag', async () => {
    await start()
    const key = simulator.mutate.edit({ text: 'corrected' })
    const row = (await exported(key))!
    expect(row).toMatchObject({
      lastModifiedDateTime: now(),
      lastEditedDateTime: now(),
      etag: String(clock.now()),
      deletedDateTime: null,
    })
    expect((row.body as { content: string }).content).toContain('corrected')
    expect(row.createdDateTime).not.toBe(now())
  })

  it('a delete keeps the row and empties it', async () => {
    await start()
    const key = simulator.mutate.delete()
    expect(await exported(key)).toMatchObject({
      deletedDateTime: now(),
      lastModifiedDateTime: now(),
      body: { content: '' },
      attachments: [],
      mentions: [],
      reactions: [],
    })
  })

  it('reactions move lastModified and not lastEdited', async () => {
    await start()
    const key = simulator.mutate.addReaction()
    const added = (await exported(key))!
    expect(added).toMatchObject({ lastModifiedDateTime: now() })
    const reactions = added.reactions as JsonObject[]
    expect(reactions.at(-1)).toMatchObject({ createdDateTime: now() })
    for (const reaction of reactions)
      expect((reaction.user as { user: { displayName: null } | null }).user?.displayName ?? null).toBeNull()
    clock.advance(5000)
    simulator.mutate.removeReaction(key)
    const removed = (await exported(key))!
    expect(removed.reactions).toHaveLength(reactions.length - 1)
    expect(removed).toMatchObject({ lastModifiedDateTime: now(), lastEditedDateTime: added.lastEditedDateTime })
  })

  it('two messages of one moment get ids of their own in a channel, and the same id in two channels', async () => {
    await start()
    const [first, second] = simulator.truth.teams()[0]!.channels
    const team_id = simulator.truth.teams()[0]!.id
    const at = clock.now()
    const a = simulator.mutate.newRoot({ team_id, channel_id: first!.id, at })
    const b = simulator.mutate.newRoot({ team_id, channel_id: first!.id, at })
    const c = simulator.mutate.newRoot({ team_id, channel_id: second!.id, at })
    expect([a.id, b.id, c.id]).toEqual([String(at), String(at + 1), String(at)])
  })

  it('new channels and teams appear, with room for messages', async () => {
    await start()
    const channel = simulator.mutate.newChannel({ membershipType: 'private', displayName: 'Secret plans' })
    const message = simulator.mutate.newRoot(channel)
    expect(await exported(message)).toBeDefined()
    const { team_id } = simulator.mutate.newTeam('Fresh')
    expect((await client.walk('/teams')).map((team) => team.displayName)).toContain('Fresh')
    expect(await client.walk(`/teams/${team_id}/channels/getAllMessages`)).toEqual([])
  })

  it('the same seed makes the same changes', async () => {
    const digests: string[] = []
    for (let round = 0; round < 2; round++) {
      const own = virtualClock()
      const other = await startTeamsSimulator({ clock: own, seed: 5 })
      for (let index = 0; index < 30; index++) {
        own.advance(777)
        other.mutate.random()
      }
      digests.push(other.truth.digest())
      await other.close()
    }
    await start()
    expect(digests[0]).toBe(digests[1])
    expect(digests[0]).not.toBe(simulator.truth.digest())
  })
})

describe('late visibility', () => {
  it('a change shows at the end of its lateness, with the stamp of its beginning', async () => {
    await start()
    const stamp = now()
    const key = simulator.mutate.newRoot({ visible_after_ms: 30_000 })
    expect(await exported(key)).toBeUndefined()
    expect(simulator.truth.counts().pending).toBe(1)
    clock.advance(29_999)
    expect(await exported(key)).toBeUndefined()
    clock.advance(1)
    expect(await exported(key)).toMatchObject({ createdDateTime: stamp })
    expect(simulator.truth.counts().pending).toBe(0)
  })

  it('an edit of a late message waits for the message, and the later of two edits wins', async () => {
    await start()
    const key = simulator.mutate.newRoot({ visible_after_ms: 10_000 })
    clock.advance(1000)
    simulator.mutate.edit({ ...key, text: 'first', visible_after_ms: 30_000 })
    clock.advance(1000)
    simulator.mutate.edit({ ...key, text: 'second', visible_after_ms: 0 })
    const stamp = now()
    expect(await exported(key)).toBeUndefined()
    clock.advance(8000)
    expect(await exported(key)).toMatchObject({ lastEditedDateTime: stamp })
    clock.advance(60_000)
    const row = (await exported(key))!
    expect(row).toMatchObject({ lastEditedDateTime: stamp, lastModifiedDateTime: stamp })
    expect((row.body as { content: string }).content).toContain('second')
  })

  it('draws the lateness of each change between nothing and the most', async () => {
    await start({ lateVisibilityMs: 10_000 })
    for (let index = 0; index < 40; index++) simulator.mutate.newRoot()
    const waiting = [0, 2500, 5000, 7500, 9999, 10_000].map((at, index, all) => {
      clock.advance(index === 0 ? 0 : at - all[index - 1]!)
      return simulator.truth.counts().pending
    })
    expect(waiting[0]).toBeGreaterThan(30)
    expect(waiting.at(-1)).toBe(0)
    expect(waiting).toEqual([...waiting].sort((a, b) => b - a))
    expect(new Set(waiting).size).toBeGreaterThan(3)
  })

  it('settles when told to', async () => {
    await start()
    const key = simulator.mutate.edit({ text: 'at once', visible_after_ms: 1_000_000 })
    simulator.mutate.settle()
    expect(await exported(key)).toMatchObject({ lastEditedDateTime: now() })
  })
})
