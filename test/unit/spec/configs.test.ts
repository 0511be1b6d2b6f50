import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadSource, sourceNames } from '../../../pipeline/cli/load_source.ts'
import { parseConnectionFile } from '../../../pipeline/spec/connection_file.ts'
import type { SpecNotice } from '../../../pipeline/spec/notice.ts'
import { parsePipelineSpec, readPipelineSpec } from '../../../pipeline/spec/pipeline_spec.ts'

const folder = fileURLToPath(new URL('../../../configs', import.meta.url))
const specs = sourceNames.flatMap((source) =>
  readdirSync(join(folder, source))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [source, name] as const),
)

test('every source has example specs', () => {
  expect(new Set(specs.map(([source]) => source))).toEqual(new Set(sourceNames))
})

test.each(specs)('configs/%s/%s is a good spec, and editors find its schema', async (name, file) => {
  const path = join(folder, name, file)
  const { source } = await loadSource(name)
  const notices: SpecNotice[] = []
  const spec = await readPipelineSpec(path, { source, onNotice: (notice) => notices.push(notice) })
  expect(spec.tables.length).toBeGreaterThan(0)
  expect(notices).toEqual([])
  const [first] = readFileSync(path, 'utf8').split('\n')
  const schema = /^# yaml-language-server: \$schema=(\S+)$/.exec(first ?? '')?.[1]
  expect(JSON.parse(readFileSync(join(folder, name, schema ?? 'none'), 'utf8')).title).toBe('Parley pipeline spec')
})

test.each(sourceNames)('configs/%s/dev_config.example.json names options of the connection only', async (name) => {
  const { source } = await loadSource(name)
  const text = readFileSync(join(folder, name, 'dev_config.example.json'), 'utf8')
  // Any variable the example asks for is there.
  const env = new Proxy({}, { get: () => 'value' }) as Record<string, string>
  const { options } = parseConnectionFile(text, 'dev_config.example.json', { env })
  const required = Object.entries(source.options).filter(
    ([, option]) => option.scope === 'connection' && option.required,
  )
  for (const option of Object.keys(options)) expect(source.options[option]?.scope).toBe('connection')
  expect(Object.keys(options)).toEqual(expect.arrayContaining(required.map(([option]) => option)))
})

test("another connector's Teams spec runs unedited, with a notice for what does nothing", async () => {
  const { source } = await loadSource('microsoft_teams')
  const notices: SpecNotice[] = []
  const text = `connection_name: teams
objects:
  - table:
      source_table: messages
      destination_catalog: main
      destination_schema: teams
      table_configuration:
        scd_type: scd_type_1
        primary_keys: ["id"]
        sequence_by: lastModifiedDateTime
        fetch_all_teams: "true"
        fetch_all_channels: "true"
        use_delta_api: "true"
        top: "50"
        max_pages_per_batch: "100"
        lookback_seconds: "300"
        start_date: "2024-01-01T00:00:00Z"
  - table:
      source_table: message_replies
      table_configuration:
        fetch_all_messages: true
        max_concurrent_threads: 10
`
  const spec = parsePipelineSpec(text, 'theirs.yaml', { source, onNotice: (notice) => notices.push(notice) })
  expect(spec.tables.map((job) => job.sourceTable)).toEqual(['messages', 'message_replies'])
  expect(notices.map((notice) => [notice.code, notice.line]).sort((a, b) => Number(a[1]) - Number(b[1]))).toEqual(
    [11, 12, 13, 14, 21, 22].map((line) => ['PARLEY_OPTION_IGNORED', line]),
  )
})
