import { setMaxListeners } from 'node:events'
import { mkdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { Display } from '@order-saga/scripts/display'
import { Random } from '../random'
import { untilQuiet } from './audit'
import { Chaos, type Happened } from './chaos'
import { conclude } from './conclude'
import type { Judgement } from './judgement'
import { Load } from './load/load'
import { Observations } from './load/observations'
import { type Population, populate, renewAll } from './load/people'
import { Shopkeeper } from './load/shopkeeper'
import { MetricsWatch } from './measure/metrics'
import type { Options } from './options'
import { schedule } from './schedule'
import { Site } from './site/site'
import { chaosMs } from './size'
import { GrowthWatch } from './soak'
import { loadState, newState, type Sample, type State, saveState } from './state'

const TICK_MS = 1_000
const BUSY_DATABASE_MS = 50
const LEAVE_WITHIN_MS = 60_000
const QUIET_WITHIN_MS = 120_000

/** The run was stopped before its end. It can be resumed. */
export class Interrupted extends Error {}

/** One run: break things while customers shop, let it come to rest, judge. */
export class Run {
  readonly #display = new Display()
  readonly #observations: Observations
  readonly #growth: GrowthWatch
  readonly #metrics: MetricsWatch
  readonly #samples: Sample[]
  readonly #faults: Happened[]
  readonly #leaving = new AbortController()
  #startedMs = performance.now()
  #load: Load | undefined
  #chaos: Chaos | undefined
  #isInterrupted = false

  private constructor(
    private readonly options: Options,
    private readonly before: State,
    private readonly site: Site,
  ) {
    this.#observations = new Observations(options.directory)
    // every customer under way listens
    setMaxListeners(0, this.#leaving.signal)
    this.#growth = new GrowthWatch(site)
    this.#metrics = new MetricsWatch(site, before.totals)
    this.#samples = [...before.samples]
    this.#faults = [...before.faults]
  }

  static async open(options: Options, command: string): Promise<Run> {
    mkdirSync(options.directory, { recursive: true })
    const before = (options.isResumed && loadState(options.directory)) || newState(options, command)
    const site = await Site.open({
      directory: options.directory,
      instances: before.instances,
      isClustered: before.isClustered,
      random: new Random(before.seed),
      report: (line) => process.stdout.write(`${line}\n`),
    })
    return new Run(options, before, site)
  }

  /** Ends the run soon, so that it can be resumed. */
  interrupt(): void {
    this.#isInterrupted = true
    if (this.#chaos) this.#chaos.isStopped = true
  }

  /** Leaves nothing running; the data stay for a run that can be resumed. */
  async close({ isOver }: { isOver: boolean }): Promise<void> {
    this.#leaving.abort()
    this.#load?.stop()
    await this.#load?.whenLeft()
    await this.#stopWatching()
    await this.#observations.close()
    await this.site.close({ volumes: isOver })
  }

  async judge(): Promise<Judgement> {
    await this.#breakThings()
    const healedAt = new Date()
    this.#display.say('the last fault has healed; the shop comes to rest …')
    await Promise.race([this.#load?.whenLeft(), pause(LEAVE_WITHIN_MS)])
    const say = (line: string) => this.#display.say(line)
    const isQuiet = await untilQuiet(this.site, this.before.instances, QUIET_WITHIN_MS, say)
    this.#leaving.abort()
    await this.#load?.whenLeft()
    await this.#stopWatching()
    await this.#observations.close()
    const { site, options } = this
    return conclude({
      site,
      state: this.#state(this.before.population),
      observations: this.#observations,
      metrics: this.#metrics,
      levels: options.size.name === 'soak' ? this.#growth.levels : [],
      healedAt,
      isQuiet,
    })
  }

  async #stopWatching(): Promise<void> {
    await Promise.all([this.#metrics.stop(), this.#growth.stop()])
  }

  async #breakThings(): Promise<void> {
    const { size, seed } = this.before
    const population = await this.#populate()
    const site = this.site
    const observations = this.#observations
    const shop = { site, population, observations, signal: this.#leaving.signal }
    const struck = new Set(this.#faults.filter(({ hasStruck }) => hasStruck).map(({ n }) => n))
    this.#chaos = new Chaos({
      scene: { site, observations },
      appointments: schedule(seed, size).filter(({ n }) => !struck.has(n)),
      nowMs: () => this.#elapsedMs,
      rush: () => this.#rush(),
      onHappened: (fault) => this.#record(fault),
    })
    const isWanted = () => !this.#chaos?.isOver
    this.#load = new Load({ ...shop, seed, ...size, first: this.before.begun, isWanted })
    const shopkeeper = new Shopkeeper(site, population, new Random(seed))
    this.#metrics.start()
    this.#growth.start()
    this.#startClock()
    shopkeeper.start()
    this.#load.start()
    await this.#untilBothAreOver(this.#chaos, this.#tickUntilOver(population)).finally(() => shopkeeper.stop())
  }

  /** Whichever fails or is interrupted, what is broken is healed first: nobody is left behind with a frozen broker. */
  async #untilBothAreOver(chaos: Chaos, ticking: Promise<void>): Promise<void> {
    const stopped = ticking.finally(() => {
      chaos.isStopped = true
    })
    const failed = (await Promise.allSettled([chaos.run(), stopped])).find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
  }

  /** Databases that are busy, and many deliveries waiting for them. */
  async #rush(): Promise<() => void> {
    const calm = this.site.wires.slowDatabases(BUSY_DATABASE_MS)
    await this.#load?.rush()
    return calm
  }

  async #populate(): Promise<Population> {
    const { population } = this.before
    if (!population) return populate(this.site)
    await renewAll(this.site, population)
    return population
  }

  async #tickUntilOver(population: Population): Promise<void> {
    const [load, chaos] = [this.#load, this.#chaos]
    while (load && chaos && !(load.isOver && chaos.isOver)) {
      await pause(TICK_MS)
      // said by whoever waits for the chaos
      if (chaos.failure !== undefined) return
      this.#samples.push({ atMs: this.#elapsedMs, ...load.progress })
      saveState(this.options.directory, this.#state(population))
      this.#show(load, chaos)
      if (load.failure !== undefined) throw load.failure
      if (this.#isInterrupted) throw new Interrupted()
    }
  }

  #show(load: Load, chaos: Chaos): void {
    const { size } = this.before
    const struck = this.#faults.filter(({ hasStruck }) => hasStruck).length
    const { begun, open, paid, cancelled } = load.progress
    const faults = struck + chaos.left + chaos.active.length
    const now = chaos.active.length > 0 ? `  now: ${chaos.active.join(', ')}` : ''
    this.#display.show({
      elapsedMs: this.#elapsedMs,
      done: this.#elapsedMs / chaosMs(size),
      figures: `${begun}/${size.orders} orders, ${open} open, ${paid} paid, ${cancelled} cancelled, ${struck}/${faults} faults${now}`,
    })
  }

  #startClock(): void {
    this.#startedMs = performance.now()
  }

  /** Of the run's own clock, which stands still while the run is interrupted. */
  get #elapsedMs(): number {
    return Math.round(this.before.elapsedMs + performance.now() - this.#startedMs)
  }

  #record(fault: Happened): void {
    this.#faults.push(fault)
    const { kind, target, atMs, healedMs, hasStruck, trouble } = fault
    const how = hasStruck ? `healed after ${((healedMs - atMs) / 1_000).toFixed(1)} s` : `met nothing ${trouble ?? ''}`
    this.#display.say(`${String(Math.round(atMs / 1_000)).padStart(6)} s  ${kind} (${target}) ${how}`)
  }

  #state(population?: Population): State {
    const { begun = this.before.begun } = this.#load?.progress ?? {}
    return {
      ...this.before,
      population,
      begun,
      elapsedMs: this.#elapsedMs,
      faults: this.#faults,
      exits: [...this.before.exits, ...this.site.exits],
      samples: this.#samples,
      totals: this.#metrics.totals,
      cutCommits: this.before.cutCommits + this.site.wires.cutCommits,
    }
  }
}
