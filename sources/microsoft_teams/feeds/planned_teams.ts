import type { Discovery, Partition, ReadArgs } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import { followPages } from '../../../libs/http/paging.ts'
import type { GraphClient } from '../client.ts'
import { blamingFilter, filterOf, filterQuery, listKey } from './filters.ts'
import { graphPage, isRow } from './graph_page.ts'

type Args = ReadArgs<GraphClient>

/** One partition a team: those that team_id names and team_filter lets through; without both every team of the tenant. */
export async function plannedTeams(args: Args): Promise<Pick<Discovery, 'partitions' | 'complete'>> {
  const asked = askedTeams(args)
  const filtered = filterOf(args.options, 'team_filter') !== undefined
  if (asked !== undefined && !filtered) return { partitions: asked.map(askedTeam), complete: false }
  const { partitions } = await listedTeams(args)
  if (asked === undefined) return { partitions, complete: !filtered }
  return { partitions: partitions.filter(({ id }) => asked.includes(id)), complete: false }
}

const askedTeam = (teamId: string): Partition => ({ ...teamPartition(teamId), asked: true })

/** The teams that the option names. Graph reads GUIDs in any case and writes them in small letters: so do the keys. */
export function askedTeams({ options }: Args): string[] | undefined {
  const teams = options.team_id as string[] | undefined
  return teams?.map((id) => (/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/i.test(id) ? id.toLowerCase() : id))
}

export interface ListedTeams {
  partitions: Partition[]
  /** `Date` of the first page. */
  date: Instant | undefined
}

/** The tenant's teams that team_filter lets through, listed once a session. @throws GraphError, FilterRejectedError */
export function listedTeams(args: Args): Promise<ListedTeams> {
  return args.session.once(listKey('teams', args.options, 'team_filter'), () => listTeams(args))
}

async function listTeams({ connection, options, signal }: Args): Promise<ListedTeams> {
  const partitions = new Map<string, Partition>()
  const call = { kind: 'teams' as const, signal }
  let date: Instant | undefined
  const pages = followPages({
    first: () => {
      const answer = connection.get(['teams'], filterQuery(options, 'team_filter'), call)
      return blamingFilter(options, 'team_filter', answer.then(graphPage))
    },
    follow: (link) => connection.follow(link, call).then(graphPage),
  })
  for await (const page of pages) {
    date ??= page.response.date
    for (const team of page.rows) {
      if (isRow(team) && typeof team.id === 'string') partitions.set(team.id, teamPartition(team.id))
    }
  }
  return { partitions: [...partitions.values()], date }
}

export function teamPartition(teamId: string): Partition {
  return { id: teamId, team_id: teamId }
}
