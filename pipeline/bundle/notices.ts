import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const LICENSE_FILE = /^(licen[cs]e|copying|notice)/i

/**
 * What the licences of bundled packages ask to be carried along: each package with its licence text, texts that several
 * share once.
 * @param folders the packages' folders from the project's root: `node_modules/undici`
 * @throws Error for a package without a licence text
 */
export function thirdPartyNotices(root: string, folders: readonly string[]): string {
  const byText = new Map<string, string[]>()
  for (const folder of [...new Set(folders)].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      name: string
      version: string
      license?: string
    }
    const texts = readdirSync(join(root, folder))
      .filter((file) => LICENSE_FILE.test(file))
      .sort()
      .map((file) =>
        readFileSync(join(root, folder, file), 'utf8')
          .replaceAll('\r\n', '\n')
          .trim(),
      )
    if (texts.length === 0) throw new Error(`${folder} has no licence text.`)
    const text = texts.join('\n\n')
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license ?? 'see below'})`])
  }
  const parts = [...byText].map(([text, packages]) => `${packages.join('\n')}\n\n${text}`)
  return `${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}
