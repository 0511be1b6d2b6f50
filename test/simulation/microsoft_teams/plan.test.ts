import { describe, expect, it } from 'vitest'
import { checkFaultPlan } from '../../../libs/simulator/check_fault_plan.ts'
import { PAGE_FAULTS, REPLY_FAULTS, WIRE_FAULTS } from '../../../libs/simulator/fault_plan.ts'
import { RETRY_AFTERS } from '../draw_common.ts'
import { makePlan } from './make_plan.ts'
import type { Change } from './plan_types.ts'

const plans = Array.from({ length: 1_000 }, (_, index) => makePlan(index + 1))
const runs = plans.flatMap((plan) => plan.runs)
const rules = runs.flatMap((run) => run.faults)
const changes: Change[] = runs.flatMap((run) => [...run.before, ...run.during.map(({ change }) => change)])

describe('plans of Microsoft Teams', () => {
  it('follow from the seed alone, and differ', () => {
    expect(makePlan(4711)).toEqual(makePlan(4711))
    expect(
      new Set(plans.map((plan) => JSON.stringify({ ...plan, seed: 0, world: { ...plan.world, seed: 0 } }))).size,
    ).toBe(plans.length)
  })

  it('have every way of reading and applying, and every place to break off', () => {
    expect(new Set(runs.map(({ readMode }) => readMode))).toEqual(new Set(['auto', 'export', 'delta', 'list']))
    expect(new Set(plans.map(({ scdType }) => scdType))).toEqual(new Set(['SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY']))
    const stops = new Set(
      runs.flatMap(({ stop }) => (stop === null ? [] : [`${stop.kind} ${stop.phase ?? stop.event}`])),
    )
    for (const phase of ['stage', 'apply', 'commit', 'done']) expect(stops).toContain(`crash ${phase}`)
    for (const event of ['request', 'page', 'discovered', 'throttled', 'retried'])
      expect(stops).toContain(`abort ${event}`)
    expect(runs.some(({ full }) => full)).toBe(true)
    expect(plans.some(({ late }) => late !== null)).toBe(true)
  })

  it('have every fault that the simulator knows, with every form of Retry-After', () => {
    const kinds = new Set(rules.map(({ fault }) => fault.kind))
    // A row that stands for another one hides that one: what is lost so is lost for everybody.
    const wanted = [...PAGE_FAULTS, ...REPLY_FAULTS, ...WIRE_FAULTS].filter((kind) => kind !== 'raw_row')
    expect([...kinds].sort()).toEqual([...wanted].sort())
    const forms = rules.flatMap(({ fault }) => (fault.kind === 'throttle' ? [JSON.stringify(fault.retry_after)] : []))
    expect(new Set(forms)).toEqual(new Set(RETRY_AFTERS.map((form) => JSON.stringify(form))))
  })

  it('have faults that end by themselves, in a form that the simulator takes', () => {
    for (const run of runs) checkFaultPlan({ rules: run.faults })
    for (const rule of rules)
      expect(rule.count !== undefined || rule.nth !== undefined, JSON.stringify(rule)).toBe(true)
  })

  it('have every change of a tenant', () => {
    const kinds = new Set(changes.map(({ kind }) => kind))
    const all: Record<Change['kind'], true> = {
      messages: true,
      members: true,
      new_team: true,
      new_channel: true,
      remove_team: true,
      restore_teams: true,
      refuse_team: true,
      refuse_export: true,
      remove_channel: true,
      refuse_channel: true,
      allow_all: true,
      revoke_role: true,
      grant_roles: true,
      expire_tokens: true,
      rotate_secret: true,
    }
    expect([...kinds].sort()).toEqual(Object.keys(all).sort())
  })
})
