import { newId } from '@order-saga/common'
import { type Expected, expected } from './support/access'
import { type InputShop, openInputShop } from './support/input-shop'
import { allOperations, answerOf, nameOf, type Operation } from './support/operations'
import { type Received, send } from './support/wire'

const table = [...expected]

// the hash of a password, and what the customer has paid with
const SECRETS = /\$2b\$|tok_visa/
// an answer: where the operator keeps traces
const OPERATORS = 'traceUrl of logger-service GET /console/settings'
const ADDRESS = /(ur[il]|href|image|callback).* of /i

let world: InputShop
let operations: ReadonlyMap<string, Operation>
beforeAll(async () => {
  world = await openInputShop()
  const all = await allOperations((service) => world.shop.url(service))
  operations = new Map(all.map((operation) => [nameOf(operation), operation]))
}, 60_000)
afterAll(() => world?.close())

function operationCalled(name: string): Operation {
  const operation = operations.get(name)
  if (!operation) throw new Error(`no service describes ${name}`)
  return operation
}

const askers = ['anonymous', 'garbage', 'customer', 'stranger', 'admin'] as const
type Asker = (typeof askers)[number]

async function authorizationOf(asker: Asker, bearer?: Expected['bearer']): Promise<string | undefined> {
  if (asker === 'anonymous') return undefined
  if (asker === 'garbage') return 'Bearer e30.e30.e30'
  return (await bearer?.(world)) ?? world.bearers[asker]
}

async function ask(name: string, asker: Asker, path?: string, method?: string): Promise<Received> {
  const operation = operationCalled(name)
  const row = expected.get(name)
  const body = row?.body?.(world)
  const authorization = await authorizationOf(asker, row?.bearer)
  return send(world.shop.url(operation.service), {
    method: method ?? operation.method,
    path: path ?? (await row?.path?.(world)) ?? operation.path,
    headers: { ...(authorization && { authorization }), ...(body && { 'content-type': 'application/json' }) },
    body: body && Buffer.from(JSON.stringify(body)),
  })
}

/** From what the route declares; only what an admitted caller gets is said by the table. */
function expectedStatus({ 'x-access': access }: Operation, { customer, stranger, admin }: Expected, asker: Asker) {
  const isNobody = asker === 'anonymous' || asker === 'garbage'
  if (access !== 'public' && isNobody) return 401
  if (access === 'admin' && asker !== 'admin') return 403
  return { anonymous: customer, garbage: customer, customer, stranger, admin }[asker]
}

test('every route of every service is in the table, and nothing else', () => {
  expect(table.map(([name]) => name).toSorted()).toEqual([...operations.keys()].toSorted())
})

describe.each(table)('%s', (name, expectation) => {
  test.each(askers)('is answered as declared to: %s', async (asker) => {
    const { status, headers, text } = await ask(name, asker)
    expect(text).not.toMatch(SECRETS)
    expect(status).toBe(expectedStatus(operationCalled(name), expectation, asker))
    expect(headers['www-authenticate']).toBe(status === 401 ? (expectation.scheme ?? 'Bearer') : undefined)
    if (status === 403 && operationCalled(name)['x-access'] === 'admin')
      expect(JSON.parse(text)).toMatchObject({ type: '/problems/forbidden' })
  })
})

test('every answer with a body is described, so that nothing else can be in it', () => {
  for (const [name, operation] of operations) {
    const good = Object.keys(operation.responses).filter((status) => status.startsWith('2'))
    expect([name, good.length]).not.toEqual([name, 0])
    for (const status of good.filter((one) => one !== '204'))
      expect([name, status, answerOf(operation, Number(status))?.schema]).toEqual([name, status, expect.any(Object)])
  }
})

test('nobody is asked for an address on the web: no service can be sent to one of a customer’s choice', () => {
  const all = [...operations].flatMap(([name, { parameters = [], requestBody, responses }]) => {
    const schemas = [...parameters.map(({ schema }) => schema), requestBody, responses]
    return [...parameters.map((one) => one.name), ...schemas.flatMap(namesWithin)].map((one) => `${one} of ${name}`)
  })
  expect(all).toEqual(
    expect.arrayContaining(['paymentToken of order-service POST /orders', 'limit of order-service GET /orders']),
  )
  expect(all.filter((one) => ADDRESS.test(one) && one !== OPERATORS)).toEqual([])
})

/** Properties, and `format:` with what follows. */
function namesWithin(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { properties = {}, format } = schema as { properties?: object; format?: unknown }
  const own = [...Object.keys(properties), ...(typeof format === 'string' ? [`format:${format}`] : [])]
  return [...own, ...Object.values(schema).flatMap(namesWithin)]
}

const reads = table.filter(([name]) => name.includes(' GET '))

test.each(reads)('%s asked for by HEAD shows nobody more than GET', async (name, expectation) => {
  for (const asker of askers) {
    const { status, text } = await ask(name, asker, undefined, 'HEAD')
    expect([asker, status, text]).toEqual([asker, expectedStatus(operationCalled(name), expectation, asker), ''])
  }
})

const owned = table.filter(([, { stranger }]) => stranger === 404)

test('there is something to own', () => expect(owned.length).toBeGreaterThan(3))

/** Without what is another in every answer. */
function bare({ status, headers, text }: Received) {
  const { 'x-request-id': _id, date: _date, ratelimit: _left, ...others } = headers
  const { instance: _path, requestId: _same, ...problem } = JSON.parse(text)
  return { status, others, problem }
}

test.each(owned)('%s tells a stranger about it what it tells about nothing', async (name, { path }) => {
  const foreign = (await path?.(world)) ?? ''
  const nothing = foreign.replace(world.order, newId())
  expect(nothing).not.toBe(foreign)
  expect(bare(await ask(name, 'stranger', foreign))).toEqual(bare(await ask(name, 'stranger', nothing)))
})
