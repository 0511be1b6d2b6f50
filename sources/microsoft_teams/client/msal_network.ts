import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import type { HttpClient, HttpResponse } from '../../../libs/http/types.ts'

/** Statuses with an OAuth error in the body: MSAL and we read it, asking again would not change it (reference §6). */
const ANSWERS = [400, 401]

/**
 * MSAL's network on our client, so that proxy, retries, time-outs and redaction are the same as everywhere. It keeps
 * what went over it: MSAL hides the numbers of an error, and wraps ours.
 */
export class MsalNetwork implements INetworkModule {
  readonly #http: HttpClient
  readonly #signal: AbortSignal
  answer: { status: number; body: unknown } | undefined
  failure: unknown

  constructor(http: HttpClient, signal: AbortSignal) {
    this.#http = http
    this.#signal = signal
  }

  sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.#send('GET', url, options)
  }

  sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.#send('POST', url, options)
  }

  async #send<T>(method: 'GET' | 'POST', url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    this.answer = undefined
    this.failure = undefined
    try {
      const request = { method, url, headers: options?.headers ?? {}, signal: this.#signal, answers: ANSWERS }
      const body = options?.body === undefined ? {} : { body: options.body }
      const response = await this.#http.request({ ...request, ...body, check: tokenOrError, outOfBand: true })
      this.answer = { status: response.status, body: parse(response) }
      return { status: response.status, headers: { ...response.headers }, body: this.answer.body as T }
    } catch (error) {
      this.failure = error
      throw error
    }
  }
}

function tokenOrError(json: unknown): string | undefined {
  const token = (json as { access_token?: unknown } | null)?.access_token
  return typeof token === 'string' && token !== '' ? undefined : 'a token answer without an access_token'
}

function parse(response: HttpResponse): unknown {
  try {
    return response.json()
  } catch {
    return {}
  }
}
