import { describe, expect, it } from 'vitest'
import { mergePython } from '../../../pipeline/bundle/merge_python.ts'

const module = (doc: string, ...lines: string[]) =>
  `"""${doc}"""\n\nfrom __future__ import annotations\n\n${lines.join('\n')}\n`
const merge = (files: Record<string, string>) => mergePython(new Map(Object.entries(files)))

describe('the merge of Python modules', () => {
  it('puts needed ones first and all into one scope, with imports once, above', () => {
    const { imports, body } = merge({
      'a.py': module('First.', 'import json', 'from typing import Any', '', 'from .b import two', '', 'ONE = two()'),
      'b.py': module(
        'Second.',
        'import json',
        'from typing import (',
        '    NamedTuple,',
        ')',
        '',
        'def two():',
        '    return 2',
      ),
    })
    expect(imports).toEqual(['import json', 'from typing import Any, NamedTuple'])
    expect(body).toBe(
      [
        '    # --- b:',
        '    # Second.',
        '',
        '    def two():',
        '        return 2',
        '',
        '    # --- a:',
        '    # First.',
        '',
        '    ONE = two()',
      ].join('\n'),
    )
  })

  it.each([
    [
      'define a name twice',
      { 'a.py': module('A.', 'X = 1'), 'b.py': module('B.', 'def X():', '    pass') },
      /both define X/,
    ],
    [
      'need each other',
      { 'a.py': module('A.', 'from .b import y'), 'b.py': module('B.', 'from .a import x') },
      /needs itself/,
    ],
    ['need one that is not there', { 'a.py': module('A.', 'from .c import x') }, /needs c\.py/],
    ['import under another name', { 'a.py': module('A.', 'from .b import x as y'), 'b.py': module('B.') }, /x as y/],
    ['say nothing about themselves', { 'a.py': 'X = 1\n' }, /no docstring/],
  ])('refuses modules that %s', (_, files, message) => {
    expect(() => merge(files as Record<string, string>)).toThrow(message)
  })
})
