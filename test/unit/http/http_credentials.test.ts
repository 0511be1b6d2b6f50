import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ok, status, withServer } from './http_harness.ts'
import { json, serve } from './local_server.ts'

describe('credentials', () => {
  it('are fetched anew once after a 401', () =>
    withServer(
      (request, response) => json(response, request.headers.authorization === 'Bearer two' ? 200 : 401, {}),
      async ({ server, client }) => {
        const asked: unknown[] = []
        const authorize = async ({
          force,
          rejected,
        }: {
          force: boolean
          rejected?: Readonly<Record<string, string>>
        }) => {
          if (force) asked.push(rejected)
          return { authorization: asked.length > 0 ? 'Bearer two' : 'Bearer one' }
        }
        await client.request({ method: 'GET', url: server.origin, authorize })
        expect(asked).toEqual([{ authorization: 'Bearer one' }])
      },
    ))

  it('that are never accepted end as a 401 after two requests', () =>
    withServer(status(401), async ({ server, client }) => {
      const authorize = async () => ({ authorization: 'Bearer x' })
      const request = client.request({ method: 'GET', url: server.origin, authorize })
      await expect(request).rejects.toMatchObject({ status: 401 })
      expect(server.seen).toHaveLength(2)
    }))

  it('are fetched anew while each is used up by others, four times at most', () =>
    withServer(
      (request, response) => json(response, request.headers.authorization === 'Bearer 4' ? 200 : 401, {}),
      async ({ server, client }) => {
        let token = 1
        const authorize = async ({ force }: { force: boolean }) => ({
          authorization: `Bearer ${force ? ++token : token}`,
        })
        await client.request({ method: 'GET', url: server.origin, authorize })
        expect(server.seen).toHaveLength(4)
        token = 10
        await expect(client.request({ method: 'GET', url: server.origin, authorize })).rejects.toMatchObject({
          status: 401,
        })
        expect(server.seen).toHaveLength(8)
      },
    ))

  it('do not follow a redirect to another origin', async () => {
    await using elsewhere = await serve(ok)
    await withServer(
      (_, response) => void response.writeHead(302, { location: `${elsewhere.origin}/x` }).end(),
      async ({ server, client }) => {
        const request = client.request({
          method: 'GET',
          url: server.origin,
          authorize: async () => ({ authorization: 'Bearer x' }),
        })
        await expect(request).rejects.toMatchObject({ code: 'PARLEY_FOREIGN_REDIRECT' })
        expect(elsewhere.seen).toHaveLength(0)
      },
    )
  })

  it('follow a redirect inside the origin, a bounded number of times', () =>
    withServer(
      (request, response) => {
        if (request.url === '/new') return json(response, 200, { here: true })
        response.writeHead(307, { location: request.url === '/old' ? '/new' : '/circle' }).end()
      },
      async ({ server, client }) => {
        expect((await client.request({ method: 'GET', url: `${server.origin}/old` })).json()).toEqual({ here: true })
        await expect(client.request({ method: 'GET', url: `${server.origin}/circle` })).rejects.toMatchObject({
          status: 307,
        })
        expect(server.seen).toHaveLength(8)
      },
    ))
})

describe('giving up', () => {
  it('ends a request in flight, a wait and a queue with the reason of the signal', () =>
    withServer(
      (_request, _response) => {},
      async ({ server, client }) => {
        const controller = new AbortController()
        const { signal } = controller
        const requests = [1, 2, 3].map(() => client.request({ method: 'GET', url: server.origin, signal }))
        while (server.seen.length === 0) await delay(5)
        controller.abort(new Error('stop now'))
        for (const request of requests) await expect(request).rejects.toThrow('stop now')
      },
      { maxConcurrentRequests: 1 },
    ))

  it('ends everything when the client is closed', () =>
    withServer(
      () => {},
      async ({ server, client }) => {
        const request = client.request({ method: 'GET', url: server.origin })
        while (server.seen.length === 0) await delay(5)
        const ended = expect(request).rejects.toMatchObject({ name: 'AbortError' })
        await client.close()
        await ended
      },
    ))
})
