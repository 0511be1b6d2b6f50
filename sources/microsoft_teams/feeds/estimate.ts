import type { EstimateArgs, FeedEstimate } from '../../../libs/connect/estimate.ts'
import type { GraphClient } from '../client.ts'
import { estimateChannels } from './estimate_channels.ts'
import { estimateExport } from './estimate_export.ts'

/** What reading messages costs: teams by the export, channels by delta and list. */
export async function estimateMessages(args: EstimateArgs<GraphClient>): Promise<FeedEstimate> {
  const isTeam = ({ partition }: EstimateArgs<GraphClient>['reads'][number]) =>
    partition.read_mode === undefined || partition.read_mode === 'export'
  const teams = args.reads.filter(isTeam)
  const channels = args.reads.filter((read) => !isTeam(read))
  const parts: FeedEstimate[] = []
  if (teams.length > 0) parts.push(await estimateExport(teams, args))
  if (channels.length > 0) parts.push(await estimateChannels(channels, args))
  return {
    atLeast: parts.reduce((sum, { atLeast }) => sum + atLeast, 0),
    likely: parts.some(({ likely }) => likely === null) ? null : parts.reduce((sum, part) => sum + part.likely!, 0),
    basis: parts.map(({ basis }) => basis).join(' '),
    limits: parts.flatMap(({ limits }) => limits),
  }
}
