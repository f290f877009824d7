import { setMaxListeners } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceName } from '@order-saga/common'
import { ShopClient } from '@order-saga/common/client'
import { audit, whenQuiet } from '@order-saga/scripts/audit'
import { Display } from '@order-saga/scripts/display'
import { cloneRoot } from '@order-saga/scripts/infra'
import { type Account, type Customer, logInAsAdmin, RENEW_TOKENS_EVERY_MS, renewTokens } from '../shoppers/accounts'
import { LineFile } from '../shoppers/line-file'
import type { Observation } from '../shoppers/observation'
import { openCatalogue, replenish } from './catalogue'
import { Crowd, type Driven } from './crowd'
import { Http } from './http'
import type { Options } from './options'
import { registerAll } from './people'
import { Recorder } from './recorder'
import { machineNow, type Result, resultOf } from './result'
import type { Shop } from './running-shop'
import type { Catalogue } from './shopper'

const TICK_MS = 500
const QUIET_WITHIN_MS = 120_000

/** What is ready before the clock starts. */
interface Prepared {
  readonly customers: readonly Customer[]
  readonly admin: Account
  readonly catalogue: Catalogue
}

/** One run: customers come, order and leave; then the shop comes to rest and is audited. */
export class LoadTestRun {
  readonly #recorder = new Recorder()
  readonly #http = new Http(this.#recorder)
  readonly #display = new Display()
  readonly #client: ShopClient
  readonly #directory: string
  readonly #observations: LineFile<Observation>
  readonly #leaving = new AbortController()
  readonly #at = new Date()
  readonly #machine = machineNow()
  #crowd: Crowd | undefined
  #isStopped = false
  #keepsObservations = false

  constructor(
    private readonly shop: Shop,
    private readonly options: Options,
    private readonly command: string,
  ) {
    this.#client = new ShopClient({ baseUrlOf: (service) => shop.url(service) })
    // every customer under way listens
    setMaxListeners(0, this.#leaving.signal)
    this.#directory = join(
      cloneRoot,
      '.shop/load-test',
      `${this.#at.toISOString().replaceAll(':', '-')}-${process.pid}`,
    )
    mkdirSync(this.#directory, { recursive: true })
    this.#observations = new LineFile(join(this.#directory, 'observations.jsonl'))
  }

  /** Nobody comes in any more: the run ends soon, with a report. */
  stop(): void {
    this.#isStopped = true
    this.#crowd?.stop()
  }

  async run(): Promise<Result> {
    try {
      const driven = await this.#drive(await this.#prepare())
      await this.#observations.close()
      return await this.#judge(driven)
    } finally {
      this.#leaving.abort()
      this.#display.end()
      await this.#http.close()
      if (!this.#keepsObservations) rmSync(this.#directory, { recursive: true, force: true })
    }
  }

  async #prepare(): Promise<Prepared> {
    const { options } = this
    const admin = await logInAsAdmin(this.#client)
    const byAdmin = this.#client.as(admin.token)
    const catalogue = await openCatalogue(byAdmin)
    if (options.replenish !== undefined) {
      const delivered = await replenish(byAdmin, catalogue, options.replenish)
      this.#display.say(`${delivered.toLocaleString('en')} pieces delivered for ${catalogue.products.length} products`)
    }
    const beganMs = performance.now()
    const customers = await registerAll(this.#client, options.accounts, (soFar) =>
      this.#display.show({
        elapsedMs: performance.now() - beganMs,
        done: soFar / options.accounts,
        figures: `${soFar}/${options.accounts} customers registered and logged in`,
      }),
    )
    this.#display.say(`${customers.length} customers are logged in; the clock starts`)
    return { customers, admin, catalogue }
  }

  async #drive({ customers, admin, catalogue }: Prepared): Promise<Driven> {
    const { options, shop } = this
    const renewing = setInterval(() => void renewTokens(this.#client, [admin, ...customers]), RENEW_TOKENS_EVERY_MS)
    const beganMs = performance.now()
    const ticking = setInterval(() => this.#tick(performance.now() - beganMs), TICK_MS)
    const around = {
      url: (service: ServiceName) => shop.url(service),
      catalogue,
      http: this.#http,
      recorder: this.#recorder,
      observations: this.#observations,
      signal: this.#leaving.signal,
    }
    const crowd = new Crowd(around, options, customers)
    this.#crowd = crowd
    if (this.#isStopped) crowd.stop()
    try {
      return await crowd.come(shop.processes())
    } finally {
      clearInterval(ticking)
      clearInterval(renewing)
    }
  }

  #tick(elapsedMs: number): void {
    const { begun, inFlight, ended, samples } = this.#recorder
    const { durationMs, orders } = this.options
    const last = samples.at(-1) ?? { atMs: 0, ended: 0 }
    const perS = ((ended - last.ended) * 1_000) / Math.max(elapsedMs - last.atMs, 1)
    this.#recorder.sample(elapsedMs)
    const outcomes = Object.entries(this.#recorder.outcomes).map(([what, count]) => `${count} ${what}`)
    this.#display.show({
      elapsedMs,
      done: Math.max(elapsedMs / durationMs, begun / orders),
      figures: `${Math.round(perS)} orders/s, ${inFlight} in flight, ${outcomes.join(', ')}`,
    })
  }

  async #judge(driven: Driven): Promise<Result> {
    this.#display.say('the last customer has left; the shop comes to rest and is audited …')
    const sources = this.shop.auditSources()
    const observed = { ...sources, expectations: { ...sources.expectations, observations: this.#observations.path } }
    const isQuiet = await whenQuiet(sources, { waitMs: QUIET_WITHIN_MS, say: (line) => this.#display.say(line) })
    const report = await audit(observed)
    this.#keepsObservations = report.violationCount > 0
    if (this.#keepsObservations) this.#display.say(`what customers saw: ${this.#observations.path}`)
    return resultOf({
      ...driven,
      options: this.options,
      command: this.command,
      machine: this.#machine,
      at: this.#at,
      recorder: this.#recorder,
      isQuiet,
      audit: report,
      failure: this.#crowd?.failure,
    })
  }
}
