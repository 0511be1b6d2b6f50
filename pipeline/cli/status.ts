import { Command } from 'commander'
import { isParleyError } from '../../libs/connect/error.ts'
import type { Context } from './context.ts'
import { companionFolder, parseDestination } from './destination_url.ts'
import { destinationFlag, type OutputFormat, outputFlag } from './flags.ts'
import { withRemedy } from './with_remedy.ts'

/** `parley status`: the run that is under way, else what the destination's state tables say. */
export function statusCommand(context: Context): Command {
  return new Command('status')
    .description('show the run that is under way, or what is there')
    .addOption(destinationFlag('whose state'))
    .addOption(outputFlag())
    .action((flags: { destination: string; output: OutputFormat }) => status(context, flags.destination, flags.output))
}

async function status({ io }: Context, url: string, output: OutputFormat): Promise<void> {
  const [{ readRunningStatus }, { formatReport, formatRunning }] = await Promise.all([
    import('./running_status.ts'),
    import('./status_text.ts'),
  ])
  const destination = parseDestination(url)
  const running = await readRunningStatus(companionFolder(destination))
  if (running !== null) {
    await io.print(output === 'json' ? `${JSON.stringify({ running })}\n` : formatRunning(running))
    return
  }
  const { requireDatabase } = await import('./state_access.ts')
  requireDatabase(destination)
  const { readStatus } = await import('../destinations/duckdb/status.ts')
  const report = await readStatus(destination.path).catch((error: unknown) => {
    if (!isParleyError(error) || error.code !== 'PARLEY_DESTINATION_LOCKED') throw error
    throw withRemedy(error, 'Close that program, or ask again when it has ended.')
  })
  await io.print(output === 'json' ? `${JSON.stringify({ running: null, ...report })}\n` : formatReport(report))
}
