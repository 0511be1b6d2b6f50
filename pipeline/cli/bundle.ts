import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import type { WrittenFile } from '../bundle/write_folder.ts'
import type { Context } from './context.ts'
import { type OutputFormat, outputFlag } from './flags.ts'
import { loadSource, sourceNames } from './load_source.ts'

/** Where the npm package has the folders ready-made, made by `scripts/build.ts`: it lacks what builds them. A clone has none. */
const READY_MADE = join(import.meta.dirname, '../../bundles')

interface BundleFlags {
  out?: string
  output: OutputFormat
}

interface WrittenBundle {
  source: string
  /** As it was named, or below the current folder. */
  folder: string
  files: WrittenFile[]
}

/** `parley bundle S|all`: a source as files for Spark and Databricks. */
export function bundleCommand(context: Context): Command {
  return new Command('bundle')
    .description('write a source as files for Spark and Databricks')
    .argument('<source>', 'for example microsoft_teams; all: every source')
    .option(
      '--out <dir>',
      'folder to write to; of all, a folder a source below it (default: dist/bundle/<source>)',
      parseFolder,
    )
    .addOption(outputFlag())
    .action((name: string, flags: BundleFlags) => bundle(context, name, flags))
}

async function bundle(context: Context, name: string, { out, output }: BundleFlags): Promise<void> {
  const names = name === 'all' ? sourceNames : [name]
  // Known before anything is written.
  for (const one of names) await loadSource(one)
  const bundles: WrittenBundle[] = []
  for (const source of names) {
    const below = name === 'all' || out === undefined
    const folder = join(out ?? join('dist', 'bundle'), below ? source : '')
    const { writeFolder } = await import('../bundle/write_folder.ts')
    const files = await writeFolder(resolve(context.io.cwd, folder), await filesOf(source))
    bundles.push({ source, folder, files })
  }
  if (output === 'json') await context.io.print(`${JSON.stringify(bundles)}\n`)
  else await context.io.print(await describe(bundles))
}

async function filesOf(source: string): Promise<Map<string, string>> {
  const readyMade = join(READY_MADE, source)
  if (existsSync(readyMade)) {
    const { readFolder } = await import('../bundle/read_folder.ts')
    return readFolder(readyMade)
  }
  const { bundleFolder } = await import('../bundle/bundle_folder.ts')
  return bundleFolder(source)
}

async function describe(bundles: readonly WrittenBundle[]): Promise<string> {
  const [{ textTable }, { formatCount }] = await Promise.all([
    import('../../libs/observe/text_table.ts'),
    import('../../libs/observe/format.ts'),
  ])
  const rows = bundles.flatMap(({ folder, files }) =>
    files.map(({ path, bytes, state }) => [join(folder, path), formatCount(bytes), said(state)]),
  )
  return textTable([['file', 'bytes', ''], ...rows])
}

function said(state: WrittenFile['state']): string {
  if (state === 'kept') return 'kept: it was edited; remove it to have it made again'
  return state === 'unchanged' ? 'unchanged' : ''
}

function parseFolder(text: string): string {
  // A variable that is not set leaves nothing, and nothing would be the current folder.
  if (text.trim() === '') throw new InvalidArgumentError('It names no folder.')
  return text
}
