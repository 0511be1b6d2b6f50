import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startTenant, type Tenant } from '../support/tenant.ts'
import { type Disk, diskWith } from './bad_day_disk.ts'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const HOLDER = join(PROJECT, 'test', 'e2e', 'bad_day_holder.ts')

/** A tenant, and a folder on a disk of its own in which somebody works with a shell. */
export class World {
  /** Value of the variable that the connection file names. */
  secret: string
  readonly tenant: Tenant
  readonly disk: Disk
  readonly #env: NodeJS.ProcessEnv
  readonly #children = new Set<ChildProcess>()

  private constructor(tenant: Tenant, disk: Disk) {
    this.tenant = tenant
    this.disk = disk
    this.secret = tenant.simulator.connection.client_secret
    const PATH = [join(tenant.folder, 'bin'), dirname(process.execPath), process.env.PATH].join(':')
    // Small units: some are stored before there is no room. The tenant does not throttle: nobody waits for its limits.
    this.#env = { ...process.env, PATH, NO_COLOR: '1', PARLEY_RATE_SHARE: '100', PARLEY_UNIT_ROWS: '50' }
  }

  /** The database as it is now, as a file that nobody writes. */
  copyOfDatabase(name: string): string {
    return join(this.disk.copyTo(join(this.tenant.folder, name)), 'lake.duckdb')
  }

  static async start(spec: string): Promise<World> {
    const tenant = await startTenant({ dataset: { sample: true } })
    return new World(tenant, await diskWith(layOut(tenant, spec)))
  }

  /** Runs a line of shell; answers what a terminal would show. `seen` is called with it as it grows. */
  run(line: string, seen: (text: string) => void = () => {}): Promise<{ text: string; exit: number | null }> {
    const child = this.#start('sh', '-c', `exec 2>&1; cd '${this.disk.folder}'; ${this.disk.limit}${line}`)
    let text = ''
    child.stdout!.setEncoding('utf8').on('data', (piece) => {
      text += piece
      seen(text)
    })
    return new Promise((resolve) => child.on('close', (exit) => resolve({ text, exit })))
  }

  /** Another program opens the database; the function that is answered lets it end. */
  async holdDatabase(): Promise<() => void> {
    const file = join(this.disk.folder, 'lake.duckdb')
    const child = this.#start(process.execPath, HOLDER, file)
    await new Promise((resolve) => child.stdout!.once('data', resolve))
    return () => child.stdin!.end()
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL')
    await this.disk.close()
    await this.tenant.close()
  }

  #start(...argv: string[]): ChildProcess {
    const [command, ...rest] = [...this.disk.enter, ...argv]
    const env = { ...this.#env, TEAMS_CLIENT_SECRET: this.secret }
    const child = spawn(command!, rest, { cwd: PROJECT, env, stdio: ['pipe', 'pipe', 'inherit'] })
    this.#children.add(child)
    return child
  }
}

/** Writes what somebody has before the day begins, and a `parley` for the PATH. @returns the folder of the former */
function layOut({ folder, simulator }: Tenant, spec: string): string {
  const files = join(folder, 'files')
  // Where it is found without a flag.
  const configs = join(files, 'configs', 'microsoft_teams')
  mkdirSync(configs, { recursive: true })
  const connection = { ...simulator.connection, client_secret: '$' + '{TEAMS_CLIENT_SECRET}' }
  writeFileSync(join(configs, 'dev_config.json'), JSON.stringify(connection))
  writeFileSync(join(files, 'teams.yaml'), spec)
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  symlinkSync(join(PROJECT, 'bin', 'parley.js'), join(bin, 'parley'))
  return files
}
