import { classify, messageOf } from './db/errors'
import type { Log } from './log'

/** A task that runs again and again, never twice at once. */
export class Repeating {
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly task: () => Promise<unknown>,
    private readonly log: Log,
  ) {}

  start(): void {
    this.#timer ??= setInterval(() => void this.runNow(), this.everyMs)
  }

  /** Joins a run that is under way. */
  runNow(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }

  async #run(): Promise<void> {
    try {
      await this.task()
    } catch (error) {
      const level = classify(error) === 'infrastructure' ? 'warn' : 'error'
      this.log[level]({ task: this.name, reason: messageOf(error) }, 'task failed, it runs again')
    }
  }
}
