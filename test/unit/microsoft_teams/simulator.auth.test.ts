import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  startTeamsSimulator,
  type TeamsSimulator,
  virtualClock,
} from '../../../sources/microsoft_teams/simulator/index.ts'
import { graphClient, requestToken } from '../simulator/graph_client.ts'

let simulator: TeamsSimulator
const clock = virtualClock()

beforeAll(async () => {
  simulator = await startTeamsSimulator({ throttle: 'off', clock })
})
afterAll(() => simulator.close())

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function assertion(claims: object, header: object = { alg: 'PS256', typ: 'JWT' }): Record<string, string | undefined> {
  const { client_id, login_base_url, tenant_id } = simulator.connection
  const exp = Math.floor(clock.now() / 1000) + 600
  const payload = {
    iss: client_id,
    sub: client_id,
    aud: `${login_base_url}/${tenant_id}/oauth2/v2.0/token`,
    exp,
    ...claims,
  }
  return {
    client_secret: undefined,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: `${part(header)}.${part(payload)}.c2lnbmF0dXJl`,
  }
}

describe('token endpoint', () => {
  it('gives a token for secret, basic credentials and assertion', async () => {
    const answer = await requestToken(simulator)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3599,
      access_token: expect.stringMatching(/^sim\./),
    })

    const { client_id, client_secret, tenant_id, login_base_url } = simulator.connection
    const basic = await fetch(`${login_base_url}/${tenant_id}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${client_id}:${encodeURIComponent(client_secret)}`).toString('base64')}`,
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' }),
    })
    expect(basic.status).toBe(200)
    expect((await requestToken(simulator, assertion({}))).status).toBe(200)
  })

  it('knows the tenant by its domain too', async () => {
    expect((await requestToken(simulator, {}, 'parley1.onmicrosoft.com')).status).toBe(200)
  })

  it.each<[string, Record<string, string | undefined>, string | undefined, number, string, number]>([
    ['a wrong secret', { client_secret: 'wrong' }, undefined, 401, 'invalid_client', 7000215],
    [
      'an unknown app',
      { client_id: '11111111-1111-4111-8111-111111111111' },
      undefined,
      400,
      'unauthorized_client',
      700016,
    ],
    ['an unknown tenant', {}, '22222222-2222-4222-8222-222222222222', 400, 'invalid_request', 90002],
    [
      'a scope of something else',
      { scope: 'https://foo.microsoft.com/.default' },
      undefined,
      400,
      'invalid_scope',
      70011,
    ],
    [
      'single permissions as scope',
      { scope: 'https://graph.microsoft.com/User.Read' },
      undefined,
      400,
      'invalid_scope',
      70011,
    ],
    ['no proof at all', { client_secret: undefined }, undefined, 401, 'invalid_client', 7000218],
    ['another grant', { grant_type: 'password' }, undefined, 400, 'unsupported_grant_type', 70003],
  ])('refuses %s', async (_, changes, tenant, status, error, code) => {
    const answer = await requestToken(simulator, changes, tenant)
    expect(answer.status).toBe(status)
    const body = (await answer.json()) as Record<string, unknown>
    expect(body).toMatchObject({
      error,
      error_codes: [code],
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
    })
    expect(body.error_description).toMatch(
      new RegExp(`^AADSTS${code}: .*\\r\\nTrace ID: .*\\r\\nCorrelation ID: .*\\r\\nTimestamp: `),
    )
    expect(body.error_uri).toContain(String(code))
  })

  it.each<[string, object, object | undefined]>([
    ['for another audience', { aud: 'https://login.microsoftonline.com/other/oauth2/v2.0/token' }, undefined],
    ['of another issuer', { iss: 'somebody' }, undefined],
    ['that is over', { exp: 1000 }, undefined],
    ['without a signature', {}, { alg: 'none' }],
  ])('refuses an assertion %s', async (_, claims, header) => {
    const answer = await requestToken(simulator, assertion(claims, header))
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: 'invalid_client', error_codes: [700027] })
  })
})

describe('tokens', () => {
  it('are wanted, known and good for their time only', async () => {
    const none = await fetch(`${simulator.origin}/v1.0/teams`)
    expect([none.status, ((await none.json()) as { error: object }).error]).toMatchObject([
      401,
      { code: 'InvalidAuthenticationToken', message: 'Access token is empty.' },
    ])
    const invented = await fetch(`${simulator.origin}/v1.0/teams`, { headers: { authorization: 'Bearer invented' } })
    expect(invented.status).toBe(401)

    const client = await graphClient(simulator)
    clock.advance(3_598_000)
    expect((await client.get('/teams')).status).toBe(200)
    clock.advance(1000)
    expect(await client.get('/teams')).toMatchObject({
      status: 401,
      body: { error: { code: 'InvalidAuthenticationToken' } },
    })
  })

  it('end when told to', async () => {
    const client = await graphClient(simulator)
    simulator.mutate.expireTokens()
    expect((await client.get('/teams')).status).toBe(401)
    expect((await (await graphClient(simulator)).get('/teams')).status).toBe(200)
  })
})
