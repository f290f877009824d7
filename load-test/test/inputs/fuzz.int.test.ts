import { serviceNames } from '@order-saga/common'
import fc from 'fast-check'
import { hardlyHttp } from './support/bytes'
import { indecencies } from './support/decency'
import { expectGoesOn, type InputShop, openInputShop, renewed } from './support/input-shop'
import { operationsOf } from './support/operations'
import { requestsTo } from './support/requests'
import { send, sendBytes } from './support/wire'

const isThorough = process.env.TEST_THOROUGH === '1'
const requests = isThorough ? 10_000 : 500
const seed = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31)

jest.setTimeout(isThorough ? 1_200_000 : 120_000)

let world: InputShop
beforeAll(async () => {
  process.stderr.write(`${requests} requests to each service; TEST_SEED=${seed} repeats them\n`)
  world = await openInputShop()
})
beforeEach(async () => {
  world = await renewed(world)
})
afterAll(() => world?.close())

test.each(serviceNames)('%s answers whatever it is asked as its document says, and goes on', async (service) => {
  const { shop, known, bearers } = world
  const url = shop.url(service)
  const operations = await operationsOf(service, url)
  let admitted = 0
  const isDecent = fc.asyncProperty(requestsTo(operations, known, bearers), async (asked) => {
    const { status, ...rest } = await send(url, asked)
    if (status < 300) admitted++
    const wrong = indecencies(asked, { status, ...rest })
    expect({ status, wrong }).toEqual({ status, wrong: [] })
  })
  await fc.assert(isDecent, { seed, numRuns: requests })
  // who is turned away at the door never meets what is behind it
  expect(admitted).toBeGreaterThan(requests / 10)
  await expectGoesOn(world, service)
})

test.each(serviceNames)(
  '%s answers bytes that are hardly HTTP with a problem, if at all, and goes on',
  async (service) => {
    const url = world.shop.url(service)
    const isDecent = fc.asyncProperty(hardlyHttp, async (bytes) => {
      const answer = await sendBytes(url, bytes)
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
      if (answer !== '' && status < 400) expect(status).toBeGreaterThanOrEqual(200)
      else if (answer !== '')
        expect(answer).toMatch(/^HTTP\/1\.1 4\d\d .*content-type: application\/problem\+json.*"requestId":/is)
    })
    await fc.assert(isDecent, { seed, numRuns: requests / 10 })
    await expectGoesOn(world, service)
  },
)
