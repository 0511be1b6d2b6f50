import { describe, expect, it } from 'vitest'
import { checkFaultPlan } from '../../../libs/simulator/check_fault_plan.ts'
import { PAGE_FAULTS, REPLY_FAULTS, WIRE_FAULTS } from '../../../libs/simulator/fault_plan.ts'
import { options } from '../../../sources/discord/options.ts'
import { DISCORD_TABLES } from '../../support/discord_truth.ts'
import { RETRY_AFTERS } from '../draw_common.ts'
import { makePlan } from './make_plan.ts'
import type { Change } from './plan_types.ts'
import { PERMISSIONS } from './world.ts'

const plans = Array.from({ length: 1_000 }, (_, index) => makePlan(index + 1))
const runs = plans.flatMap((plan) => plan.runs)
const rules = runs.flatMap((run) => run.faults)
const changes: Change[] = runs.flatMap((run) => [...run.before, ...run.during.map(({ change }) => change)])

/** Options that change what is stored, or batches of other runtimes: they have tests of their own. */
const UNDRAWN = ['anonymize', 'anonymize_key', 'max_pages_per_batch', 'max_records_per_batch']

describe('plans of Discord', () => {
  it('follow from the seed alone, and differ', () => {
    expect(makePlan(4711)).toEqual(makePlan(4711))
    expect(
      new Set(plans.map((plan) => JSON.stringify({ ...plan, seed: 0, world: { ...plan.world, seed: 0 } }))).size,
    ).toBe(plans.length)
  })

  it('have every table, every option and every way of applying', () => {
    expect(new Set(plans.flatMap(({ tables }) => tables))).toEqual(new Set(DISCORD_TABLES))
    expect(new Set(plans.map(({ scdType }) => scdType))).toEqual(new Set(['SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY']))
    const narrowed = plans.flatMap((plan) => Object.keys(plan.narrowed ?? {}))
    expect(new Set(narrowed)).toEqual(new Set(['guilds', 'channels']))
    const known = Object.entries(options).filter(([name, { scope }]) => scope === 'table' && !UNDRAWN.includes(name))
    const drawn = new Set([...plans.flatMap((plan) => Object.keys(plan.options)), 'guild_id', 'channel_id'])
    expect([...drawn].sort()).toEqual(known.map(([name]) => name).sort())
    expect(runs.some(({ full }) => full)).toBe(true)
    expect(plans.some(({ late }) => late !== null)).toBe(true)
  })

  it('have every place to break off', () => {
    const stops = new Set(
      runs.flatMap(({ stop }) => (stop === null ? [] : [`${stop.kind} ${stop.phase ?? stop.event}`])),
    )
    for (const phase of ['stage', 'apply', 'commit', 'done']) expect(stops).toContain(`crash ${phase}`)
    for (const event of ['request', 'page', 'discovered', 'throttled', 'retried'])
      expect(stops).toContain(`abort ${event}`)
  })

  it('have every habit of the API that the simulator knows', () => {
    const worlds = plans.map(({ world }) => world)
    for (const habit of ['shortPages', 'staleListsMs', 'lateVisibilityMs'] as const)
      expect(
        worlds.some((world) => world[habit]! > 0),
        habit,
      ).toBe(true)
    const limits = new Set(worlds.flatMap((world) => Object.keys(world.limits!)))
    expect([...limits].sort()).toEqual(
      [
        'absurdResetAfter',
        'buckets',
        'cloudflareAfter',
        'global',
        'headerless',
        'invalidBudget',
        'messages',
        'misleading',
      ].sort(),
    )
    expect(new Set(worlds.map(({ visibility }) => visibility))).toEqual(new Set(['hidden_omitted', 'all_listed']))
    expect(new Set(worlds.map(({ messageContent }) => messageContent))).toEqual(new Set([true, false]))
  })

  it('have every fault that the simulator knows, with every form of Retry-After and every scope', () => {
    const kinds = new Set(rules.map(({ fault }) => fault.kind))
    // A row that stands for another one hides that one: what is lost so is lost for everybody. Pages have no links here.
    const without = ['raw_row', 'repeat_link', 'foreign_link']
    const wanted = [...PAGE_FAULTS, ...REPLY_FAULTS, ...WIRE_FAULTS].filter((kind) => !without.includes(kind))
    expect([...kinds].sort()).toEqual(wanted.sort())
    const throttles = rules.flatMap(({ fault }) => (fault.kind === 'throttle' ? [fault] : []))
    const forms = throttles.map(({ retry_after }) => JSON.stringify(retry_after))
    expect(new Set(forms)).toEqual(new Set(RETRY_AFTERS.map((form) => JSON.stringify(form))))
    expect(new Set(throttles.map(({ scope }) => scope))).toEqual(new Set(['user', 'global', 'shared']))
    const codes = new Set(rules.flatMap(({ fault }) => (fault.kind === 'status' ? [fault.code ?? fault.status] : [])))
    for (const code of ['10003', '10004', '10008', '10014', '50001', '50013', '50024', '110000', 404, 500, 520])
      expect(codes).toContain(code)
  })

  it('have faults that end by themselves, in a form that the simulator takes', () => {
    for (const run of runs) checkFaultPlan({ rules: run.faults })
    for (const rule of rules)
      expect(rule.count !== undefined || rule.nth !== undefined, JSON.stringify(rule)).toBe(true)
  })

  it('have no answer that would be believed to say that something is not there', () => {
    for (const { route, query, fault } of rules) {
      if (fault.kind === 'empty_page' && route === 'messages') expect(query).toBe('after=')
      if (fault.kind !== 'status' || fault.status !== 404) continue
      if (route === 'channel' || route === 'message' || route === 'member') expect(fault.code).toBeUndefined()
      if (route === 'channels') expect(fault.code).not.toBe('10004')
    }
  })

  it('have every change of servers, channels, threads, rights and the bot', () => {
    const kinds = new Set(changes.map(({ kind }) => kind))
    const all: Record<Change['kind'], true> = {
      messages: true,
      people: true,
      bulk_delete: true,
      super_reaction: true,
      edit_oldest: true,
      delete_oldest: true,
      new_guild: true,
      delete_guild: true,
      kick_bot: true,
      delete_role: true,
      delete_emoji: true,
      invite_bot: true,
      time_out: true,
      new_channel: true,
      delete_channel: true,
      rename_channel: true,
      hide_channel: true,
      show_channel: true,
      deny_history: true,
      allow_history: true,
      deny: true,
      allow: true,
      allow_all: true,
      new_thread: true,
      archive: true,
      unarchive: true,
      lock: true,
      unlock: true,
      delete_thread: true,
      join_thread: true,
      leave_thread: true,
      message_content: true,
      guild_members: true,
      rotate_token: true,
    }
    expect([...kinds].sort()).toEqual(Object.keys(all).sort())
    const denied = new Set(changes.flatMap((change) => (change.kind === 'deny' ? [change.permission] : [])))
    expect(denied).toEqual(new Set(PERMISSIONS))
  })
})
