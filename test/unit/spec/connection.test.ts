import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resolveConnection } from '../../../pipeline/spec/connection.ts'
import { substitute } from '../../../pipeline/spec/connection_environment.ts'
import { parseConnectionFile } from '../../../pipeline/spec/connection_file.ts'
import type { SpecNotice } from '../../../pipeline/spec/notice.ts'
import { sample } from './sample_source.ts'

/** `${NAME}` as a file has it. */
const ref = (name: string) => ['$', '{', name, '}'].join('')

const env = { KEY: 's3cret', EMPTY: '' }
const sections = `one:\n  api_key: a\ntwo:\n  api_key: ${ref('KEY')}\n`
const missing = (name: string): never => {
  throw new Error(name)
}

test.each([
  [ref('KEY'), 's3cret'],
  [`a${ref('KEY')}b${ref('KEY')}`, 'as3cretbs3cret'],
  [`$${ref('KEY')}`, ref('KEY')],
  [ref('EMPTY'), ''],
  ['pa$$word$KEY{x}', 'pa$$word$KEY{x}'],
  [ref('not-a-name'), ref('not-a-name')],
])('substitute %s', (text, expected) => {
  expect(substitute(text, env, missing)).toBe(expected)
})

describe('parseConnectionFile', () => {
  test('one connection as JSON', () => {
    const section = parseConnectionFile('{\n  "api_key": "x",\n  "base_url": null\n}', 'c.json', {
      env,
      connectionName: 'prod',
    })
    expect(section).toMatchObject({ name: null, options: { api_key: 'x', base_url: null } })
    expect(section.locate('base_url')).toEqual({ line: 3, column: 3 })
  })

  test('named sections as YAML; only the picked one needs its variables', () => {
    expect(parseConnectionFile(sections, 'c.yaml', { env, connectionName: 'two' })).toMatchObject({
      name: 'two',
      options: { api_key: 's3cret' },
    })
    expect(parseConnectionFile(sections, 'c.yaml', { env: {}, connectionName: 'one' }).options).toEqual({
      api_key: 'a',
    })
  })

  test('a single section needs no name', () => {
    expect(parseConnectionFile('{"one": {"api_key": "a"}}', 'c.json', { env }).name).toBe('one')
  })

  test.each<[string, string, string | undefined, object]>([
    [
      'no name',
      sections,
      undefined,
      { code: 'PARLEY_CONNECTION_INVALID', remedy: 'Pick one with --connection-name: one, two.' },
    ],
    [
      'unknown name',
      sections,
      'tow',
      { code: 'PARLEY_CONNECTION_INVALID', remedy: 'Did you mean two? Known: one, two.' },
    ],
    [
      'a missing variable',
      `a:\n  api_key: "x${ref('NOPE')}"\n`,
      'a',
      { code: 'PARLEY_CONNECTION_ENV_MISSING', details: { file: 'c', line: 2, column: 12, variable: 'NOPE' } },
    ],
    ['options between sections', `${sections}api_key: x\n`, 'one', { details: { line: 5 } }],
    ['a list', '- a\n', undefined, { code: 'PARLEY_CONNECTION_INVALID' }],
    ['broken JSON', '{\n "a": "b"\n "c": 1}', undefined, { code: 'PARLEY_CONNECTION_INVALID', details: { line: 3 } }],
  ])('%s', (_, text, connectionName, expected) => {
    expect(() => parseConnectionFile(text, 'c', { env, connectionName })).toThrow(
      expect.objectContaining({ kind: 'configuration', ...withContaining(expected) }),
    )
  })
})

function withContaining(expected: object): object {
  return 'details' in expected ? { ...expected, details: expect.objectContaining(expected.details) } : expected
}

describe('resolveConnection', () => {
  let cwd: string
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'parley-connection-'))
  })
  afterAll(() => rm(cwd, { recursive: true }))

  async function file(name: string, text: string, mode = 0o600): Promise<string> {
    await mkdir(join(cwd, name, '..'), { recursive: true })
    await writeFile(join(cwd, name), text)
    await chmod(join(cwd, name), mode)
    return join(cwd, name)
  }

  test('from the environment alone', async () => {
    const connection = await resolveConnection(sample, {
      env: { PARLEY_SAMPLE_API_KEY: 'k', PARLEY_SAMPLE_BASE_URL: '' },
      cwd,
    })
    expect(connection).toEqual({
      options: { api_key: 'k', base_url: undefined },
      file: null,
      name: null,
      secrets: ['k'],
    })
  })

  test('the file wins over the environment, which fills what it lacks', async () => {
    const path = await file('a.json', '{"API_KEY": "mine", "base_url": ""}')
    const { options } = await resolveConnection(sample, {
      file: path,
      env: { PARLEY_SAMPLE_API_KEY: 'theirs', PARLEY_SAMPLE_BASE_URL: 'http://127.0.0.1:1' },
      cwd,
    })
    expect(options).toEqual({ api_key: 'mine', base_url: 'http://127.0.0.1:1' })
  })

  test('configs/<source>/dev_config.json is the default', async () => {
    const folder = await mkdtemp(join(cwd, 'default-'))
    await mkdir(join(folder, 'configs/sample'), { recursive: true })
    await writeFile(join(folder, 'configs/sample/dev_config.json'), '{"api_key": "d"}')
    expect((await resolveConnection(sample, { env: {}, cwd: folder })).options.api_key).toBe('d')
  })

  test.each<[string, string, number, boolean]>([
    ['a secret', '{"api_key": "x"}', 0o644, true],
    ['a secret in another case', '{"API_KEY": "x"}', 0o644, true],
    ['a secret beside a variable', `{"api_key": "x${ref('KEY')}"}`, 0o644, true],
    ['a secret in a section that was not picked', sections, 0o644, true],
    ['a secret, closed to others', '{"api_key": "x"}', 0o640, false],
    ['a variable', `{"api_key": "${ref('KEY')}"}`, 0o644, false],
    ['the secret of a simulator', '{"api_key": "sim~1234"}', 0o644, false],
    ['no secret', '{"base_url": "http://127.0.0.1:1"}', 0o644, false],
  ])('%s that everybody can read is a warning: only a literal one', async (_, text, mode, warned) => {
    const notices: SpecNotice[] = []
    const path = await file('open.json', text, mode)
    await resolveConnection(sample, {
      file: path,
      connectionName: 'two',
      env: { ...env, PARLEY_SAMPLE_API_KEY: 'k' },
      cwd,
      onNotice: (notice) => notices.push(notice),
    })
    expect(notices.map((notice) => [notice.code, notice.file])).toEqual(
      warned ? [['PARLEY_CONNECTION_FILE_READABLE', path]] : [],
    )
  })

  test('without any file, the message says where one was looked for', async () => {
    const folder = await mkdtemp(join(cwd, 'nothing-'))
    await expect(resolveConnection(sample, { env: {}, cwd: folder })).rejects.toMatchObject({
      code: 'PARLEY_CONNECTION_INVALID',
      message: expect.stringContaining(`There is no ${join('configs', 'sample', 'dev_config.json')} in ${folder}`),
      remedy: expect.stringMatching(/--connection FILE, or set PARLEY_SAMPLE_API_KEY\.$/),
    })
  })

  test.each<[string, string, RegExp, RegExp]>([
    [
      'a missing option',
      '{}',
      /Option api_key is required/,
      /^Add api_key to .*x\.json, or set PARLEY_SAMPLE_API_KEY\.$/,
    ],
    [
      'an unknown option',
      '{"api_key": "x",\n "base_uri": "y"}',
      /x\.json:2:2: There is no option base_uri\./,
      /^Did you mean base_url\?/,
    ],
    ['an option of a table', '{"api_key": "x", "page_size": 5}', /x\.json:1:18: /, /pipeline spec/],
    [
      'a value that is none',
      '{"api_key": "x", "base_url": "http://example.com"}',
      /x\.json:1:18: Option base_url must be an https origin/,
      /^Set base_url/,
    ],
  ])('%s', async (_, text, message, remedy) => {
    const rejected = resolveConnection(sample, { file: await file('x.json', text), env: {}, cwd })
    await expect(rejected).rejects.toMatchObject({
      code: 'PARLEY_CONNECTION_INVALID',
      kind: 'configuration',
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    })
  })

  test('a wrong value from the environment names the variable', async () => {
    const rejected = resolveConnection(sample, {
      env: { PARLEY_SAMPLE_API_KEY: 'x', PARLEY_SAMPLE_BASE_URL: 'ftp://x' },
      cwd,
    })
    await expect(rejected).rejects.toMatchObject({ remedy: expect.stringContaining('PARLEY_SAMPLE_BASE_URL') })
  })

  test('a connection file that is not there', async () => {
    await expect(resolveConnection(sample, { file: join(cwd, 'none.json'), env: {}, cwd })).rejects.toMatchObject({
      code: 'PARLEY_FILE_UNREADABLE',
    })
  })
})
