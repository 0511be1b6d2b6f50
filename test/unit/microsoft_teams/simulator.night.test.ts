import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import { startTeamsSimulator, virtualClock } from '../../../sources/microsoft_teams/simulator/index.ts'
import { graphClient, keyText } from '../simulator/graph_client.ts'

describe('a night of throttling on a virtual clock', () => {
  it('passes in moments, and nobody is early who waits as told', async () => {
    const clock = virtualClock({ auto: true })
    const dataset = { generated: { teams: 4, channelsPerTeam: 2, messagesPerChannel: 60 } }
    const rules = [{ route: 'export', every: 4, fault: { kind: 'throttle' as const, retry_after: 3600 } }]
    const simulator = await startTeamsSimulator({ clock, dataset, tokenSeconds: 10_000_000, faults: { rules } })
    const client = await graphClient(simulator)
    const start = clock.now()
    const walk = async (team: string): Promise<JsonObject[]> => {
      const rows: JsonObject[] = []
      for (let link: string | undefined = `/teams/${team}/channels/getAllMessages?$top=20`; link !== undefined; ) {
        const { status, headers, body } = await client.get(link)
        if (status === 429) {
          await clock.sleep(Number(headers.get('retry-after')) * 1000)
          continue
        }
        rows.push(...body.value!)
        link = body['@odata.nextLink'] as string | undefined
      }
      return rows
    }
    const rows = (await Promise.all(simulator.truth.teams().map((team) => walk(team.id)))).flat()
    const stats = simulator.stats()
    await simulator.close()
    clock.close()
    expect(new Set(rows.map(keyText)).size).toBe(480)
    expect(stats.faults.throttle).toBeGreaterThan(5)
    expect(clock.now() - start).toBeGreaterThan(2 * 3_600_000)
    expect(stats.early).toEqual({ all: 0, certain: 0 })
  })
})
