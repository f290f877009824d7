import type { Database } from '../db/database'
import type { Tx } from '../db/tx'
import { notFound, Problem } from '../http/problem'
import { aboutEvent, nobodyTold, type TellLines } from '../logs/tell-lines'
import { buryRefused } from '../messaging/dead-letters'
import { forgetStarts } from '../messaging/delivery-starts'
import type { BrokerUserOf, Opened } from '../messaging/open'
import { parkRedriven } from '../messaging/parked'
import type { Id } from '../schemas'
import {
  type Action,
  historyOf,
  type Instruction,
  type ListedAction,
  listActions,
  type Outcome,
  type RecordedAction,
  record,
} from './actions'
import { type Backlog, backlogOf } from './backlog'
import {
  countByReason,
  findLetter,
  type Letter,
  type LetterQuery,
  type LetterSummary,
  listLetters,
  lockLetter,
  markDiscarded,
  type ReasonCount,
  removeLetter,
} from './letters'
import { type Redo, workOf } from './own-work'
import { reopen } from './reopen'

export interface Redriven {
  readonly outcome: Exclude<Outcome, 'refused' | 'discarded'>
  /** How many events will be tried again. */
  readonly events: number
}

const PAGE = 50

/**
 * A service's own dead letters, in the hands of an administrator. A redrive publishes nothing and needs no right at the
 * broker: the event goes back among the parked ones of the service that could not handle it, due now.
 */
export class DeadLetters {
  readonly #redoes = new Map<string, Redo>()

  constructor(
    private readonly database: Database,
    private readonly brokerUserOf: BrokerUserOf,
    private readonly lines: TellLines = nobodyTold,
  ) {}

  /** How work that is no event is done once more, by the reason it is dead for. */
  redoes(reason: string, redo: Redo): void {
    this.#redoes.set(reason, redo)
  }

  /** Newest first, with what there is of every reason. */
  async list(query: LetterQuery): Promise<{ reasons: ReasonCount[]; items: LetterSummary[]; next: Id | null }> {
    const limit = query.limit ?? PAGE
    const [reasons, found] = await Promise.all([
      countByReason(this.database),
      listLetters(this.database, { ...query, limit: limit + 1 }),
    ])
    const items = found.slice(0, limit)
    return { reasons, items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
  }

  async find(id: Id): Promise<{ letter: Letter; actions: RecordedAction[] }> {
    const letter = await findLetter(this.database, id)
    if (!letter) throw notFound('dead letter')
    return { letter, actions: await historyOf(this.database, id, letter.eventId) }
  }

  backlog(): Promise<Backlog> {
    return backlogOf(this.database)
  }

  /** What people did, newest first. */
  actions({ before, limit = PAGE }: { before?: Id; limit?: number }): Promise<ListedAction[]> {
    return listActions(this.database, before, limit)
  }

  /** Once: whoever comes second is told that it is done. */
  async redrive(id: Id, instruction: Instruction): Promise<Redriven> {
    const done = await this.database.transaction((tx) => this.#redrive(tx, id, instruction))
    if (done instanceof Problem) throw done
    return done
  }

  /** Nobody will handle it. Row and reason are kept, and a duplicate of the event is a duplicate still. */
  async discard(id: Id, instruction: Instruction): Promise<void> {
    await this.database.transaction(async (tx) => {
      const letter = await lockOpen(tx, id)
      await markDiscarded(tx, id)
      await record(tx, letter, { ...instruction, action: 'discard', outcome: 'discarded' })
      this.#tellAfter(tx, 'discarded', letter, instruction)
    })
  }

  /** Answers a refusal instead of throwing it: that it was tried must be committed. */
  async #redrive(tx: Tx, id: Id, instruction: Instruction): Promise<Redriven | Problem> {
    const letter = await lockOpen(tx, id)
    const recorded = (outcome: Outcome) => {
      if (outcome !== 'refused') this.#tellAfter(tx, 'redriven', letter, instruction)
      return record(tx, letter, { ...instruction, action: 'redrive', outcome } satisfies Action)
    }
    const redo = this.#redoes.get(letter.reason)
    if (redo) {
      await removeLetter(tx, id)
      await redo(tx, workOf(letter), instruction)
      await recorded('parked')
      return { outcome: 'parked', events: 0 }
    }
    const { opened, refused } = reopen(letter, this.brokerUserOf)
    if (opened.length === 0) {
      await recorded('refused')
      return new Problem(422, 'dead-letter-refused', whyRefused(letter, refused[0]))
    }
    await removeLetter(tx, id)
    let events = 0
    for (const one of inSequence(opened)) if (await parkAsNew(tx, one, letter, instruction)) events++
    for (const one of refused) await buryRefused(tx, one)
    const outcome = events > 0 ? 'parked' : 'duplicate'
    await recorded(outcome)
    return { outcome, events }
  }

  #tellAfter(tx: Tx, kind: 'redriven' | 'discarded', letter: Letter, { actor, why }: Instruction): void {
    const { id, eventId, type, reason, handler, envelope } = letter
    const about = envelope ? aboutEvent(envelope) : { eventId }
    const fields = { letter: id, type, reason, handler, actor, why }
    const message = `a dead letter is ${kind}: ${type ?? reason}`
    tx.afterCommit(() => this.lines.tell({ level: 'info', kind, message, fields, ...about }))
  }
}

async function lockOpen(tx: Tx, id: Id): Promise<Letter> {
  const letter = await lockLetter(tx, id)
  if (letter && !letter.discardedAt) return letter
  const last = (await historyOf(tx, id)).at(-1)
  if (!last) throw notFound('dead letter')
  const done = last.action === 'redrive' ? 'redriven' : 'discarded'
  throw new Problem(409, 'dead-letter-settled', `It was ${done} at ${last.actedAt.toISOString()}.`)
}

/** Crashes of the past are no reason not to try: without that, a letter of a crash loop would die again untried. */
async function parkAsNew(tx: Tx, one: Opened, letter: Letter, { traceparent }: Instruction): Promise<boolean> {
  await forgetStarts(tx, one.event.id)
  const { reason, error, firstFailedAt } = letter
  const failure = { reason, error, handler: letter.handler ?? 'none', attempts: 0, firstFailedAt }
  return parkRedriven(tx, one, { ...failure, redrivenUnder: traceparent })
}

const inSequence = (opened: readonly Opened[]) => opened.toSorted((a, b) => (a.event.id < b.event.id ? -1 : 1))

function whyRefused({ properties }: Letter, refused: { reason: string; error: string } | undefined): string {
  if (properties.isCut) return 'The message was longer than we keep: only its beginning is here.'
  return `It is refused as before: ${refused?.reason}, ${refused?.error}.`
}
