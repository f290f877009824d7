import type { Static, TSchema } from 'typebox'
import type { choreographySchema } from '../../../src/http/choreography-routes'
import type { ConsoleSettings } from '../../../src/http/console-routes'
import type * as letters from '../../../src/http/dead-letter-schemas'
import type * as schemas from '../../../src/http/schemas'

/** What a value looks like once it has come as JSON. */
export type Json<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Json<Item>[]
    : T extends object
      ? { [Key in keyof T]: Json<T[Key]> }
      : T

type Answer<S extends TSchema> = Json<Static<S>>

interface Attempt {
  at: string
  service: string
  event: string
  type: string | null
  outcome: 'parked' | 'recovered' | 'dead' | 'redriven' | 'discarded'
  attempt: number | null
  nextAttemptAt: string | null
  reason: string | null
  error: string | null
}
export type Journey = Answer<typeof schemas.JourneyView> & {
  lanes: string[]
  attempts: Attempt[]
  duplicatesIgnored: number
  duplicates: { service: string; type: string; count: number }[]
  parked: Attempt[]
  deadLetter: Attempt | null
  mails: { at: string; kind: string; channel: string; state: string }[]
  money: { at: string; kind: 'captured' | 'refunded'; amountMinor: number; currency: string }[]
  waitsFor: { service: string; reactsTo: string | null; sinceMs: number } | null
  stuck: string | null
  traceId: string | null
  mermaid: string
}
export interface JourneyLine {
  orderId: string
  customerId: string | null
  status: 'pending' | 'paid' | 'cancelled'
  reason: string | null
  placedAt: string | null
  endedAt: string | null
  ageMs: number | null
  totalMinor: number | null
  currency: string | null
  isStuck: boolean
  waitsFor: string | null
}
export interface JourneyList {
  journeys: JourneyLine[]
  next: string | null
}
export type LetterGroup = LetterGroups['groups'][number]
export type LetterGroups = Answer<(typeof letters.groupsSchema)['response'][200]>
export type LetterLine = Letters['letters'][number]
export type Letters = Answer<(typeof letters.lettersSchema)['response'][200]>
export type Letter = Answer<(typeof letters.letterSchema)['response'][200]>
export type LetterOutcome = Answer<(typeof letters.discardSchema)['response'][200]> & { next?: string | null }
export type LetterActions = Answer<(typeof letters.actionsSchema)['response'][200]>
export interface Health {
  at: string
  isWell: boolean
  services: {
    service: string
    isReachable: boolean
    isReady: boolean
    problems: string[]
    missing: string[]
    consumers: number | null
    ready: number | null
    unacknowledged: number | null
    parked: number | null
    deadLetters: number | null
    unsent: number | null
    oldestUnsentS: number | null
    instances: number | null
  }[]
  queues: { name: string; ready: number; unacknowledged: number; consumers: number }[]
  broker: { isReachable: boolean; why: string | null; differences: string[] }
  problems: string[]
}
export type Choreography = Answer<(typeof choreographySchema)['response'][200]>
export interface Audit {
  id: string
  startedAt: string
  endedAt: string | null
  by: string
  verdict: 'clean' | 'violated' | 'failed' | null
  violations: { invariant: string; text: string }[]
  checked: number
  notChecked: number
  violationCount: number
  why: string | null
  tookMs: number | null
}
export interface Audits {
  audits: Audit[]
}
export interface LogLine {
  id: string
  at: string
  service: string
  level: string
  kind: string | null
  message: string
  orderId: string | null
  traceId: string | null
  requestId: string | null
  eventId: string | null
  fields: unknown
}
export interface LogLines {
  lines: LogLine[]
  next: string | null
}
export interface Statistics {
  placed: number
  paid: number
  cancelled: number
  msToEnd: { p50: number; p95: number; p99: number } | null
  ordersPerS: number
  successRate: number | null
  averageOrderValueMinor: number | null
  paymentSuccessRate: number | null
  byMinute: {
    at: string
    placed: number
    paid: number
    cancelled: number
    p50Ms: number | null
    p95Ms: number | null
    p99Ms: number | null
  }[]
}
export type Settings = Answer<typeof ConsoleSettings>
