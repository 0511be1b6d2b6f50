import { describe, expect, it } from 'vitest'
import { checkGenerated } from '../../../pipeline/bundle/check_generated.ts'
import { generatedFile } from '../../../pipeline/bundle/generated_file.ts'
import { thirdPartyNotices } from '../../../pipeline/bundle/notices.ts'

const parts = {
  source: 'rooms',
  displayName: 'Rooms',
  version: '1.2.3',
  python: { imports: ['import json'], body: '    X = 1' },
  code: new TextEncoder().encode("process.stdout.write('hi')"),
  notices: 'undici 7 (MIT)\n\nPermission is granted.\n',
}

describe('the generated file', () => {
  it('has the glue first, then the notices, the program last', () => {
    const text = generatedFile(parts)
    const places = ['def register_lakeflow_source', 'def ingest', '    X = 1', '# undici 7 (MIT)', '_PACKED = """']
    const found = places.map((place) => text.indexOf(place))
    expect(found).toEqual(found.toSorted((a, b) => a - b))
    expect(found[0]).toBeGreaterThan(0)
    expect(() => checkGenerated('rooms', text)).not.toThrow()
  })

  it('is the same for the same parts', () => {
    expect(generatedFile(parts)).toBe(generatedFile(parts))
  })

  it.each([
    ['another import', (text: string) => text.replace('import json', 'import requests'), /imports requests/],
    ['another program', (text: string) => text.replace(/_DIGEST = "../, '_DIGEST = "zz'), /does not carry the program/],
    ['too much of it', (text: string) => text + '# '.repeat(600_000), /has \d+ bytes/],
  ])('is refused with %s', (_, change, message) => {
    expect(() => checkGenerated('rooms', change(generatedFile(parts)))).toThrow(message)
  })
})

describe('notices', () => {
  it('name every package with its licence, a text that several share once', () => {
    const text = thirdPartyNotices(process.cwd(), ['node_modules/undici', 'node_modules/ajv', 'node_modules/undici'])
    expect(text.match(/^undici \S+ \(MIT\)$/gm)).toHaveLength(1)
    expect(text).toMatch(/^ajv \S+ \(MIT\)$/m)
    expect(text).toContain('Permission is hereby granted')
  })
})
