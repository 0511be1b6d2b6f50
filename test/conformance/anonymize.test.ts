import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../../libs/connect/connect.ts'
import type { LakeflowConnect } from '../../libs/connect/lakeflow.ts'
import type { ColumnType } from '../../libs/schema/index.ts'
import { isExempt, type PersonalRule } from '../../libs/schema/personal.ts'
import { sources } from '../../sources/registry.ts'
import { testRuntime } from '../support/runtime.ts'
import { plainRows } from '../unit/schema/plain_rows.ts'

const HASH = /^[0-9a-f]{32}$/
const on = { anonymize: true, anonymize_key: 'a key of enough characters' }

/** Values at the places that are declared personal, by their path; of JSON those under the keys, of other texts with a rule none. */
function personalValues(type: ColumnType, value: unknown, path: string): [path: string, value: unknown][] {
  if (value === null || value === undefined) return []
  switch (type.kind) {
    case 'struct':
      return Object.entries(type.fields).flatMap(([name, field]) =>
        personalValues(field, (value as Record<string, unknown>)[name], `${path}.${name}`),
      )
    case 'list':
      return (value as unknown[]).flatMap((item) => personalValues(type.item, item, `${path}[]`))
  }
  const rule = type.personalRule
  if (rule === null) return []
  if (type.kind === 'json') return underKeys(JSON.parse(String(value)), rule, path)
  const isWhole = [rule.inside, rule.keys, rule.unless].every((part) => part === undefined)
  return isWhole ? [[path, value]] : []
}

function underKeys(json: unknown, rule: PersonalRule, path: string): [path: string, value: unknown][] {
  if (typeof json !== 'object' || json === null) return []
  return Object.entries(json).flatMap(([key, item]) =>
    rule.keys?.includes(key) && !isExempt(rule, json) && typeof item !== 'object'
      ? [[`${path}.${key}`, item] as [string, unknown]]
      : underKeys(item, rule, `${path}.${key}`),
  )
}

const loaded = await Promise.all(Object.values(sources).map((load) => load()))

describe.each(loaded.map((one) => [one.source.name, one] as const))(
  '%s with anonymize',
  (_, { source, startSimulator }) => {
    let simulator: Awaited<ReturnType<typeof startSimulator>>
    let connection: LakeflowConnect
    beforeAll(async () => {
      simulator = await startSimulator({ port: 0, seed: 7, size: 'sample', throttle: 'off', latencyMs: 0 })
      connection = connect(source, { ...simulator.connection, ...on }, testRuntime())
    })
    afterAll(async () => {
      await connection.close()
      await simulator.close()
    })

    it('hashes what its tables declare personal, and some table does', { timeout: 60_000 }, async () => {
      const seen = new Map<string, unknown>()
      for (const { name, schema } of source.tables) {
        for await (const { records } of connection.readTable(name, null)) {
          for (const row of records.flatMap(plainRows)) {
            for (const [path, value] of personalValues(schema, row, name)) {
              if (value !== '') expect(value, path).toMatch(HASH)
              seen.set(path, value)
            }
          }
        }
      }
      expect(seen.size).toBeGreaterThan(3)
    })

    it('refuses include_raw', async () => {
      if (!('include_raw' in source.options)) return
      const { name } = source.tables[0]!
      await expect(connection.getTableSchema(name, { include_raw: 'true' })).rejects.toMatchObject({
        code: 'PARLEY_ANONYMIZE_RAW',
      })
    })

    it('keeps the key out of what is shown', () => {
      expect(source.options.anonymize_key).toMatchObject({ secret: true, scope: 'connection' })
    })
  },
)
