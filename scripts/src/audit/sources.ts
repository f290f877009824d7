import type { Observation } from './observations'
import type { ServiceName } from './who-hears-what'

/** Where the auditor looks. It asks nobody but the servers themselves, and believes no service. */
export interface AuditSources {
  /** A database URL for each service, with a role that may read everything. auth-service may be missing. */
  readonly databases: Readonly<Partial<Record<ServiceName, string>>>
  readonly providerUrl: string
  readonly mailUrl: string
  /** `url` holds the user and password of somebody who may look at the vhost. */
  readonly management: { readonly url: string; readonly vhost: string }
  /** Base URLs of the running instances, whose alarms are read. */
  readonly instances?: readonly string[]
  readonly expectations?: Expectations
}

/** What whoever drove the shop knows and no server can tell. */
export interface Expectations {
  /** What clients did and saw; a path names a file with one JSON object a line. */
  readonly observations?: readonly Observation[] | string
  readonly injectedPoisons?: readonly Poison[]
  /** How often mailer-service lost what it had in hand: each time a mail may be sent twice. */
  readonly mailerKills?: number
  /** How many mails the mail server refused for good. */
  readonly refusedMails?: number
  /** A queue or its bindings were gone for a while: what only its reader hears then had nowhere to go, which is an alarm. */
  readonly queueWasLost?: boolean
  /** When the last fault ended. */
  readonly healedAt?: Date
  /** Instances of each service; without it one. */
  readonly instancesOf?: Readonly<Partial<Record<ServiceName, number>>>
  readonly exits?: readonly Exit[]
  /** Beside 0. */
  readonly allowedExitCodes?: readonly number[]
  readonly logFiles?: readonly string[]
  /** Secrets planted in requests: none may show up in a log. */
  readonly canaries?: readonly string[]
  /** Events that no service published. */
  readonly toldByHand?: readonly Told[]
  /** The broker's figures are some seconds old: for so long an unexpected one is looked at again. */
  readonly brokerPatienceMs?: number
}

export interface Poison {
  readonly service: ServiceName
  /** Event id, or the AMQP message_id where the message has no event. */
  readonly id: string
  readonly reason: string
}

export interface Exit {
  readonly service: string
  readonly code: number | null
}

export interface Told {
  readonly id: string
  readonly type: string
  readonly subject: string
  readonly cause: string | null
}

/** The audit cannot be made. It says nothing about the shop. */
export class SourceUnreachable extends Error {
  constructor(
    readonly source: string,
    cause: unknown,
  ) {
    super(`${source}: ${cause instanceof Error ? cause.message || String(cause) : String(cause)}`, { cause })
  }
}

export async function fetchFrom(source: string, url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000), ...init }).catch((error: unknown) => {
    throw new SourceUnreachable(source, error instanceof Error ? (error.cause ?? error) : error)
  })
  if (!response.ok && response.status !== 404) throw new SourceUnreachable(source, `${response.status} from ${url}`)
  return response
}
