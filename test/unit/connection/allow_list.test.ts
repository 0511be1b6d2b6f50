import { expect, test } from 'vitest'
import { allowedOptions, FRAMEWORK_OPTIONS } from '../../../pipeline/connection/allow_list.ts'
import { connectionOptions } from '../../../pipeline/connection/connection_options.ts'
import { projectRoot } from '../../../scripts/check_report.ts'
import { sparkOptions } from '../../../scripts/docs_spark_options.ts'
import { sources } from '../../../sources/registry.ts'

const all = await Promise.all(Object.values(sources).map(async (load) => (await load()).source))

test.each(all)(
  '$name: every option of a table, of the reader and of the framework is let through, in order',
  (source) => {
    const allowed = allowedOptions(source)
    const ofTables = Object.keys(source.options).filter((name) => source.options[name]!.scope === 'table')
    expect(allowed).toEqual(expect.arrayContaining([...ofTables, ...sparkOptions(projectRoot), ...FRAMEWORK_OPTIONS]))
    expect(allowed).toEqual([...new Set(allowed)].sort())
  },
)

test.each(all)(
  '$name: no option of the connection is let through: it could be set to send credentials elsewhere',
  (source) => {
    const { shared, signIn } = connectionOptions(source)
    const allowed = new Set(allowedOptions(source))
    expect([...shared, ...signIn].map(([name]) => name).filter((name) => allowed.has(name))).toEqual([])
  },
)

test('the reader understands options of its own', () => {
  const own = ['concurrent_streams', 'concurrent_tasks', 'max_tasks', 'min_poll_seconds', 'new_partitions_per_batch']
  expect(sparkOptions(projectRoot)).toEqual(expect.arrayContaining([...own, 'node_path', 'shard']))
})

test('one secret is no choice; of several each is a way to sign in, but not the one that another option needs', () => {
  const secret = { type: 'text', scope: 'connection', secret: true, description: '' } as const
  const key = { type: 'boolean', scope: 'connection', needs: 'key', description: '' } as const
  const names = (options: Parameters<typeof connectionOptions>[0]['options']) => {
    const { shared, signIn } = connectionOptions({ options })
    return [shared.map(([name]) => name), signIn.map(([name]) => name)]
  }
  expect(names({ token: { ...secret, required: true }, hide: key, key: secret })).toEqual([
    ['token', 'hide', 'key'],
    [],
  ])
  expect(names({ password: secret, certificate: secret, hide: key, key: secret })).toEqual([
    ['hide', 'key'],
    ['password', 'certificate'],
  ])
})
