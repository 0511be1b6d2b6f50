import { main } from '../pipeline/cli/main.ts'

/** `node scripts/merge_source.ts S|all [--out DIR]`: `parley bundle` under the name that other repositories of connectors give it. */
process.exitCode = await main(['bundle', ...process.argv.slice(2)])
