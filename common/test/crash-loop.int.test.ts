import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { newId, orderCreated } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { deadLetters, type Plumbing, Shop } from './support/shop'

jest.setTimeout(60_000)

let shop: Shop
let sender: Plumbing
beforeAll(async () => {
  shop = await Shop.open()
  sender = await shop.start('order-service')
})
afterAll(() => shop.close())

/** Starts the process again whenever it dies, until it is told to stop; answers how often it died. */
function supervise(): { stop(): Promise<number> } {
  let isStopping = false
  let deaths = 0
  const args = [
    join(__dirname, 'support/crasher.cjs'),
    shop.urlOf('product-service'),
    shop.broker.urlOf('product-service'),
  ]
  let child = spawn(process.execPath, args, { stdio: 'inherit' })
  const run = (async () => {
    for (;;) {
      await once(child, 'exit')
      if (isStopping) return
      deaths++
      child = spawn(process.execPath, args, { stdio: 'inherit' })
    }
  })()
  return {
    stop: async () => {
      isStopping = true
      child.kill('SIGKILL')
      await run
      return deaths
    },
  }
}

it('an event that kills the process is dead after five starts, its neighbours in message and window are handled', async () => {
  const place = (tokens: string[]) =>
    sender.database.transaction(async (tx) =>
      tokens.map((paymentToken) => {
        const data = { ...orderCreated.example, orderId: newId(), paymentToken }
        return tx.emit(orderCreated, data, { correlationId: newId() })
      }),
    )
  const before = await place(['tok_visa'])
  const [first, killer, third] = await place(['tok_visa', 'tok_kill', 'tok_visa'])
  const after = await place(['tok_visa', 'tok_visa'])
  const supervisor = supervise()
  const expected = [...before, first, third, ...after].toSorted()
  await eventually(async () => expect((await shop.effectIds()).toSorted()).toEqual(expected), 45_000)
  await eventually(async () => expect(await shop.rows(deadLetters)).toHaveLength(1), 45_000)
  const [dead] = await shop.rows(deadLetters)
  expect(dead).toMatchObject({ event_id: killer, reason: 'crash_loop', attempts: 5, handler: 'react' })
  // two in ordinary batches before the message is handled with care, then four starts on record
  expect(await supervisor.stop()).toBe(6)
})
