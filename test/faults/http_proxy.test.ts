import { createServer, request as forward, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttpClient } from '../../libs/http/http_client.ts'
import { GraphClient } from '../../sources/microsoft_teams/client.ts'
import { fastRuntime } from '../unit/http/fast_runtime.ts'
import { json, type LocalServer, listen, serve } from '../unit/http/local_server.ts'

const NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy']
const before = new Map(NAMES.map((name) => [name, process.env[name]]))

/** A real forward proxy: CONNECT tunnels and absolute-form requests. */
async function startProxy(): Promise<{ proxy: Server; origin: string; passed: string[] }> {
  const passed: string[] = []
  const proxy = createServer((request, response) => {
    passed.push(`${request.method} ${request.url}`)
    const onward = forward(request.url!, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
    })
    request.pipe(onward)
  })
  proxy.on('connect', (request, socket, head) => {
    passed.push(`CONNECT ${request.url}`)
    const [host, port] = request.url!.split(':')
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.write(head)
      onward.pipe(socket)
      socket.pipe(onward)
    })
    for (const end of [onward, socket]) end.on('error', () => {}).on('close', () => onward.destroy())
  })
  await listen(proxy)
  return { proxy, origin: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, passed }
}

describe('a proxy', () => {
  let target: LocalServer
  let proxy: Awaited<ReturnType<typeof startProxy>>

  beforeEach(async () => {
    for (const name of NAMES) delete process.env[name]
    proxy = await startProxy()
    target = await serve((request, response) =>
      json(
        response,
        200,
        request.method === 'POST' ? { access_token: 't'.repeat(20), expires_in: 3599 } : { value: [] },
      ),
    )
  })

  afterEach(async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
    proxy.proxy.closeAllConnections()
    proxy.proxy.close()
    await target.close()
  })

  it('of HTTP_PROXY carries requests', async () => {
    process.env.HTTP_PROXY = proxy.origin
    const client = createHttpClient({ runtime: fastRuntime() })
    expect((await client.request({ method: 'GET', url: `${target.origin}/x` })).status).toBe(200)
    await client.close()
    expect(proxy.passed).toHaveLength(1)
    expect(proxy.passed[0]).toContain(`127.0.0.1:${target.port}`)
  })

  it('carries tokens too', async () => {
    process.env.HTTP_PROXY = proxy.origin
    const options = { tenant_id: 'tenant', client_id: 'app', client_secret: 'a-secret', cloud: 'global' }
    const bases = { graph_base_url: target.origin, login_base_url: target.origin }
    const client = new GraphClient({ ...options, ...bases }, fastRuntime())
    await client.get(['teams'], {}, { kind: 'teams', signal: AbortSignal.timeout(20_000) })
    await client.close()
    expect(target.seen.map((request) => request.method)).toEqual(['POST', 'GET'])
    // Every connection to the target was made by the proxy.
    expect(proxy.passed.length).toBeGreaterThanOrEqual(target.connections)
  })

  it('of HTTPS_PROXY carries https', async () => {
    process.env.HTTPS_PROXY = proxy.origin
    const client = createHttpClient({ runtime: fastRuntime(), maxAttempts: 1 })
    const url = target.origin.replace('http:', 'https:')
    // The target speaks no TLS: that the tunnel was asked for is the point.
    await expect(client.request({ method: 'GET', url })).rejects.toMatchObject({ code: 'PARLEY_SOURCE_UNAVAILABLE' })
    await client.close()
    expect(proxy.passed).toEqual([`CONNECT 127.0.0.1:${target.port}`])
  })

  it('is left out for hosts of NO_PROXY', async () => {
    process.env.HTTP_PROXY = proxy.origin
    process.env.NO_PROXY = '127.0.0.1'
    const client = createHttpClient({ runtime: fastRuntime() })
    await client.request({ method: 'GET', url: target.origin })
    await client.close()
    expect(proxy.passed).toEqual([])
  })
})
