import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { ProjectFile } from './check_files.ts'

/** Every relative link of the pages leads to a file, and every `#anchor` to a heading of that page. */
export function checkLinks(root: string, pages: readonly ProjectFile[]): string[] {
  return pages.flatMap((page) =>
    linksOf(page.read()).flatMap((link) => {
      const problem = wrongLink(root, page.path, link)
      return problem === undefined ? [] : [`${page.path}: ${problem}`]
    }),
  )
}

/** Links of the page, without those inside code. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!)
}

function wrongLink(root: string, page: string, link: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return undefined
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : posix.join(posix.dirname(page), decodeURIComponent(path))
  const file = join(root, target)
  if (target.startsWith('..') || !existsSync(file)) return `links to ${link}, which does not exist`
  if (anchor === undefined || !target.endsWith('.md') || statSync(file).isDirectory()) return undefined
  return anchorsOf(readFileSync(file, 'utf8')).has(anchor)
    ? undefined
    : `links to ${link}, but that page has no such heading`
}

/** The anchors that GitHub gives to headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const [, heading] of text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const slug = heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    let anchor = slug
    for (let copy = 1; anchors.has(anchor); copy++) anchor = `${slug}-${copy}`
    anchors.add(anchor)
  }
  return anchors
}
