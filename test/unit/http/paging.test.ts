import { describe, expect, it } from 'vitest'
import { assertSameOrigin, followPages } from '../../../libs/http/paging.ts'

interface Page {
  rows: number[]
  next: string | undefined
}

async function collect(links: (link: string | undefined) => Page, maxPages = 50): Promise<Page[]> {
  const pages: Page[] = []
  const walk = followPages<Page>({
    first: async () => links(undefined),
    follow: async (link) => links(link),
  })
  for await (const page of walk) {
    pages.push(page)
    if (pages.length >= maxPages) break
  }
  return pages
}

describe('followPages', () => {
  it('ends only when the link is absent: short and empty pages go on', async () => {
    const pages = await collect((link) => {
      const n = Number(link ?? 0)
      return { rows: n % 2 === 0 ? [n] : [], next: n < 5 ? String(n + 1) : undefined }
    })
    expect(pages.map((page) => page.rows.length)).toEqual([1, 0, 1, 0, 1, 0])
  })

  it('reads a list of one page with one call', async () => {
    expect(await collect(() => ({ rows: [], next: undefined }))).toHaveLength(1)
  })

  it('raises when the same link comes for the third time after it was followed', async () => {
    const follow: (string | undefined)[] = []
    const endless = collect((link) => {
      follow.push(link)
      return { rows: [1], next: 'https://api/next' }
    })
    await expect(endless).rejects.toMatchObject({ code: 'PARLEY_PAGING_LOOP', kind: 'source' })
    expect(follow).toHaveLength(4)
  })

  it('raises on a circle of several links', async () => {
    const circle = collect((link) => ({ rows: [], next: { a: 'b', b: 'c', c: 'a' }[link ?? 'c'] }))
    await expect(circle).rejects.toMatchObject({ code: 'PARLEY_PAGING_LOOP' })
  })

  it('lets a link come twice more: services repeat themselves', async () => {
    const links = ['x', 'x', 'x', undefined]
    expect(await collect(() => ({ rows: [], next: links.shift() }))).toHaveLength(4)
  })
})

describe('assertSameOrigin', () => {
  const allowed = ['https://graph.microsoft.com']

  it('takes a link of the API host', () => {
    expect(assertSameOrigin('https://graph.microsoft.com/v1.0/x?$skiptoken=1', allowed).pathname).toBe('/v1.0/x')
  })

  it.each([
    'https://graph.microsoft.com.evil.example/v1.0/x',
    'https://evil.example/?https://graph.microsoft.com',
    'http://graph.microsoft.com/v1.0/x',
    'https://graph.microsoft.com:8443/v1.0/x',
    'https://graph.microsoft.com@evil.example/x',
    'https://user:pw@graph.microsoft.com/x',
    '/v1.0/relative',
    'javascript:alert(1)',
    '',
  ])('refuses %j', (link) => {
    expect(() => assertSameOrigin(link, allowed)).toThrow(expect.objectContaining({ code: 'PARLEY_FOREIGN_LINK' }))
  })
})
