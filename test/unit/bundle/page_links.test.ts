import { expect, test } from 'vitest'
import { withoutFileLinks } from '../../../pipeline/bundle/page_links.ts'

test.each([
  ['See [API.md](API.md#clouds).', 'See API.md.'],
  ['[a](../b.md) and [c](d.md)', 'a and c'],
  [
    '[here](#top), [there](https://example.com/x), <mailto:a@b.c>',
    '[here](#top), [there](https://example.com/x), <mailto:a@b.c>',
  ],
  ['`[code](file.md)`', '`[code](file.md)`'],
  ['```md\n[code](file.md)\n```\n[a](b.md)', '```md\n[code](file.md)\n```\na'],
])('%j', (page, without) => {
  expect(withoutFileLinks(page)).toBe(without)
})
