import { Command, InvalidArgumentError, Option } from 'commander'
import type { SourceDefinition } from '../../libs/connect/source.ts'
import type { Context } from './context.ts'
import { type ConnectionFlags, connectionFlag, connectionNameFlag } from './flags.ts'
import { loadSource } from './load_source.ts'

interface SetUpFlags extends ConnectionFlags {
  name: string
  json?: true
  shell?: true
  apply?: true
}

/** `parley connection S --name N`: the connection of Unity Catalog that Databricks reads the source by. */
export function connectionCommand(context: Context): Command {
  return new Command('connection')
    .description('set up the connection of Unity Catalog for a source on Databricks')
    .argument('<source>', 'for example microsoft_teams')
    .requiredOption('--name <name>', 'name of the connection, as connection_name of a pipeline spec', parseName)
    .addOption(new Option('--json', 'print the request that creates it, without any value (default)'))
    .addOption(new Option('--shell', 'print a script that creates it and asks for what it needs').conflicts('json'))
    .addOption(
      new Option('--apply', 'create it with the Databricks CLI, from the connection file or the environment').conflicts(
        ['json', 'shell'],
      ),
    )
    .addOption(connectionFlag())
    .addOption(connectionNameFlag())
    .action((source: string, flags: SetUpFlags) => setUp(context, source, flags))
}

async function setUp(context: Context, name: string, flags: SetUpFlags): Promise<void> {
  const { source } = await loadSource(name)
  if (flags.apply) return apply(context, source, flags)
  if (flags.shell) {
    const { connectionScript } = await import('../connection/shell_script.ts')
    await context.io.print(connectionScript(source, flags.name))
    return
  }
  const { connectionBody, placeholders } = await import('../connection/request_body.ts')
  await context.io.print(`${JSON.stringify(connectionBody(source, flags.name, placeholders(source)), null, 2)}\n`)
}

async function apply(context: Context, source: SourceDefinition, flags: SetUpFlags): Promise<void> {
  const [{ openSource }, { commandRuntime }, { connectionBody, optionTexts }, { createConnection }] = await Promise.all(
    [
      import('./open_source.ts'),
      import('./runtime.ts'),
      import('../connection/request_body.ts'),
      import('../connection/create_connection.ts'),
    ],
  )
  const { options, observing } = await openSource(context, source, flags)
  try {
    // Makes no request, and says what is wrong with credentials before they are stored.
    await source.connect(options, commandRuntime(observing.observer)).close()
  } finally {
    observing.close()
  }
  const body = connectionBody(source, flags.name, optionTexts(source, options))
  await createConnection(body, context.io.env, context.signals.signal)
  await context.io.print(`Connection ${flags.name} was created.\n`)
}

function parseName(text: string): string {
  // A variable that is not set leaves nothing.
  if (text.trim() === '') throw new InvalidArgumentError('It names no connection.')
  return text
}
