import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import { startTeamsSimulator, type TeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'
import { sharedOrSkip } from '../../support/shared.ts'
import { type GraphClient, graphClient } from '../simulator/graph_client.ts'
import { openapiChecker, type SchemaChecker } from '../simulator/openapi.ts'

const shared = sharedOrSkip('answers of the Teams simulator against the OpenAPI description and the published examples')
const PREFER = { prefer: 'include-unknown-enum-members' }

describe.skipIf(shared === undefined)('answers against the OpenAPI description', () => {
  let simulator: TeamsSimulator
  let client: GraphClient
  let checker: SchemaChecker
  let team: string
  let channel: string
  let root: JsonObject
  let reply: JsonObject

  beforeAll(async () => {
    const dataset = { generated: { teams: 3, channelsPerTeam: 3, messagesPerChannel: 400 } }
    simulator = await startTeamsSimulator({ throttle: 'off', dataset, sharedChannels: 1, seed: 4, inlineReplies: 3 })
    for (let index = 0; index < 60; index++) simulator.mutate.random()
    client = await graphClient(simulator)
    checker = openapiChecker(join(shared!, 'reference/microsoft_graph_teams.openapi.yaml'))
    const first = simulator.truth.teams()[0]!
    team = first.id
    channel = first.channels[0]!.id
    const messages = [...simulator.truth.messages()].filter((message) => message.channel_id === channel)
    reply = messages.find((message) => message.json.replyToId !== null)!.json
    root = messages.find((message) => message.id === reply.replyToId)!.json
  })
  afterAll(() => simulator?.close())

  const cases: [string, () => string][] = [
    ['/groups', () => "/groups?$filter=resourceProvisioningOptions/Any(x:x eq 'Team')"],
    ['/groups', () => '/groups?$select=id,resourceProvisioningOptions'],
    ['/teams', () => '/teams?$top=2'],
    ['/teams/{team-id}', () => `/teams/${team}`],
    ['/teams/{team-id}/channels', () => `/teams/${team}/channels`],
    ['/teams/{team-id}/channels', () => `/teams/${team}/channels?$select=id,displayName`],
    ['/teams/{team-id}/channels/{channel-id}', () => `/teams/${team}/channels/${channel}`],
    ['/teams/{team-id}/members', () => `/teams/${team}/members?$top=7`],
    ['/teams/{team-id}/channels/{channel-id}/members', () => `/teams/${team}/channels/${channel}/members`],
    ['/teams/{team-id}/channels/getAllMessages', () => `/teams/${team}/channels/getAllMessages?$top=50`],
    ['/teams/{team-id}/channels/{channel-id}/messages', () => `/teams/${team}/channels/${channel}/messages?$top=50`],
    [
      '/teams/{team-id}/channels/{channel-id}/messages',
      () => `/teams/${team}/channels/${channel}/messages?$expand=replies`,
    ],
    [
      '/teams/{team-id}/channels/{channel-id}/messages/delta',
      () => `/teams/${team}/channels/${channel}/messages/delta?$expand=replies&$top=50`,
    ],
    [
      '/teams/{team-id}/channels/{channel-id}/messages/{message-id}',
      () => `/teams/${team}/channels/${channel}/messages/${root.id}`,
    ],
    [
      '/teams/{team-id}/channels/{channel-id}/messages/{message-id}/replies',
      () => `/teams/${team}/channels/${channel}/messages/${root.id}/replies`,
    ],
    [
      '/teams/{team-id}/channels/{channel-id}/messages/{message-id}/replies/{reply-id}',
      () => `/teams/${team}/channels/${channel}/messages/${root.id}/replies/${reply.id}`,
    ],
  ]

  it.each(cases)('%s fits on every page (%s)', async (path, address) => {
    let pages = 0
    for (let link: string | undefined = address(); link !== undefined && pages < 60; pages++) {
      const { status, body, headers } = await client.get(link, pages % 2 === 0 ? PREFER : {})
      expect(status).toBe(200)
      expect(checker.check(path, 200, body)).toEqual([])
      expect(headers.get('content-type')).toMatch(/^application\/json/)
      expect(headers.get('odata-version')).toBe('4.0')
      link = body['@odata.nextLink'] as string | undefined
    }
    expect(pages).toBeGreaterThan(0)
  })

  it('the check itself sees what does not fit', async () => {
    const { body } = await client.get(`/teams/${team}/channels/getAllMessages?$top=1`)
    const row = body.value![0]!
    const wrong = [
      { ...row, messageType: 'letter' },
      { ...row, createdDateTime: 'yesterday' },
      { ...row, reactions: null },
      { ...row, id: 7 },
    ]
    for (const value of wrong) {
      expect(checker.check('/teams/{team-id}/channels/getAllMessages', 200, { ...body, value: [value] })).not.toEqual(
        [],
      )
    }
  })

  it('rows have the members of the metadata and no others', () => {
    const declared = {
      chatMessage: checker.members('microsoft.graph.chatMessage'),
      chatMessageReaction: checker.members('microsoft.graph.chatMessageReaction'),
      chatMessageMention: checker.members('microsoft.graph.chatMessageMention'),
      chatMessageAttachment: checker.members('microsoft.graph.chatMessageAttachment'),
    }
    for (const { json } of simulator.truth.messages()) {
      expectMembers(json, declared.chatMessage)
      for (const reaction of json.reactions as JsonObject[]) expectMembers(reaction, declared.chatMessageReaction)
      for (const mention of json.mentions as JsonObject[]) expectMembers(mention, declared.chatMessageMention)
      for (const attachment of json.attachments as JsonObject[])
        expectMembers(attachment, declared.chatMessageAttachment)
    }
  })

  it.each<[string, number, () => string]>([
    ['/teams/{team-id}', 404, () => '/teams/00000000-0000-4000-8000-000000000000'],
    [
      '/teams/{team-id}/channels/{channel-id}/messages',
      400,
      () => `/teams/${team}/channels/${channel}/messages?$filter=id eq '1'`,
    ],
    [
      '/teams/{team-id}/channels/{channel-id}/messages/{message-id}',
      404,
      () => `/teams/${team}/channels/${channel}/messages/1`,
    ],
  ])('%s answers %i in the error envelope', async (path, status, address) => {
    const answer = await client.get(address(), { 'client-request-id': 'mine' })
    expect(answer.status).toBe(status)
    expect(checker.check(path, status, answer.body)).toEqual([])
    expect(answer.headers.get('client-request-id')).toBe('mine')
    expect(answer.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('messages have at least the members of every published example, in the same kinds', async () => {
    const example = (name: string): JsonObject =>
      JSON.parse(readFileSync(join(shared!, 'reference/examples/microsoft_graph_teams', name), 'utf8'))
    const pairs: [JsonObject, JsonObject][] = [
      [
        example('chatMessage.channel_messages_delta.page1_nextLink.json'),
        (await client.get(`/teams/${team}/channels/${channel}/messages/delta?$top=2`)).body,
      ],
      [
        example('chatMessage.team_channels_getAllMessages.json'),
        (
          await client.get(
            `/teams/${team}/channels/getAllMessages?$top=2&$filter=lastModifiedDateTime gt 2019-11-01T00:00:00Z`,
          )
        ).body,
      ],
      [example('chatMessage.list_channel_messages.top_expand_replies.json'), await pageWithMoreReplies()],
      [
        example('chatMessage.list_channel_message_replies.json'),
        (await client.get(`/teams/${team}/channels/${channel}/messages/${root.id}/replies`)).body,
      ],
    ]
    for (const [published, ours] of pairs) {
      expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(published)))
      expect(Object.keys((ours.value as JsonObject[])[0]!)).toEqual(
        expect.arrayContaining(Object.keys((published.value as JsonObject[])[0]!)),
      )
    }
  })

  /** A page whose first root has more replies than come inline. */
  async function pageWithMoreReplies(): Promise<JsonObject> {
    for (
      let link: string | undefined = `/teams/${team}/channels/${channel}/messages?$top=1&$expand=replies`;
      link !== undefined;
    ) {
      const { body } = await client.get(link)
      if (body.value![0]!['replies@odata.nextLink'] !== undefined) return body
      link = body['@odata.nextLink'] as string | undefined
    }
    throw new Error('No thread has more replies than come inline.')
  }
})

function expectMembers(row: JsonObject, declared: ReadonlySet<string>): void {
  expect(Object.keys(row).filter((name) => !declared.has(name))).toEqual([])
}
