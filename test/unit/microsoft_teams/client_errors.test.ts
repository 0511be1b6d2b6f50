import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { leastPermission } from '../../../sources/microsoft_teams/client/permissions.ts'
import { GraphError } from '../../../sources/microsoft_teams/errors/graph_error.ts'
import { sharedOrSkip } from '../../support/shared.ts'
import { json } from '../http/local_server.ts'
import { CALL, startGraph } from './graph_server.ts'

async function refusal(status: number, body: unknown, path: string[] = ['teams']) {
  await using graph = await startGraph({
    graph: (_, response) => json(response, status, body, { 'request-id': 'a-request-id' }),
  })
  const error = await graph.client.get(path, { $top: 1 }, CALL).catch((caught) => caught)
  return { error, requests: graph.graph().length }
}

describe('an answer of Graph becomes an error with a code', () => {
  it.each([
    [400, 'PARLEY_BAD_REQUEST', 'source'],
    [401, 'PARLEY_AUTH_TOKEN_REJECTED', 'configuration'],
    [402, 'PARLEY_PAYMENT_REQUIRED', 'configuration'],
    [403, 'PARLEY_PERMISSION_MISSING', 'configuration'],
    [404, 'PARLEY_NOT_FOUND', 'source'],
    [410, 'PARLEY_CURSOR_EXPIRED', 'source'],
    [412, 'PARLEY_PRECONDITION_FAILED', 'configuration'],
    [418, 'PARLEY_UNEXPECTED_STATUS', 'source'],
  ])('%i is %s', async (status, code, kind) => {
    const { error } = await refusal(status, { error: { code: 'SomeCode', message: 'Some text.' } })
    expect(error).toBeInstanceOf(GraphError)
    expect(error).toMatchObject({ code, kind, status, graphCode: 'SomeCode' })
    expect(error.message).toContain('Some text.')
    expect(error.details).toMatchObject({
      request: 'GET /v1.0/teams',
      request_id: 'a-request-id',
      graph_code: 'SomeCode',
    })
    expect(error.remedy).not.toBe('')
  })

  it('also where the body is not what Graph sends', async () => {
    const { error } = await refusal(403, ['nothing'])
    expect(error).toMatchObject({ code: 'PARLEY_PERMISSION_MISSING', graphCode: '' })
  })

  it('a 401 is tried again once, with another token', async () => {
    await using graph = await startGraph({
      graph: (request, response) =>
        json(response, request.headers.authorization === 'Bearer access-token-2' ? 200 : 401, {}),
    })
    await graph.client.get(['teams'], {}, CALL)
    expect([graph.tokens().length, graph.graph().length]).toEqual([2, 2])
  })

  it('a 404 on a known id is asked four times before it is believed', async () => {
    await using graph = await startGraph({ graph: (_, response) => json(response, 404, {}) })
    const call = { ...CALL, retryNotFound: true }
    await expect(graph.client.get(['teams', 'x'], {}, call)).rejects.toMatchObject({ code: 'PARLEY_NOT_FOUND' })
    expect(graph.graph()).toHaveLength(4)
  })
})

describe('a missing permission is named', () => {
  it('in the error', async () => {
    const { error } = await refusal(403, {}, ['teams', 't1', 'channels', '19:x@thread.tacv2', 'messages'])
    expect(error.details).toMatchObject({
      permission: 'ChannelMessage.Read.All',
      resource_specific_permission: 'ChannelMessage.Read.Group',
    })
    expect(error.remedy).toContain('ChannelMessage.Read.All')
  })

  it.each([
    ['/v1.0/teams', 'Team.ReadBasic.All'],
    ['/v1.0/teams/t1', 'Team.ReadBasic.All'],
    ['/v1.0/teams/t1/channels', 'Channel.ReadBasic.All'],
    ['/v1.0/teams/t1/members', 'TeamMember.Read.All'],
    ['/v1.0/teams/t1/channels/getAllMessages', 'ChannelMessage.Read.All'],
    ["/v1.0/teams('t1')/channels/getallMessages", 'ChannelMessage.Read.All'],
    ['/v1.0/teams/t1/channels/19%3Ax/members', 'ChannelMember.Read.All'],
    ['/v1.0/users/u1/chats/getAllMessages', 'Chat.Read.All'],
    ['/v1.0/chats/c1/members', 'ChatMember.Read.All'],
    ['/v1.0/somewhere/else', undefined],
  ])('for %s', (path, permission) => {
    expect(leastPermission(path)?.permission).toBe(permission)
  })
})

const shared = sharedOrSkip('bodies that Graph was seen to send')
const folder = join(shared ?? '', 'reference/examples/microsoft_graph_teams')

describe.skipIf(shared === undefined || !existsSync(folder))('bodies that Graph was seen to send', () => {
  it.each([
    ['error.400_delta_not_supported.observed', 400, 'PARLEY_BAD_REQUEST', 'BadRequest'],
    ['error.400_parameter_not_supported.observed', 400, 'PARLEY_BAD_REQUEST', 'BadRequest'],
    ['error.402_payment_required.observed', 402, 'PARLEY_PAYMENT_REQUIRED', 'PaymentRequired'],
    ['error.403_missing_role.observed', 403, 'PARLEY_PERMISSION_MISSING', 'Forbidden'],
    ['error.404_team_not_found.observed', 404, 'PARLEY_NOT_FOUND', 'NotFound'],
    ['error.410_sync_state_not_found.outlook_observed', 410, 'PARLEY_CURSOR_EXPIRED', 'SyncStateNotFound'],
    ['error.412_app_only_not_supported.observed', 412, 'PARLEY_PRECONDITION_FAILED', 'PreconditionFailed'],
  ])('%s', async (name, status, code, graphCode) => {
    const { error } = await refusal(status, JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')))
    expect(error).toMatchObject({ code, graphCode })
  })
})
