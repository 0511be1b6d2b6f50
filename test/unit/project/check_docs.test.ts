import { expect, test } from 'vitest'
import { checkDocs, reportOn } from '../../../scripts/check_docs.ts'
import { projectFolder } from './project_folder.ts'

const project = {
  'package.json': '{"scripts":{"demo":"node demo.js"}}',
  'pipeline/cli/sync.ts': "new Command('sync').option('--tables <a,b>', 'only these')",
  'docs/errors.md': '# Error codes\n\n## On Spark\n',
  'scripts/tool.sh': 'true',
}
const problemsOf = (page: string): string[] => reportOn(projectFolder({ ...project, 'README.md': page })).problems

test.each([
  '[errors](docs/errors.md), [a part](docs/errors.md#on-spark), [here](#top)\n\n# Top',
  '[elsewhere](https://example.com/x), `[code](nowhere.md)`',
  '```sh\nnpm ci && npm run demo\nparley sync spec.yaml \\\n  --tables a,b\nbin/parley.js sync --help\n```'.replace(
    'bin/parley.js',
    'parley',
  ),
  'Run `scripts/tool.sh`.',
])('accepts %s', (page) => {
  expect(problemsOf(page)).toEqual([])
})

test.each([
  ['[x](docs/nowhere.md)', 'README.md: links to docs/nowhere.md, which does not exist'],
  ['[x](docs/errors.md#on-sparks)', 'README.md: links to docs/errors.md#on-sparks, but that page has no such heading'],
  ['[x](../outside.md)', 'README.md: links to ../outside.md, which does not exist'],
  ['```sh\nnpm run dmeo\n```', 'README.md: npm has no script dmeo'],
  ['`parley snyc`', 'README.md: parley has no command snyc'],
  ['```sh\nparley sync spec.yaml \\\n  --table a\n```', 'README.md: parley sync has no flag --table'],
  ['`scripts/gone.ts`', 'README.md: there is no scripts/gone.ts'],
  [`https://registry.${'npmjs'}.org/x`, 'README.md:1: names a package registry'],
])('refuses %s', (page, problem) => {
  expect(problemsOf(page)).toEqual([problem])
})

test('refuses a page whose generated parts are stale or absent', async () => {
  const { problems } = await checkDocs(projectFolder({ ...project, 'README.md': '# Parley' }))
  expect(problems.join('\n')).toMatch(/lacks the generated parts/)
})
