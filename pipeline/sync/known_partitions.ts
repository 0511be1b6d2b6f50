import type { Discovery, FeedDefinition, Partition, RefusedPartition } from '../../libs/connect/feed.ts'
import { type Coverage, jobName, type StoredState } from '../destinations/destination.ts'
import { UNDER_WAY } from './coverage.ts'
import type { SyncJob } from './types.ts'

/** Lines of partitions of which no page was ever stored. Ask before `--full` lays the cursors aside. */
export function unreadLines({ coverage, cursors }: StoredState): Set<Coverage> {
  const lines = [...coverage].flatMap(([job, lines]) =>
    [...lines.values()].filter(({ partition }) => cursors.get(job)?.has(partition) !== true),
  )
  return new Set(
    lines.filter(({ synced_until, seen, code }) => synced_until === null && seen !== true && code !== UNDER_WAY),
  )
}

/**
 * Those that a list or an option named and that may not be read. Without those that do not exist although one of these jobs
 * knows them from more than their name, from a list, a read, or a look before: they are missing.
 */
export function refusedNow(
  refused: readonly RefusedPartition[],
  jobs: readonly SyncJob[],
  { coverage }: Pick<StoredState, 'coverage'>,
  unread: ReadonlySet<Coverage>,
): RefusedPartition[] {
  const wasListed = ({ params }: Coverage) => (JSON.parse(params) as Partition).asked !== true
  const wasThere = (id: string) =>
    jobs
      .flatMap((job) => coverage.get(jobName(job))?.get(id) ?? [])
      .some((line) => !unread.has(line) || line.missing_since !== null || wasListed(line))
  return refused.filter(({ absent, partition }) => absent !== true || !wasThere(partition.id))
}

interface Known {
  partition: Partition
  line: Coverage
}

/** Partitions with the same root. */
interface Family {
  leaves: Known[]
  others: Known[]
}

type FeedShape = Pick<FeedDefinition, 'rootOf' | 'covers' | 'isLeaf'>

/** What earlier runs knew of a job's partitions, and what this one has begun to read, found by root: tenants have tens of thousands of them. */
export class KnownPartitions {
  readonly #byRoot = new Map<string, Family>()
  readonly #parts = new Map<string, string[]>()
  readonly #kept = new Set<string>()
  readonly #feed: FeedShape

  constructor(feed: FeedShape, state: StoredState, job: string) {
    this.#feed = feed
    for (const line of state.coverage.get(job)?.values() ?? []) {
      const partition = JSON.parse(line.params) as Partition
      this.note(partition, line)
      if (partition.within === undefined) continue
      const parts = this.#parts.get(partition.within) ?? []
      this.#parts.set(partition.within, parts)
      parts.push(partition.id)
    }
  }

  /** A partition that this run has begun to read: should it be refused, others may be read in its place. */
  note(partition: Partition, line: Coverage): void {
    const root = this.#rootOf(partition)
    const family = this.#byRoot.get(root) ?? { leaves: [], others: [] }
    this.#byRoot.set(root, family)
    const kind = this.#feed.isLeaf?.(partition) === true ? family.leaves : family.others
    kind.push({ partition, line })
  }

  #rootOf(partition: Partition): string {
    return this.#feed.rootOf?.(partition) ?? partition.id
  }

  /** Partitions that an option once made as parts of this one: what they showed is this one's to keep or to drop. */
  partsOf(partition: string): string[] {
    return this.#parts.get(partition) ?? []
  }

  /** A partition that this run tells of without having read it: no other makes its line history. */
  keep(partition: string): void {
    this.#kept.add(partition)
  }

  /** Lines that reading `by` makes history: the same was read another way then. */
  coveredBy(by: Partition): Coverage[] {
    const { rootOf, covers, isLeaf } = this.#feed
    const family = this.#byRoot.get(this.#rootOf(by))
    if (rootOf === undefined || covers === undefined || family === undefined) return []
    const known = isLeaf?.(by) === true ? family.others : [...family.others, ...family.leaves]
    return known
      .filter(({ partition: { id } }) => id !== by.id && !this.#kept.has(id))
      .filter(({ partition }) => covers(by, partition))
      .map(({ line }) => line)
  }

  /** The same, once: nobody else of the family ends them again. */
  supersede(by: Partition): Coverage[] {
    const lines = new Set(this.coveredBy(by))
    const family = this.#byRoot.get(this.#rootOf(by))
    if (lines.size === 0 || family === undefined) return []
    for (const kind of ['others', 'leaves'] as const) family[kind] = family[kind].filter(({ line }) => !lines.has(line))
    return [...lines]
  }

  /**
   * Lines of partitions that are neither listed now, nor made by an option, nor read with a listed one, although the list
   * stands for them.
   * @param partly listed ones that stand for a part only: what is known below them is not read with them
   */
  missing(
    { complete, standsFor }: Pick<Discovery, 'complete' | 'standsFor'>,
    listed: ReadonlyMap<string, Partition>,
    partly: ReadonlySet<string> = new Set(),
  ): Coverage[] {
    if (!complete && standsFor === undefined) return []
    const whole = [...listed.values()].filter(({ id }) => !partly.has(id))
    const covered = new Set(whole.flatMap((by) => this.coveredBy(by)))
    return [...this.#byRoot.values()]
      .flatMap(({ leaves, others }) => [...others, ...leaves])
      .filter(
        ({ partition, line }) => partition.within === undefined && !listed.has(line.partition) && !covered.has(line),
      )
      .filter(({ partition }) => complete || standsFor?.(partition))
      .map(({ line }) => line)
  }
}
