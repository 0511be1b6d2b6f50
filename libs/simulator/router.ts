import type { Route } from './exchange.ts'

export interface RouteMatch {
  route: Route
  params: Record<string, string>
}

interface Compiled {
  route: Route
  segments: string[]
}

/** Finds routes by method and path. Literal segments ignore case; `:name` takes any one segment; literals win over names. */
export class Router {
  #routes: Compiled[]

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, segments: route.pattern.split('/').filter(Boolean) }))
  }

  find(method: string, segments: readonly string[]): RouteMatch | undefined {
    let best: { match: RouteMatch; literals: number } | undefined
    for (const { route, segments: pattern } of this.#routes) {
      if (route.method !== method || pattern.length !== segments.length) continue
      const params = matchSegments(pattern, segments)
      if (!params) continue
      const literals = pattern.length - Object.keys(params).length
      if (!best || literals > best.literals) best = { match: { route, params }, literals }
    }
    return best?.match
  }
}

function matchSegments(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index]!
    if (expected.startsWith(':')) params[expected.slice(1)] = actual
    else if (expected.toLowerCase() !== actual.toLowerCase()) return undefined
  }
  return params
}

/** Decoded segments of a raw path; undefined where percent-encoding is broken. */
export function splitPath(path: string): string[] | undefined {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent)
  } catch {
    return undefined
  }
}
