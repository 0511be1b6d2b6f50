import { describe, expect, it } from 'vitest'
import type { Exchange } from '../../../libs/simulator/exchange.ts'
import { FaultInjector, globPattern } from '../../../libs/simulator/fault_injector.ts'
import type { FaultRule } from '../../../libs/simulator/fault_plan.ts'
import { Query } from '../../../libs/simulator/query.ts'

const fault = { kind: 'status', status: 500 } as const

function fired(
  rule: Omit<FaultRule, 'fault'>,
  requests: { path?: string; query?: string; route?: string; at?: number }[],
): number[] {
  const injector = new FaultInjector({ seed: 3, rules: [{ ...rule, fault }] }, 1, 0)
  return requests.flatMap(({ path = '/a', query = '', route = 'a', at = 0 }, index) => {
    const exchange = { method: 'GET', path, query: new Query(query), at } as Exchange
    return injector.next(exchange, route) ? [index + 1] : []
  })
}

const ten = Array.from({ length: 10 }, () => ({}))

describe('fault injector', () => {
  it.each<[string, Omit<FaultRule, 'fault'>, number[]]>([
    ['nth', { nth: 3 }, [3]],
    ['several nth', { nth: [2, 5] }, [2, 5]],
    ['every', { every: 4 }, [4, 8]],
    ['count', { count: 2 }, [1, 2]],
    ['every with count', { every: 2, count: 3 }, [2, 4, 6]],
    ['probability 0', { probability: 0 }, []],
    ['probability 1', { probability: 1 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ])('%s', (_, rule, expected) => {
    expect(fired(rule, ten)).toEqual(expected)
  })

  it('draws the same chance from the same seed', () => {
    const once = fired({ probability: 0.5 }, ten)
    expect(once).toEqual(fired({ probability: 0.5 }, ten))
    expect(once.length).toBeGreaterThan(0)
    expect(once.length).toBeLessThan(10)
  })

  it('counts only requests that match route, path, query and time', () => {
    const requests = [
      { route: 'export' },
      { route: 'export', path: '/v1.0/teams/1/channels/getAllMessages', query: '$skiptoken=x', at: 500 },
      { route: 'export', path: '/v1.0/teams/1/channels/getAllMessages', query: '$top=5', at: 500 },
      { route: 'export', path: '/v1.0/teams/1/channels/getAllMessages', query: '$skiptoken=x', at: 5000 },
    ]
    const rule = {
      route: 'export',
      path: '/v1.0/teams/*/channels/getallmessages',
      query: '$skiptoken',
      from_ms: 100,
      until_ms: 1000,
      nth: 1,
    }
    expect(fired(rule, requests)).toEqual([2])
  })

  it('reads globs', () => {
    expect(globPattern('/v1.0/teams/*').test('/v1.0/teams/a/channels')).toBe(false)
    expect(globPattern('/v1.0/teams/**').test('/v1.0/teams/a/channels')).toBe(true)
    expect(globPattern('/v1.0/teams').test('/v1X0/teams')).toBe(false)
  })

  it.each<[string, unknown]>([
    ['rules', {}],
    ['rules[0].fault.kind', { rules: [{ fault: { kind: 'earthquake' } }] }],
    ['rules[0].pth', { rules: [{ pth: '/a', fault }] }],
    ['rules[0].probability', { rules: [{ probability: 2, fault }] }],
    ['rules[0].nth', { rules: [{ nth: 0, fault }] }],
    ['rules[0].fault.when', { rules: [{ fault: { kind: 'reset' } }] }],
    ['rules[1].fault.status', { rules: [{ fault }, { fault: { kind: 'status' } }] }],
  ])('refuses a plan that is wrong at %s', (where, plan) => {
    expect(() => new FaultInjector(plan as never, 1, 0)).toThrow(
      expect.objectContaining({ code: 'PARLEY_SIMULATOR_PLAN_INVALID', details: { where } }),
    )
  })
})
