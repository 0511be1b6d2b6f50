import { expect, test } from 'vitest'
import { checkDependencies } from '../../../scripts/check_dependencies.ts'
import { findImports } from '../../../scripts/check_imports.ts'
import { projectFolder } from './project_folder.ts'

const problemsOf = (path: string, code: string): string[] =>
  checkDependencies(projectFolder({ 'package.json': '{"dependencies":{"undici":"1"}}', [path]: code })).problems

test.each([
  ['sources/teams/client.ts', "import { request } from '../../libs/http/request.ts'"],
  ['sources/teams/client.ts', "import { options } from './options.ts'"],
  ['sources/registry.ts', "const load = () => import('./teams/simulator/index.ts')"],
  ['sources/index.ts', "export { teams } from './teams/index.ts'"],
  ['pipeline/sync/index.ts', "import { sources } from '../../sources/registry.ts'"],
  ['pipeline/cli/main.ts', "import { sync } from './sync.ts'"],
  ['pipeline/cli/simulate.ts', "import type { FaultPlan } from '../../libs/simulator/fault_plan.ts'"],
  ['sources/teams/simulator/index.ts', "import { server } from '../../../libs/simulator/server.ts'"],
  ['libs/http/client.ts', "import { readFile } from 'node:fs/promises'\nimport { Agent } from 'undici'"],
  ['pipeline/bundle/build.ts', "import { build } from 'esbuild'"],
  ['pipeline/bundle/pack.ts', "import { zlibSync } from 'fflate'"],
  [
    'libs/http/client.ts',
    "/** Shown: import x from '../../sources/teams/index.ts' */\n// import '../../pipeline/a.ts'",
  ],
])('accepts in %s: %s', (path, code) => {
  expect(problemsOf(path, code)).toEqual([])
})

test.each([
  ['libs/http/client.ts', "import { a } from '../../sources/teams/index.ts'", 'libs know neither sources nor pipeline'],
  ['libs/http/client.ts', "import type { A } from '../../pipeline/sync/types.ts'", 'libs know neither'],
  ['sources/teams/index.ts', "import { a } from '../discord/index.ts'", 'a source imports no other source'],
  ['sources/teams/index.ts', "import { a } from '../registry.ts'", 'a source imports no other source'],
  ['sources/teams/index.ts', "export * from '../../pipeline/sync/types.ts'", 'know nothing of the pipeline'],
  ['pipeline/sync/index.ts', "import { a } from '../../sources/teams/index.ts'", 'reached through sources/registry.ts'],
  ['pipeline/sync/index.ts', "import { a } from '../cli/flags.ts'", 'nothing imports the command line'],
  ['pipeline/sync/index.ts', "const a = await import('../cli/flags.ts')", 'nothing imports the command line'],
  ['sources/index.ts', "export { a } from './teams/client.ts'", 'lists the sources'],
  ['pipeline/sync/index.ts', "import { a } from '../../libs/simulator/server.ts'", 'simulators are reached'],
  ['sources/teams/index.ts', "import { a } from './simulator/index.ts'", 'simulators are reached'],
  ['sources/teams/index.ts', "import {\n  type A,\n  b,\n} from './simulator/index.ts'", 'simulators are reached'],
  ['libs/http/client.ts', "import { build } from 'esbuild'", 'not among the dependencies'],
  ['libs/http/client.ts', "import { a } from '@scope/thing/deep'", '@scope/thing, which is not among'],
  ['libs/http/client.ts', "import { readFileSync } from 'fs'", 'write node:fs'],
])('refuses in %s: %s', (path, code, words) => {
  const problems = problemsOf(path, code)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(words)
})

test('tells types from values', () => {
  const code = [
    "import type { A } from './a.ts'",
    "import { type B, type C } from './b.ts'",
    "import { type D, e } from './d.ts'",
    "import './f.ts'",
    "export type * from './g.ts'",
    "let h: typeof import('./h.ts')",
    "const i = import('./i.ts')",
  ].join('\n')
  expect(findImports(code)).toEqual([
    { name: './a.ts', typeOnly: true },
    { name: './b.ts', typeOnly: true },
    { name: './d.ts', typeOnly: false },
    { name: './f.ts', typeOnly: false },
    { name: './g.ts', typeOnly: true },
    { name: './h.ts', typeOnly: true },
    { name: './i.ts', typeOnly: false },
  ])
})
