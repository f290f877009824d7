export interface Delivery {
  readonly state: 'sent' | 'due' | 'failed'
  readonly reason: string | null
  readonly retryInMs: number
}

export interface SmtpError {
  readonly code?: string | undefined
  readonly responseCode?: number | undefined
  readonly permanent?: boolean | undefined
}

export const sent: Delivery = { state: 'sent', reason: null, retryInMs: 0 }

const MAX_BACKOFF_MS = 60_000

// A 5xx to our login or our greeting is our trouble, not the mail's.
const aboutThisMail = new Set(['EENVELOPE', 'EMESSAGE'])

/**
 * Only a server that refuses this very mail for good ends it. Whatever else happened, a connection lost after
 * DATA included, it is sent again: twice with one Message-ID is better than never.
 */
export function afterFailure({ code = 'unknown', responseCode, permanent }: SmtpError, attempts: number): Delivery {
  // the server's own words may name the recipient
  const reason = responseCode ? `${code} ${responseCode}` : code
  if (permanent && aboutThisMail.has(code)) return { state: 'failed', reason, retryInMs: 0 }
  return { state: 'due', reason, retryInMs: Math.min(MAX_BACKOFF_MS, 1_000 * 2 ** (attempts - 1)) }
}
