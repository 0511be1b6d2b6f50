import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ScdType } from '../../pipeline/spec/types.ts'
import type { DiscordSimulator } from '../../sources/discord/simulator/index.ts'
import { DISCORD_SOFT_TABLES, DISCORD_SOUND, discordDifferences } from '../support/discord_truth.ts'
import { changedRows, DiscordWorld } from '../support/discord_world.ts'
import { expectSound } from '../support/present.ts'
import { query } from '../support/query.ts'

let world: DiscordWorld
let simulator: DiscordSimulator
beforeEach(async () => {
  const size = { guilds: 2, channelsPerGuild: 2, messagesPerChannel: 80, threadsPerChannel: 2, forums: 0, members: 10 }
  world = await DiscordWorld.start({ dataset: { generated: { ...size, days: 5 } } })
  simulator = world.simulator
})
afterEach(() => world.close())

const sound = DISCORD_SOUND.filter(({ sequence }) => sequence !== null)
const versionsOf = (id: string) =>
  query(
    world.database,
    `SELECT content, deleted_at IS NOT NULL AS deleted FROM discord.messages WHERE id = '${id}' ORDER BY seen_at`,
  )

/** Another round of everything that happens to messages; edits one and deletes one of those that have one version so far. */
async function live(): Promise<{ edited: string; deleted: string }> {
  const { mutate } = simulator
  const single = await query(world.database, 'SELECT id FROM discord.messages GROUP BY id HAVING count(*) = 1')
  const untouched = new Set(single.map(({ id }) => id))
  for (let turn = 0; turn < 4; turn++) {
    mutate.send()
    mutate.reply()
    mutate.edit()
    mutate.unfurl()
    mutate.pin()
    mutate.addReaction()
    mutate.removeReaction()
    mutate.bulkDelete({ count: 2 })
  }
  const open = [...simulator.truth.messages()].filter(
    ({ id, json }) => untouched.has(id) && json.type === 0 && json.edited_timestamp === null,
  )
  const places = new Set([...simulator.truth.channels()].filter(({ json }) => json.type === 0).map(({ id }) => id))
  const [one, other] = open.filter(({ channel_id, json }) => places.has(channel_id) && json.content !== '')
  return { edited: mutate.edit(one!).id, deleted: mutate.delete(other!).id }
}

/** A sync; answers how many rows it changed. */
async function run(scdType: ScdType = 'SCD_TYPE_2'): Promise<number> {
  const result = await world.sync({ scdType, tables: DISCORD_SOFT_TABLES })
  expect(result.status, JSON.stringify(result.errors)).toBe('ok')
  return changedRows(result)
}

async function expectEqual(scdType: ScdType = 'SCD_TYPE_2'): Promise<void> {
  expect(await discordDifferences(world.database, simulator, DISCORD_SOFT_TABLES, scdType)).toEqual({})
  await expectSound(world.database, scdType, sound)
}

describe.each(['SCD_TYPE_2', 'APPEND_ONLY'] as const)('a sync as %s', (scdType) => {
  it('holds every version that a read saw of what is edited and deleted, and nothing else', async () => {
    await run(scdType)
    await expectEqual(scdType)
    for (let round = 0; round < 2; round++) {
      const { edited, deleted } = await live()
      await run(scdType)
      await expectEqual(scdType)
      expect(await versionsOf(edited)).toMatchObject([
        { deleted: false },
        { deleted: false, content: expect.stringMatching(/\(edited\)/) },
      ])
      expect((await versionsOf(deleted)).map((version) => version.deleted)).toEqual([false, true])
      expect(await run(scdType)).toBe(0)
    }
  })
})

describe('a sync as SCD_TYPE_2', () => {
  it('follows a message that a list leaves out once: marked, and there again', async () => {
    await run()
    const [place] = [...simulator.truth.channels()].filter(({ json }) => json.type === 0)
    // Newest first: its third one has the id of its second, so one message is shown twice and the other not at all.
    const shown = [...simulator.truth.messages({ channel_id: place!.id })].slice(0, 100).toReversed()
    const hidden = shown[2]!
    const path = `/api/v10/channels/${place!.id}/messages`
    simulator.setFaults({
      rules: [{ path, nth: 1, fault: { kind: 'hostile_row', row: 2, set: { id: shown[1]!.id } } }],
    })
    await run()
    expect((await versionsOf(hidden.id)).map(({ deleted }) => deleted)).toEqual([false, true])
    simulator.setFaults(null)
    await run()
    await expectEqual()
    expect(await run()).toBe(0)
    simulator.mutate.delete(hidden)
    await run()
    await expectEqual()
    expect(await run()).toBe(0)
  })

  it('follows a reaction that is taken back and comes again', async () => {
    const [place] = [...simulator.truth.channels()].filter(({ json }) => json.type === 0)
    const message = [...simulator.truth.messages({ channel_id: place!.id })].find(({ json }) => json.type === 0)!
    for (let round = 0; round < 3; round++) {
      simulator.mutate.addReaction({ ...message, emoji: '🐳' })
      await run()
      await expectEqual()
      simulator.mutate.removeReaction({ ...message, emoji: '🐳' })
      await run()
      await expectEqual()
    }
    expect(await run()).toBe(0)
  })
})

describe('a sync as APPEND_ONLY', () => {
  it('has one row of each content: a state that comes back is not appended again', async () => {
    const message = [...simulator.truth.messages()].find(({ json }) => json.type === 0 && json.pinned === false)!
    await run('APPEND_ONLY')
    for (const change of ['pin', 'unpin', 'pin', 'unpin'] as const) {
      simulator.mutate[change](message)
      await run('APPEND_ONLY')
      await expectEqual('APPEND_ONLY')
    }
    const pinned = await query(
      world.database,
      `SELECT pinned FROM discord.messages WHERE id = '${message.id}' ORDER BY seen_at`,
    )
    expect(pinned).toEqual([{ pinned: false }, { pinned: true }])
  })
})
