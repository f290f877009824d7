import { type ServiceName, serviceNames } from '@order-saga/common'
import { placeOrder, pollOrder } from '@order-saga/common/client'
import { catalogue, newCustomer } from '../demo/shop'
import { containerEnv, jobEnv } from '../deploy/containers'
import { type Ports, waitFor } from '../infra'
import { baseUrlOf } from '../shop/service-env'
import type { Image } from './build'
import { Container, type Running } from './container'
import { localEnv } from './local-env'

type Say = (line: string) => void

/** Databases and broker, prepared by the image's own jobs. */
export function prepareFromImage(image: Image, folder: string, ports: Ports, say: Say): void {
  for (const job of ['migrate', 'topology'] as const) {
    new Container(job, image, folder, localEnv(jobEnv[job], ports)).exec(['node', `scripts/dist/${job}.js`])
    say(`✓ ${job}, as a job`)
  }
}

/** Every service from the image, with the environment that it has in containers, until its health check is content. */
export async function startFromImage(image: Image, folder: string, ports: Ports, say: Say): Promise<Running[]> {
  const running = serviceNames.map((name) => start(name, image, folder, ports))
  for (const { container, process } of running) {
    await waitFor(() => isHealthy(container, process), { timeoutMs: 120_000, what: container.name, everyMs: 500 })
    say(`✓ ${container.name} is healthy`)
  }
  return running.map(({ process }) => process)
}

function start(name: ServiceName, image: Image, folder: string, ports: Ports) {
  const container = new Container(name, image, folder, localEnv(containerEnv(name), ports))
  return { container, process: container.start(['node', `${name}/dist/main.js`]) }
}

function isHealthy(container: Container, process: Running): boolean {
  if (process.hasEnded) throw new Error(`${container.name} has ended:\n${process.log}`)
  return container.isHealthy()
}

/** One order, to its end. */
export async function orderSomething(say: Say): Promise<void> {
  const [product] = await catalogue()
  if (!product) throw new Error('the catalogue is empty')
  const { token } = await newCustomer('Image')
  const baseUrl = baseUrlOf('order-service')
  const body = { items: [{ productId: product.id, quantity: 1 }], paymentToken: 'tok_visa' }
  const { id } = await placeOrder({ baseUrl, token, body })
  const { order } = await pollOrder({ baseUrl, token, orderId: id, maxMs: 60_000 })
  if (order.status !== 'paid') throw new Error(`the order ended as ${order.status}`)
  say('✓ an order is paid')
}

/** As an engine ends containers. Throws when one does not go in good order. */
export async function stopAll(running: readonly Running[], say: Say): Promise<void> {
  const codes = await Promise.all(running.map((one) => one.stop()))
  const bad = running.filter((_one, at) => codes[at] !== 0)
  if (bad.length > 0) throw new Error(`did not end well: ${bad.map(({ name, log }) => `${name}\n${log}`).join()}`)
  say(`✓ all ${running.length} end with 0 on SIGTERM`)
}
