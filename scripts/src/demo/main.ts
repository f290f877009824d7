import { serviceNames } from '@order-saga/common'
import { fail } from '../fail'
import { addresses } from '../infra'
import { baseUrlOf } from '../shop/service-env'
import { shopUp } from '../shop/shop-up'
import { bold, dim, green, red, say } from './say'
import type { Scenario, World } from './scenario'
import { cancelInFlight } from './scenarios/cancel'
import { crash } from './scenarios/crash'
import { happyPath } from './scenarios/happy-path'
import { outOfStock } from './scenarios/out-of-stock'
import { providerTimeout } from './scenarios/provider-timeout'
import { revert } from './scenarios/revert'
import { catalogue, logInAsAdmin } from './shop'

const scenarios: readonly Scenario[] = [happyPath, outOfStock, revert, cancelInFlight, providerTimeout, crash]

interface Result {
  readonly title: string
  readonly isPassed: boolean
  readonly seconds: number
}

async function main(names: string[]): Promise<void> {
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name))
  if (unknown.length > 0)
    throw new Error(`unknown: ${unknown.join(', ')}; there are ${scenarios.map(({ name }) => name).join(', ')}`)
  await shopUp(say)
  const world = { products: await catalogue(), adminToken: await logInAsAdmin() }
  const chosen = scenarios.filter(({ name }) => names.length === 0 || names.includes(name))
  const results: Result[] = []
  for (const scenario of chosen) results.push(await play(scenario, world))
  showTable(results)
  showAddresses()
  process.exitCode = results.every(({ isPassed }) => isPassed) ? 0 : 1
}

async function play({ title, run }: Scenario, world: World): Promise<Result> {
  say(`\n${bold(title)}`)
  const beganAtMs = performance.now()
  const seconds = () => (performance.now() - beganAtMs) / 1000
  try {
    await run(world)
    return { title, isPassed: true, seconds: seconds() }
  } catch (error) {
    say(`  ${red(error instanceof Error ? error.message : String(error))}`)
    return { title, isPassed: false, seconds: seconds() }
  }
}

function showTable(results: readonly Result[]): void {
  say()
  for (const { title, isPassed, seconds } of results)
    say(`${isPassed ? green('passed') : red('FAILED')}  ${seconds.toFixed(1).padStart(5)} s  ${title}`)
}

function showAddresses(): void {
  say(`\n${bold('Everything is still running')} ${dim('(./demo.sh --down stops it)')}`)
  for (const service of serviceNames) say(`  ${service.padEnd(16)} ${baseUrlOf(service)}/docs`)
  say(`  ${'mail inbox'.padEnd(16)} ${addresses().mailApiUrl}`)
  say(`  ${'a journey'.padEnd(16)} ${baseUrlOf('logger-service')}/orders/{id}/journey`)
}

main(process.argv.slice(2)).catch(fail)
