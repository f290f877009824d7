import { Canon } from './canon'
import { type Move, Moves } from './moves'
import { brokenAlways, brokenAtEnd } from './rules'
import type { Shop } from './shop'
import { type Delivery, placed, type Scenario, type World } from './world'

export interface Violation {
  readonly rule: string
  /** The shortest way there. */
  readonly path: readonly string[]
}

export interface Exploration {
  readonly states: number
  readonly moves: number
  readonly goodEnds: number
  readonly violation?: Violation | undefined
}

type Step = Pick<Move, 'what' | 'delivery'> & { readonly from: number }

/** Moves that surely happen: from the state of the one list to that of the other. */
interface Ways {
  readonly from: number[]
  readonly to: number[]
}

/**
 * Visits, breadth first, every state that one order can get into. There must be no alarm and no broken rule anywhere;
 * where nothing happens any more the end conditions must hold; and from everywhere a good end can be reached without
 * another fault: there is no trap. Stops at the first violation.
 */
export async function explore(shop: Shop, scenario: Scenario): Promise<Exploration> {
  const canon = new Canon()
  const moves = new Moves(shop, canon, scenario)
  const worlds: World[] = []
  const steps: Step[] = []
  const numbers = new Map<string, number>()
  const sure: Ways = { from: [], to: [] }
  const goodEnds: number[] = []
  let moveCount = 0

  function visit(world: World, { what, delivery }: Pick<Move, 'what' | 'delivery'>, from: number): number {
    const key = keyOf(world, canon)
    const known = numbers.get(key)
    if (known !== undefined) return known
    steps.push({ what, delivery, from })
    numbers.set(key, worlds.length)
    return worlds.push(world) - 1
  }

  const result = (rule?: string, step?: Step): Exploration => {
    const violation = rule && step ? { rule, path: pathTo(step, steps) } : undefined
    return { states: worlds.length, moves: moveCount, goodEnds: goodEnds.length, violation }
  }

  visit(canonical(placed(scenario), canon), { what: 'placed' }, -1)
  for (let here = 0; here < worlds.length; here++) {
    const world = worlds[here] as World
    const broken = brokenAlways(world)
    if (broken) return result(broken, steps[here])
    let isEnd = true
    for (const move of await moves.from(world)) {
      moveCount++
      const there = visit(move.world, move, here)
      if (move.trouble) return result(move.trouble, { ...move, from: here })
      if (!move.isSure || there === here) continue
      isEnd = false
      sure.from.push(here)
      sure.to.push(there)
    }
    if (!isEnd) continue
    const wrong = brokenAtEnd(world)
    if (wrong) return result(wrong, steps[here])
    goodEnds.push(here)
  }
  const trap = firstTrap(worlds.length, sure, goodEnds)
  return trap === undefined ? result() : result('no way to a good end', steps[trap])
}

/** Goes back from the good ends along the moves that surely happen; what is not met on the way is a trap. */
function firstTrap(count: number, sure: Ways, goodEnds: readonly number[]): number | undefined {
  const leadsHome = new Uint8Array(count)
  for (const end of goodEnds) leadsHome[end] = 1
  for (let isGrowing = true; isGrowing; ) {
    isGrowing = false
    // most moves lead to what was found later, so that a few rounds from the last to the first are enough
    for (let i = sure.from.length - 1; i >= 0; i--) {
      const [from, to] = [sure.from[i] as number, sure.to[i] as number]
      if (leadsHome[from] || !leadsHome[to]) continue
      leadsHome[from] = 1
      isGrowing = true
    }
  }
  const trap = leadsHome.indexOf(0)
  return trap < 0 ? undefined : trap
}

function pathTo(last: Step, steps: readonly Step[]): string[] {
  const path: string[] = []
  for (let step: Step | undefined = last; step; step = steps[step.from]) path.push(nameOf(step))
  return path.reverse()
}

const nameOf = ({ what, delivery }: Step) =>
  delivery ? `${nameOfEvent(delivery)} to ${delivery.to}-service is ${what}` : what

const nameOfEvent = ({ event: { type, repeats } }: Delivery) => (repeats ? `${type} (again)` : type)

function canonical(world: World, canon: Canon): World {
  const { order, product, payment, mailer } = world.states
  return {
    ...world,
    states: {
      order: canon.of(order),
      product: canon.of(product),
      payment: canon.of(payment),
      mailer: canon.of(mailer),
    },
    queue: world.queue.map(({ to, event }) => canon.of({ to, event: canon.of(event) })),
    ledger: canon.of(world.ledger),
  }
}

/** A character for each number: the shortest text, and it is compared a million times. */
function keyOf({ states, queue, answers, ledger, inbox, losses, onceMore }: World, canon: Canon): string {
  const { order, product, payment, mailer } = states
  const numbers = [inbox & 0xffff, inbox >>> 16, losses, onceMore, queue.length]
  for (const part of [order, product, payment, mailer, ledger]) numbers.push(canon.numberOf(part))
  for (const delivery of queue) numbers.push(canon.numberOf(delivery))
  for (const answer of answers) numbers.push(canon.numberOf(answer))
  return String.fromCharCode(...numbers)
}
