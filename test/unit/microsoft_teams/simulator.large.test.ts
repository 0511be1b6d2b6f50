import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import {
  type Fault,
  startTeamsSimulator,
  type TeamsSimulator,
} from '../../../sources/microsoft_teams/simulator/index.ts'
import type { GeneratedSize } from '../../../sources/microsoft_teams/simulator/types.ts'
import { requestToken } from '../simulator/graph_client.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const MIB = 1024 * 1024
let simulator: TeamsSimulator

afterEach(() => simulator.close())

async function start(generated: GeneratedSize, fault?: Fault): Promise<(path: string) => Promise<Response>> {
  const faults = fault ? { rules: [{ path: '/v1.0/**', fault }] } : null
  simulator = await startTeamsSimulator({ throttle: 'off', dataset: { generated }, ...(faults ? { faults } : {}) })
  const { access_token } = (await (await requestToken(simulator)).json()) as { access_token: string }
  return (path) => fetch(`${simulator.origin}/v1.0${path}`, { headers: { authorization: `Bearer ${access_token}` } })
}

function place(): { team: string; messages: string } {
  const team = simulator.truth.teams()[0]!
  return { team: team.id, messages: `/teams/${team.id}/channels/${team.channels[0]!.id}/messages` }
}

describe('large answers', () => {
  it('50 roots with 1,000 replies each come in one answer', async () => {
    const ask = await start({ teams: 1, channelsPerTeam: 1, messagesPerChannel: 50, repliesPerRoot: 1000 })
    const answer = await ask(`${place().messages}?$top=50&$expand=replies`)
    const body = (await answer.json()) as { value: JsonObject[] }
    expect(body.value).toHaveLength(50)
    const replies = body.value.flatMap((row) => row.replies as JsonObject[])
    expect(new Set(replies.map((row) => row.id)).size).toBe(50_000)
    expect(body).not.toHaveProperty('@odata.nextLink')
  })

  it('a page of large messages is written while it is made, and never whole in memory', async () => {
    const size = { teams: 1, channelsPerTeam: 1, messagesPerChannel: 500, repliesPerRoot: 0, bodyBytes: 5_000_000 }
    const ask = await start(size)
    const before = process.memoryUsage()
    const answer = await ask(`/teams/${place().team}/channels/getAllMessages?$top=50`)
    expect(answer.headers.get('transfer-encoding')).toBe('chunked')
    expect(answer.headers.get('content-encoding')).toBeNull()
    let bytes = 0
    let peak = 0
    for await (const chunk of answer.body!) {
      bytes += chunk.length
      if (process.memoryUsage().arrayBuffers - before.arrayBuffers <= peak) continue
      // Chunks that this reader has dropped are not what the answer holds.
      collectGarbage()
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before.arrayBuffers)
    }
    expect(bytes).toBeGreaterThan(200 * MIB)
    expect(peak).toBeLessThan(64 * MIB)
    for (let tries = 0; simulator.stats().bytes < bytes && tries < 100; tries++) await new Promise(setImmediate)
    expect([...simulator.log].at(-1)!.bytes).toBe(bytes)
  }, 30_000)

  it('faults on the wire cut large answers as well', async () => {
    const size = { teams: 1, channelsPerTeam: 1, messagesPerChannel: 20, repliesPerRoot: 0, bodyBytes: MIB }
    const ask = await start(size, { kind: 'truncate', declared: 'full' })
    const answer = await ask(`${place().messages}?$top=20`)
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(15 * MIB)
    await expect(answer.arrayBuffer()).rejects.toThrow()
  })

  it('somebody who goes away in the middle does not stop the others', async () => {
    const size = { teams: 1, channelsPerTeam: 1, messagesPerChannel: 50, repliesPerRoot: 0, bodyBytes: MIB }
    const ask = await start(size)
    const answer = await ask(`${place().messages}?$top=50`)
    const reader = answer.body!.getReader()
    await reader.read()
    await reader.cancel()
    expect((await ask('/teams')).status).toBe(200)
    expect(((await (await ask(`${place().messages}?$top=2`)).json()) as { value: object[] }).value).toHaveLength(2)
  })
})
