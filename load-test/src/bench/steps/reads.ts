import { newId } from '@order-saga/common'
import { placeOrder, pollOrder } from '@order-saga/common/client'
import { Pool } from 'undici'
import { startOurs } from '../our-system'
import type { System } from '../system'
import type { Row, Step } from './step'

const TARGET_CATALOGUE = 4_000
const TARGET_POLLS = 5_000
const WARM_UP_MS = 2_000
const DURATION_MS = 8_000
const CONNECTIONS = 16
const AT_ONCE = 64
const WAIT_MS = 60_000

interface Question {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly status: number
}

/** How many reads one service answers. */
export const reads: Step = {
  about: 'how many products, and polls with a matching ETag, one service answers',
  async run(say) {
    const system = await startOurs(say)
    try {
      return [await catalogueReads(system), await unchangedPolls(system)]
    } finally {
      await system.stop()
    }
  },
}

async function catalogueReads(system: System): Promise<Row> {
  const url = `${system.url('product-service')}/products/${system.catalogue.products[0]}`
  const perS = await perSecond({ url, headers: {}, status: 200 })
  return row('products read from the cache of one product-service', TARGET_CATALOGUE, perS)
}

async function unchangedPolls(system: System): Promise<Row> {
  const baseUrl = system.url('order-service')
  const { token } = system.customers[0] ?? { token: '' }
  const items = [{ productId: system.catalogue.products[0] ?? '', quantity: 1 }]
  const { id } = await placeOrder({
    baseUrl,
    token,
    body: { items, paymentToken: 'tok_visa' },
    idempotencyKey: newId(),
  })
  const { order } = await pollOrder({ baseUrl, token, orderId: id, maxMs: WAIT_MS })
  const headers = { authorization: `Bearer ${token}`, 'if-none-match': `"${id}-${order.version}"` }
  const perS = await perSecond({ url: `${baseUrl}/orders/${id}`, headers, status: 304 })
  return row('polls with a matching ETag, one order-service', TARGET_POLLS, perS)
}

const row = (what: string, target: number, perS: number): Row => ({
  what,
  target: `≥ ${target.toLocaleString('en')}/s`,
  measured: `${Math.round(perS).toLocaleString('en')}/s`,
  isMet: perS >= target,
})

/** Several ask at once, each again when answered. An answer of another status ends it. */
async function perSecond(question: Question): Promise<number> {
  const pool = new Pool(new URL(question.url).origin, { connections: CONNECTIONS, pipelining: AT_ONCE / CONNECTIONS })
  try {
    await askFor(WARM_UP_MS, pool, question)
    const beganMs = performance.now()
    const answers = await askFor(DURATION_MS, pool, question)
    return (answers * 1_000) / (performance.now() - beganMs)
  } finally {
    await pool.destroy()
  }
}

async function askFor(durationMs: number, pool: Pool, { url, headers, status }: Question): Promise<number> {
  const endsMs = performance.now() + durationMs
  const { pathname: path } = new URL(url)
  let answers = 0
  const asker = async () => {
    while (performance.now() < endsMs) {
      const { statusCode, body } = await pool.request({ method: 'GET', path, headers: { ...headers } })
      await body.dump()
      if (statusCode !== status) throw new Error(`${path} answered ${statusCode}`)
      answers++
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, asker))
  return answers
}
