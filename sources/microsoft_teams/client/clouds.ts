/** Hosts of the national clouds (reference §6, DOC:concepts/deployments). Tokens do not cross clouds. */
export const CLOUDS = {
  /** And GCC. */
  global: { login: 'https://login.microsoftonline.com', graph: 'https://graph.microsoft.com' },
  /** GCC High. */
  us_gov_l4: { login: 'https://login.microsoftonline.us', graph: 'https://graph.microsoft.us' },
  /** DoD. */
  us_gov_l5: { login: 'https://login.microsoftonline.us', graph: 'https://dod-graph.microsoft.us' },
  /** 21Vianet. */
  china: { login: 'https://login.chinacloudapi.cn', graph: 'https://microsoftgraph.chinacloudapi.cn' },
} as const

export type CloudName = keyof typeof CLOUDS

export interface Endpoints {
  /** Origins. */
  login: string
  graph: string
  /** What the token is asked for. */
  scope: string
}

/**
 * Where to ask. Base URLs replace hosts, not the cloud: a simulator, proxy or private address in front of Graph takes
 * tokens for Graph itself, so the scope stays the cloud's own.
 */
export function endpointsOf(cloud: CloudName, graphBaseUrl?: string, loginBaseUrl?: string): Endpoints {
  const { login, graph } = CLOUDS[cloud]
  const known = Object.values(CLOUDS).some((other) => other.graph === graphBaseUrl)
  return {
    login: loginBaseUrl ?? login,
    graph: graphBaseUrl ?? graph,
    scope: `${known ? graphBaseUrl : graph}/.default`,
  }
}
