import { describe, expect, it } from 'vitest'
import { Query } from '../../../libs/simulator/query.ts'
import { Router, splitPath } from '../../../libs/simulator/router.ts'
import { keysAsSegments } from '../../../sources/microsoft_teams/simulator/graph_dialect.ts'

const route = (name: string, pattern: string) => ({ name, pattern, method: 'GET', handle: () => ({ status: 200 }) })
const router = new Router([
  route('message', '/v1.0/teams/:team/channels/:channel/messages/:message'),
  route('delta', '/v1.0/teams/:team/channels/:channel/messages/delta'),
  route('channel', '/v1.0/teams/:team/channels/:channel'),
  route('export', '/v1.0/teams/:team/channels/getAllMessages'),
])

function find(path: string): [string, Record<string, string>] | undefined {
  const match = router.find('GET', keysAsSegments(splitPath(path)!))
  return match && [match.route.name, match.params]
}

describe('router', () => {
  it.each<[string, string, Record<string, string>]>([
    ['/v1.0/teams/T1/channels/getAllMessages', 'export', { team: 'T1' }],
    ["/v1.0/teams('T1')/channels/getallMessages", 'export', { team: 'T1' }],
    ['/V1.0/Teams/T1/Channels/19:a@thread.tacv2', 'channel', { team: 'T1', channel: '19:a@thread.tacv2' }],
    ['/v1.0/teams/T1/channels/19%3Aa%40thread.tacv2', 'channel', { team: 'T1', channel: '19:a@thread.tacv2' }],
    ["/v1.0/teams('T1')/channels('19%3Aa')/messages('5')", 'message', { team: 'T1', channel: '19:a', message: '5' }],
    ['/v1.0/teams/T1/channels/c/messages/delta', 'delta', { team: 'T1', channel: 'c' }],
  ])('%s', (path, name, params) => {
    expect(find(path)).toEqual([name, params])
  })

  it('knows what it does not know', () => {
    expect(find('/v1.0/teams/T1/tabs')).toBeUndefined()
    expect(router.find('POST', ['v1.0', 'teams', 'T1', 'channels', 'c'])).toBeUndefined()
    expect(splitPath('/a/%zz')).toBeUndefined()
  })
})

describe('query', () => {
  it('takes plus signs and %20 for spaces, and names without case', () => {
    const query = new Query('$filter=a+gt%20b+and%20c&$TOP=5&flag')
    expect(query.get('$filter')).toBe('a gt b and c')
    expect(query.get('$top')).toBe('5')
    expect(query.get('flag')).toBe('')
    expect(query.malformed).toBe(false)
  })

  it('notices broken encoding', () => {
    expect(new Query('$filter=%zz').malformed).toBe(true)
  })
})
