import { expect, test } from 'vitest'
import { resolveOptions } from '../../../libs/connect/options.ts'
import { allowedOptions } from '../../../pipeline/connection/allow_list.ts'
import { connectionBody, optionTexts, placeholders } from '../../../pipeline/connection/request_body.ts'
import { discord } from '../../../sources/discord/index.ts'
import { microsoftTeams } from '../../../sources/microsoft_teams/index.ts'

test('is of the kind COMMUNITY, names the source and lets its options through', () => {
  expect(connectionBody(discord, 'mine', { bot_token: 'x' })).toEqual({
    name: 'mine',
    connection_type: 'COMMUNITY',
    options: { sourceName: 'discord', externalOptionsAllowList: allowedOptions(discord).join(','), bot_token: 'x' },
  })
})

test('without values it has the places of those that are needed, of two ways to sign in one', () => {
  const at = (name: string) => `\${PARLEY_MICROSOFT_TEAMS_${name}}`
  expect(placeholders(microsoftTeams)).toEqual({
    tenant_id: at('TENANT_ID'),
    client_id: at('CLIENT_ID'),
    client_secret: at('CLIENT_SECRET'),
  })
  expect(placeholders(discord)).toEqual({ bot_token: `\${PARLEY_DISCORD_BOT_TOKEN}` })
})

test('values are texts that mean the same when they are read again; defaults are left out', () => {
  const given = {
    tenant_id: 't',
    client_id: 'c',
    client_secret: 's',
    max_attempts: 3,
    cloud: 'global',
    anonymize: 'no',
  }
  const rules = { scope: 'connection', unknown: 'error' } as const
  const resolved = resolveOptions(microsoftTeams.options, given, rules)
  const texts = optionTexts(microsoftTeams, resolved)
  expect(texts).toEqual({ tenant_id: 't', client_id: 'c', client_secret: 's', max_attempts: '3' })
  expect(resolveOptions(microsoftTeams.options, texts, rules)).toEqual(resolved)
})

test('a list is a text that reads as the same list', () => {
  const list = { type: 'list', scope: 'connection', description: '' } as const
  const source = { ...discord, options: { rooms: list } }
  const texts = optionTexts(source, { rooms: ['a,b', 'c'] })
  expect(resolveOptions(source.options, texts, { scope: 'connection', unknown: 'error' })).toEqual({
    rooms: ['a,b', 'c'],
  })
})
