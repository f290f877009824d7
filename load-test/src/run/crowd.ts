import { setTimeout as pause } from 'node:timers/promises'
import type { Customer } from '../shoppers/accounts'
import { drive } from './load'
import type { Options } from './options'
import { type OwnCost, OwnCostWatch } from './own-cost'
import { People } from './people'
import { difference, type KnownProcess, type ProcessorSeconds, processorSeconds } from './process-times'
import { Shopper, type Surroundings } from './shopper'
import { wishOf } from './wish'

export type CrowdOptions = Pick<
  Options,
  'pace' | 'durationMs' | 'orders' | 'journey' | 'mix' | 'thinkMs' | 'prefersWait' | 'seed'
> & { readonly givesUpAfterMs?: number }

export interface Driven {
  /** From the first customer to the last one's leaving. */
  readonly elapsedMs: number
  readonly ownCost: OwnCost
  readonly processor: ProcessorSeconds | undefined
}

/** Customers who come as the pace says, order and leave. */
export class Crowd {
  readonly #people: People
  #isStopped = false
  /** What a customer stumbled over that was no answer of the shop. */
  failure: unknown

  constructor(
    private readonly around: Omit<Surroundings, 'options'>,
    private readonly options: CrowdOptions,
    customers: readonly Customer[],
  ) {
    this.#people = new People(customers, options.journey === 'full')
  }

  /** Nobody comes in any more. */
  stop(): void {
    this.#isStopped = true
  }

  /** Resolves when everybody has left, with what it cost them and these processes. */
  async come(processes: readonly KnownProcess[]): Promise<Driven> {
    const { recorder } = this.around
    const before = processorSeconds(processes)
    const watch = new OwnCostWatch()
    const beganMs = performance.now()
    await drive({ ...this.options, isStopped: () => this.#isStopped, visit: (n, dueMs) => this.#visit(n, dueMs) })
    const elapsedMs = performance.now() - beganMs
    const ownCost = watch.stop()
    recorder.sample(elapsedMs)
    const after = processorSeconds(processes)
    return { elapsedMs, ownCost, processor: before && after && difference(before, after) }
  }

  async #visit(n: number, dueMs: number): Promise<void> {
    const { around, options } = this
    const { recorder, catalogue } = around
    recorder.begun++
    const customer = await this.#people.take()
    const wish = wishOf(options.seed, n, options.mix, catalogue.products.length)
    try {
      recorder.outcome(await new Shopper({ ...around, options }, customer, wish, dueMs).run())
    } catch (error) {
      this.failure ??= error
      this.stop()
      recorder.outcome('unknown: the customer failed')
    }
    recorder.left++
    this.#people.giveBack(customer)
    if (options.pace.loop === 'closed') await pause(options.thinkMs * wish.thinkFactor)
  }
}
