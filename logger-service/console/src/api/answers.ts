import type { Static, TSchema } from 'typebox'
import type { auditsSchema } from '../../../src/http/audit-routes'
import type { choreographySchema } from '../../../src/http/choreography-routes'
import type { ConsoleSettings } from '../../../src/http/console-routes'
import type * as letters from '../../../src/http/dead-letter-schemas'
import type { shopHealthSchema } from '../../../src/http/health-routes'
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

export type Journey = Answer<typeof schemas.JourneyView>
export type JourneyList = Answer<typeof schemas.JourneyList>
export type JourneyLine = JourneyList['journeys'][number]
export type LetterGroup = LetterGroups['groups'][number]
export type LetterGroups = Answer<(typeof letters.groupsSchema)['response'][200]>
export type LetterLine = Letters['letters'][number]
export type Letters = Answer<(typeof letters.lettersSchema)['response'][200]>
export type Letter = Answer<(typeof letters.letterSchema)['response'][200]>
export type LetterOutcome = Answer<(typeof letters.discardSchema)['response'][200]> & { next?: string | null }
export type LetterActions = Answer<(typeof letters.actionsSchema)['response'][200]>
export type Health = Answer<(typeof shopHealthSchema)['response'][200]>
export type Choreography = Answer<(typeof choreographySchema)['response'][200]>
export type Audits = Answer<(typeof auditsSchema)['response'][200]>
export type Audit = Audits['audits'][number]
export type LogLines = Answer<typeof schemas.LineList>
export type LogLine = LogLines['lines'][number]
export type Statistics = Answer<typeof schemas.StatisticsView>
export type Settings = Answer<typeof ConsoleSettings>
