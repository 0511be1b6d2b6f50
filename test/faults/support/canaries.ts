import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openDatabase } from '../../../pipeline/destinations/duckdb/database.ts'
import { type CliResult, parley } from '../../support/cli.ts'
import { findSecret } from './spellings.ts'

/** Runs commands, and finds out whether any of them let a secret out. */
export class Canaries {
  /** Everything that must never be seen, with its name. */
  readonly secrets = new Map<string, string>()
  readonly outputs: { what: string; text: string; code: number | null }[] = []
  readonly #folder: string
  readonly #database: string

  /** @param folder files whose names begin with `connection` may hold secrets, no others */
  constructor({ folder, database }: { folder: string; database: string }) {
    this.#folder = folder
    this.#database = database
  }

  get codes(): (number | null)[] {
    return this.outputs.map(({ code }) => code)
  }

  async run(what: string, args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
    const result = await parley(args, { env })
    this.outputs.push({ what, text: result.stdout + result.stderr, code: result.code })
    return result
  }

  /** No output, no file beside the connection file, no value of any table holds a secret in any form. */
  async expectNoLeak(): Promise<void> {
    const places: [string, Buffer][] = this.outputs.map(({ what, text }) => [what, Buffer.from(text)])
    for (const name of readdirSync(this.#folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(this.#folder, name)
      if (statSync(path).isFile() && !name.startsWith('connection')) places.push([name, readFileSync(path)])
    }
    places.push(['values of the tables', Buffer.from(await everyValue(this.#database))])
    const found = places.flatMap(([place, bytes]) =>
      [...this.secrets].flatMap(([name, secret]) =>
        findSecret(bytes, secret).map((form) => `${name} ${form}: ${place}`),
      ),
    )
    expect(found).toEqual([])
  }
}

/** Puts secrets, in each form that services are known to quote things in, into the texts of an error body. */
export function tell(text: string, secrets: readonly string[], extra = ''): string {
  const forms = secrets.filter((secret) => secret !== '').flatMap(quotations)
  const quoted = JSON.stringify(`${forms.join(' ')} ${extra}`).slice(1, -1)
  return text.replace(/"(message|code|error_description)":"/g, (start) => `${start}${quoted} `)
}

function quotations(secret: string): string[] {
  const url = encodeURIComponent(secret)
  const within = ['', 'i', 'id', 'an-app-id:'].map((before) => Buffer.from(`${before}${secret}, and more`))
  return [
    secret,
    JSON.stringify({ secret }),
    url,
    url.replace(/%../g, (hex) => hex.toLowerCase()),
    encodeURIComponent(url),
    new URLSearchParams({ secret }).toString(),
    ...within.map((bytes) => bytes.toString('base64')),
    ...within.map((bytes) => bytes.toString('base64url')),
    ...within.map((bytes) => encodeURIComponent(bytes.toString('base64'))),
  ]
}

async function everyValue(path: string): Promise<string> {
  const database = await openDatabase(path, { readOnly: true, sleep: async () => {} }).catch(() => null)
  if (database === null) return ''
  try {
    const read = async (sql: string) => (await database.connection.runAndReadAll(sql)).getRowsJson()
    const tables = await read(`SELECT schema_name || '."' || table_name || '"' FROM duckdb_tables()`)
    const values = []
    for (const [table] of tables) values.push(await read(`SELECT * FROM ${table}`))
    // Once as JSON, where quotes are escaped, and once as the texts are.
    return JSON.stringify(values) + values.flat(2).map(String).join('\n')
  } finally {
    database.close()
  }
}
