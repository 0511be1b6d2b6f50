import { Command } from 'commander'
import type { Context } from './context.ts'
import { type ConnectionFlags, connectionFlag, connectionNameFlag, type OutputFormat, outputFlag } from './flags.ts'
import { loadSource } from './load_source.ts'

/** Some permission is missing: configuration, as for wrong credentials. */
const EXIT_MISSING = 3

/** `parley check S`: proves the credentials and says per table which permission is missing. */
export function checkCommand(context: Context): Command {
  return new Command('check')
    .description('prove the credentials; say per table which permission is missing')
    .argument('<source>', 'for example microsoft_teams')
    .addOption(connectionFlag())
    .addOption(connectionNameFlag())
    .addOption(outputFlag())
    .action((name: string, flags: ConnectionFlags & { output: OutputFormat }) => check(context, name, flags))
}

async function check(context: Context, name: string, flags: ConnectionFlags & { output: OutputFormat }): Promise<void> {
  const [{ openSource }, { commandRuntime }, { textTable }, { redactedJson }] = await Promise.all([
    import('./open_source.ts'),
    import('./runtime.ts'),
    import('../../libs/observe/text_table.ts'),
    import('../../libs/observe/redacted_json.ts'),
  ])
  const { source } = await loadSource(name)
  const { options, observing } = await openSource(context, source, flags)
  const connection = source.connect(options, commandRuntime(observing.observer))
  try {
    const permissions = await source.check(connection, options, context.signals.signal)
    const ok = permissions.every((permission) => permission.granted)
    if (flags.output === 'json')
      await context.io.print(`${redactedJson({ source: source.name, ok, permissions }, observing.redact)}\n`)
    else {
      const rows = permissions.map(({ table, permission, granted, code, message }) => [
        table,
        permission,
        granted ? 'granted' : 'missing',
        [code, message].filter(Boolean).join(': '),
      ])
      await context.io.print(observing.redact(textTable([['table', 'permission', 'state', ''], ...rows])))
    }
    context.exitCode = ok ? 0 : EXIT_MISSING
  } finally {
    observing.close()
    await connection.close()
  }
}
