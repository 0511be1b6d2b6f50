import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { SourceDefinition } from '../../../libs/connect/source.ts'
import { allowedOptions } from '../../../pipeline/connection/allow_list.ts'
import { connectionScript } from '../../../pipeline/connection/shell_script.ts'
import { discord } from '../../../sources/discord/index.ts'
import { microsoftTeams } from '../../../sources/microsoft_teams/index.ts'
import { fakeDatabricks } from '../../support/databricks.ts'

/** Runs the script as a person would, with a stand-in for the Databricks CLI. */
function run(source: SourceDefinition, env: Record<string, string> = {}, typed = '', name = 'mine') {
  const folder = mkdtempSync(join(tmpdir(), 'parley-script-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const cli = fakeDatabricks(join(folder, 'bin'))
  const temporary = mkdtempSync(join(folder, 'tmp'))
  const { status, stdout, stderr } = spawnSync('bash', ['-c', connectionScript(source, name)], {
    // A home of its own: bash reads the one that is there when its input is a socket.
    env: { PATH: cli.path, TMPDIR: temporary, HOME: folder, ...env },
    input: typed,
    encoding: 'utf8',
  })
  return { cli, status, stdout, stderr, left: readdirSync(temporary) }
}

const TEAMS = { PARLEY_MICROSOFT_TEAMS_TENANT_ID: 't', PARLEY_MICROSOFT_TEAMS_CLIENT_ID: 'c' }

test('hands what the variables hold to the CLI, by a file of our own that is gone afterwards', () => {
  const { cli, status, stdout, left } = run(microsoftTeams, {
    ...TEAMS,
    PARLEY_MICROSOFT_TEAMS_CLIENT_SECRET: 'hunter2hunter2',
    PARLEY_MICROSOFT_TEAMS_MAX_ATTEMPTS: '3',
  })
  expect([status, stdout]).toEqual([0, '{"name": "made"}\n'])
  expect(cli.body()).toEqual({
    name: 'mine',
    connection_type: 'COMMUNITY',
    options: {
      sourceName: 'microsoft_teams',
      externalOptionsAllowList: allowedOptions(microsoftTeams).join(','),
      tenant_id: 't',
      client_id: 'c',
      client_secret: 'hunter2hunter2',
      max_attempts: '3',
    },
  })
  expect(cli.args()).toEqual(['connections', 'create', '--json', `@${cli.file()}`])
  expect([cli.mode(), existsSync(cli.file()), left]).toEqual(['-rw-------', false, []])
})

test.each([
  ['quotes and backslashes', `a"b'c\\d\\"e$(id)\`id\`!`],
  ['lines, as a certificate has them', '-----BEGIN X-----\nabc\n\ndef\n-----END X-----'],
  ['a tab and what is not ASCII', 'a\tbä€😀%s&|*?'],
  ['a text like an option', '-n --json @/etc/passwd'],
])('%s arrive as they are', (_, value) => {
  expect(run(discord, { PARLEY_DISCORD_BOT_TOKEN: value }).cli.body().options.bot_token).toBe(value)
  expect(run(discord, { PARLEY_DISCORD_BOT_TOKEN: 'x' }, '', value).cli.body().name).toBe(value)
})

test('line ends of Windows become plain ones', () => {
  expect(run(discord, { PARLEY_DISCORD_BOT_TOKEN: 'a\r\nb\r' }).cli.body().options.bot_token).toBe('a\nb')
})

test('asks for what is required and not set, and shows no secret', () => {
  const { cli, status, stdout, stderr } = run(microsoftTeams, {}, 'tenant\nclient id\nse\\cret\n')
  expect(status).toBe(0)
  expect(cli.body().options).toMatchObject({ tenant_id: 'tenant', client_id: 'client id', client_secret: 'se\\cret' })
  expect(stdout + stderr).not.toContain('se\\cret')
})

test('a certificate takes the place of a secret', () => {
  const { options } = run(microsoftTeams, { ...TEAMS, PARLEY_MICROSOFT_TEAMS_CLIENT_CERTIFICATE: 'pem' }).cli.body()
  expect(options.client_certificate).toBe('pem')
  expect(options).not.toHaveProperty('client_secret')
})

test('without an answer it says what is missing, and creates nothing', () => {
  const { cli, status, stderr, left } = run(discord)
  expect([status, cli.wasRun(), left]).toEqual([1, false, []])
  expect(stderr).toContain('bot_token is missing. Set PARLEY_DISCORD_BOT_TOKEN.')
})

test('a CLI that fails makes the script fail, and no file stays', () => {
  const { status, stderr, left } = run(discord, {
    PARLEY_DISCORD_BOT_TOKEN: 'x',
    DATABRICKS_FAKE_ERROR: 'Error: it exists',
  })
  expect([status, stderr, left]).toEqual([1, 'Error: it exists\n', []])
})
