import type { Decision } from '@order-saga/common'
import type { ProviderAnswer } from '../../../../payment-service/src/domain'
import type { Call } from '../../../../payment-service/src/provider/call'
import { type Canon, remembered } from './canon'
import { AGAIN, Decider, type Effect } from './decide'
import { type Initiative, initiativesOf, isQuietAt } from './initiatives'
import { type CallOutcome, callFor, executeLate, type Ledger, makeCall, type Weather, weathers } from './provider'
import type { Service, Shop } from './shop'
import type { Delivery, Scenario, States, World } from './world'

/** One thing that may happen next. */
export interface Move {
  readonly what: string
  readonly delivery?: Delivery | undefined
  /** Happens by itself, sooner or later. Losses, wishes and bad weather happen or not. */
  readonly isSure: boolean
  readonly world: World
  readonly trouble?: string | undefined
}

type MadeCall = CallOutcome & { readonly weather: Weather }

/** Everything that may happen next in a world. Decisions are remembered: equal states and events decide alike. */
export class Moves {
  readonly #initiatives: readonly Initiative[]
  readonly #hear: (state: States[Service], delivery: Delivery) => Effect
  readonly #act: (state: States[Service], initiative: Initiative) => Effect
  readonly #record: (payment: States['payment'], answer: ProviderAnswer) => Effect
  readonly #calls: (payment: States['payment'], ledger: Ledger) => Promise<MadeCall[]> | readonly MadeCall[]
  readonly #inboxBits = new Map<string, number>()
  readonly #inboxBit: (delivery: Delivery) => number

  constructor(
    shop: Shop,
    private readonly canon: Canon,
    private readonly scenario: Scenario,
  ) {
    const decider = new Decider(shop, canon)
    this.#initiatives = initiativesOf(shop, scenario)
    this.#hear = remembered((state, { to, event }) => decider.hear(to, state as never, event))
    this.#act = remembered((state, { service, decide }) =>
      decider.act(service, state as never, (newId) => decide(state as never, newId) as Decision<never>),
    )
    const bits = new Map<Delivery, number>()
    this.#inboxBit = (delivery) => {
      const bit = bits.get(delivery) ?? this.#newInboxBit(delivery)
      bits.set(delivery, bit)
      return bit
    }
    this.#record = remembered((payment, answer) =>
      decider.act('payment', payment, (newId) => shop.recordAnswer(payment, answer, newId)),
    )
    this.#calls = remembered((payment, ledger) => {
      const call = callFor(payment, ledger)
      return call ? this.#make(shop, call, ledger) : []
    })
  }

  /** Weathers that come to the same are one; of these the first is fine, if any is. */
  async #make(shop: Shop, call: Call, before: Ledger): Promise<MadeCall[]> {
    const made: MadeCall[] = []
    for (const weather of weathers) {
      const outcome = await makeCall(shop, call, before, weather)
      const [answer, ledger] = [this.canon.of(outcome.answer), this.canon.of(outcome.ledger)]
      if (!made.some((other) => other.answer === answer && other.ledger === ledger))
        made.push({ weather, answer, ledger })
    }
    return made
  }

  async from(world: World): Promise<Move[]> {
    const moves: Move[] = []
    for (const delivery of world.queue) this.#deliver(world, delivery, moves)
    for (const initiative of this.#initiatives) this.#takeInitiative(world, initiative, moves)
    for (const answer of world.answers) this.#recordOrForget(world, answer, moves)
    for (const entry of world.ledger.onTheWay) {
      const ledger = this.canon.of(executeLate(world.ledger, entry))
      moves.push({ what: `the provider executes a ${entry.type} late`, isSure: true, world: { ...world, ledger } })
    }
    const calls = this.#calls(world.states.payment, world.ledger)
    for (const call of 'then' in calls ? await calls : calls) moves.push(this.#afterCall(world, call))
    return moves
  }

  #deliver(world: World, delivery: Delivery, moves: Move[]): void {
    const { queue, losses, onceMore } = world
    const rest = queue.filter((other) => other !== delivery)
    moves.push(this.#hearing('delivered', true, { ...world, queue: rest }, delivery))
    if (onceMore > 0) {
      const kept = { ...world, onceMore: onceMore - 1 }
      moves.push(this.#hearing('delivered, not for the last time', false, kept, delivery))
    }
    if (losses > 0) {
      const lost = { ...world, queue: rest, losses: losses - 1 }
      moves.push({ what: 'lost', delivery, isSure: false, world: lost })
    }
  }

  #hearing(what: string, isSure: boolean, world: World, delivery: Delivery): Move {
    const bit = this.#inboxBit(delivery)
    if (world.inbox & bit) return { what: `${what}, known already`, delivery, isSure, world }
    const effect = this.#hear(world.states[delivery.to], delivery)
    const heard = bit === 0 ? world : { ...world, inbox: world.inbox | bit }
    return { what, delivery, isSure, world: this.#after(heard, delivery.to, effect), trouble: effect.trouble }
  }

  #newInboxBit({ to, event: { id } }: Delivery): number {
    if (!this.scenario.hasInbox || id === AGAIN) return 0
    const name = `${to} ${id}`
    const known = this.#inboxBits.get(name)
    if (known !== undefined) return known
    const bit = 1 << this.#inboxBits.size
    this.#inboxBits.set(name, bit)
    return bit
  }

  #takeInitiative(world: World, initiative: Initiative, moves: Move[]): void {
    const { what, service, isSure, isPatient } = initiative
    const effect = this.#act(world.states[service], initiative)
    if (effect.state === world.states[service] && effect.told.length === 0 && !effect.trouble) return
    const isEarly = isPatient && !isQuietAt(service, world)
    if (isEarly && world.onceMore === 0) return
    const before = isEarly ? { ...world, onceMore: world.onceMore - 1 } : world
    const after = this.#after(before, service, effect)
    moves.push({ what, isSure: isSure && !isEarly, world: after, trouble: effect.trouble })
  }

  /** Only in fine weather does a call surely teach something. An answer is recorded later: much may happen before. */
  #afterCall(world: World, { weather, answer, ledger }: MadeCall): Move {
    const isNew = answer.kind !== 'unknown' && !world.answers.includes(answer)
    const answers = isNew ? this.canon.inOrder([...world.answers, answer]) : world.answers
    return {
      what: `the provider is called: ${weather}`,
      isSure: weather === 'fine',
      world: { ...world, ledger, answers },
    }
  }

  #recordOrForget(world: World, answer: ProviderAnswer, moves: Move[]): void {
    const forgot = { ...world, answers: world.answers.filter((other) => other !== answer) }
    const effect = this.#record(world.states.payment, answer)
    const recorded = this.#after(forgot, 'payment', effect)
    const what = `the answer ${answer.kind} is recorded`
    moves.push({ what, isSure: true, world: recorded, trouble: effect.trouble })
    moves.push({ what: `the worker dies with the answer ${answer.kind}`, isSure: false, world: forgot })
  }

  /**
   * At most one repeat and one question of each type wait for a service: this is what keeps the world finite. Mails
   * are written at once, since nothing depends on when.
   */
  #after(world: World, service: Service, { state, told }: Effect): World {
    const states = { ...world.states, [service]: state }
    if (told.length === 0) return { ...world, states }
    const isNew = ({ to, event: { id, type } }: Delivery) =>
      to !== 'mailer' &&
      !world.queue.some((other) => other.to === to && other.event.id === id && other.event.type === type)
    const added = told.filter(isNew)
    for (const delivery of told)
      if (delivery.to === 'mailer') states.mailer = this.#hear(states.mailer, delivery).state as States['mailer']
    const queue = added.length > 0 ? this.canon.inOrder([...world.queue, ...added]) : world.queue
    return { ...world, states, queue }
  }
}
