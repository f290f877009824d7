import { type Id, newId } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { SpanReceiver, spanTree } from '../support/span-receiver'
import { PAID, refundedAfter, storyOf } from '../support/story'
import { TestShop } from '../support/test-shop'
import { ends, keepsEveryPromise } from '../support/use-shop'

const receiver = new SpanReceiver()
let shop: TestShop

beforeAll(async () => {
  // a call that is late on a busy machine would be made twice
  const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: await receiver.open(), SHOP_PROVIDER_TIMEOUT_MS: '10000' }
  shop = await TestShop.open({ settings })
}, 120_000)
afterEach(() => shop.restore(), 120_000)
afterAll(async () => {
  await keepsEveryPromise(shop)
  await shop.close()
  await receiver.close()
}, 120_000)

async function place(paymentToken = 'tok_visa') {
  const [ada, productId] = await Promise.all([shop.customer(), shop.product()])
  return { ada, order: await shop.place(ada, [{ productId, quantity: 1 }], { paymentToken }) }
}

const lines = (text: string): string =>
  text
    .split('\n')
    .slice(1, -1)
    .map((line) => `${line.slice(4)}\n`)
    .join('')

const PAID_TREE = lines(`
    order-service SERVER POST /orders
      order-service PRODUCER publish order.created
        cart-service CONSUMER process order.created
        logger-service CONSUMER process order.created
        product-service CONSUMER process order.created
          product-service PRODUCER publish inventory.reserved
            logger-service CONSUMER process inventory.reserved
            order-service CONSUMER process inventory.reserved
            payment-service CONSUMER process inventory.reserved
              payment-service CLIENT charge payment provider
                payment-service PRODUCER publish payment.succeeded
                  logger-service CONSUMER process payment.succeeded
                  order-service CONSUMER process payment.succeeded
                    order-service PRODUCER publish order.paid
                      logger-service CONSUMER process order.paid
                      mailer-service CONSUMER process order.paid
                        mailer-service CLIENT send receipt
                      payment-service CONSUMER process order.paid
                      product-service CONSUMER process order.paid
`)

/** Resolves with the spans of an order when its tree is this one, and says how they differ otherwise. */
async function whenTraced({ id }: { id: Id }, tree: string) {
  await eventually(() => expect(spanTree(receiver.traceOf(id))).toBe(tree), 30_000)
  return receiver.traceOf(id)
}

test('an order is one trace, from the request to the receipt', async () => {
  const { order } = await place()
  await ends(shop, order, PAID)
  const spans = await whenTraced(order, PAID_TREE)
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined)
  expect(roots.map(({ name }) => name)).toEqual(['POST /orders'])
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length)
  expect(spans.filter(({ isError }) => isError)).toEqual([])
  // what docs/observability.md counts: these, and an ack for each that processes at the most
  const acks = spans.filter(({ name }) => name.startsWith('ack '))
  expect(spans.length - acks.length).toBe(19)
  expect(acks.length).toBeLessThanOrEqual(spans.filter(({ kind }) => kind === 'CONSUMER').length)
  // no span before its cause
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  for (const { startMs, parentSpanId, name } of spans)
    expect([name, startMs]).toEqual([name, Math.max(startMs, (byId.get(parentSpanId ?? '')?.startMs ?? 0) - 1)])

  const [root] = roots
  expect(root?.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.route': '/orders',
    'http.response.status_code': 202,
  })
})

test('who only reads begins no trace', async () => {
  const { ada, order } = await place()
  await ends(shop, order, PAID)
  expect(await shop.ask('order-service', `/orders/${order.id}`, ada)).toMatchObject({ status: 200 })
  const { status } = await shop.ask('order-service', '/orders', { ...ada, body: {} })
  expect(status).toBeGreaterThanOrEqual(400)
  const requests = () => receiver.spans.filter(({ kind, service }) => kind === 'SERVER' && service === 'order-service')
  // a service tells of requests as they end
  await eventually(() =>
    expect(requests().map(({ attributes }) => attributes['http.response.status_code'])).toContain(status),
  )
  expect(requests().filter(({ name }) => !name.startsWith('POST'))).toEqual([])
})

test('no token, address or password that anybody sent is in a span of an order, nor in a figure of a service', async () => {
  const canary = `canary${newId().replaceAll('-', '')}`
  const ada = await shop.customer()
  const headers = { cookie: canary, 'user-agent': canary, traceparent: `00-${'ef'.repeat(16)}-${'cd'.repeat(8)}-01` }
  for (const path of [`/orders?token=${canary}`, `/${canary}`, `/orders/${canary}`])
    for (const service of shop.services) await shop.ask(service, path, { ...ada, headers })
  const order = await shop.place(ada, [{ productId: await shop.product(), quantity: 1 }], { paymentToken: canary })
  await shop.poll(ada, order)
  // nobody charges such a token: the order is cancelled, and its customer told so
  await eventually(() =>
    expect(receiver.traceOf(order.id).map(({ name }) => name)).toContainEqual(expect.stringMatching(/^send /)),
  )
  const secrets = [canary, 'development-only', 'Bearer', 'PRIVATE KEY', ada.token, ada.email]
  const figures = await Promise.all(
    shop.services.map(async (service) => (await fetch(`${shop.url(service)}/metrics`)).text()),
  )
  expect(receiver.raw).toContain(order.id)
  for (const text of figures) expect(text).toContain('# TYPE')
  for (const text of [receiver.raw, ...figures]) expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
})

test('spans of events follow the conventions for messaging', async () => {
  const { order } = await place()
  const spans = await whenTraced(order, PAID_TREE)
  const created = await shop.toldOnce(order.id, 'order.created')
  const common = {
    'messaging.system': 'rabbitmq',
    'messaging.destination.name': 'shop.events:order.created',
    'messaging.rabbitmq.destination.routing_key': 'order.created',
    'messaging.message.id': created.id,
    'messaging.message.conversation_id': created.correlationid,
    'shop.subject': order.id,
  }
  const of = (service: string, name: string) => spans.find((span) => span.service === service && span.name === name)
  const published = of('order-service', 'publish shop.events:order.created')
  expect(published?.attributes).toMatchObject({
    ...common,
    'messaging.operation.name': 'publish',
    'messaging.operation.type': 'send',
  })
  // the event itself carries the context of its span
  expect(created.traceparent).toBe(`00-${published?.traceId}-${published?.spanId}-01`)
  const queue = { 'messaging.destination.subscription.name': 'product-service.events' }
  const processed = of('product-service', 'process shop.events:order.created')
  expect(processed?.attributes).toMatchObject({
    ...common,
    ...queue,
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'shop.step': 'reserveStock',
    'shop.outcome': 'changed',
    'shop.batch.events': expect.any(Number),
  })
  const acks = spans.filter(({ name }) => name === 'ack shop.events:order.created')
  expect(acks.find(({ service }) => service === 'product-service')).toMatchObject({
    kind: 'CLIENT',
    parentSpanId: processed?.spanId,
    attributes: { ...queue, 'messaging.operation.name': 'ack', 'messaging.operation.type': 'settle' },
  })
})

test('the mail names the trace it belongs to', async () => {
  const { order } = await place()
  await ends(shop, order, PAID)
  const spans = await whenTraced(order, PAID_TREE)
  const [mail] = (await shop.outside.mails(order.id)) as unknown as { ID: string }[]
  const headers = await (await fetch(`${shop.outside.mailUrl}/api/v1/message/${mail?.ID}/headers`)).json()
  const sent = spans.find(({ name }) => name === 'send receipt')
  expect(headers).toMatchObject({ Traceparent: [`00-${sent?.traceId}-${sent?.spanId}-01`] })
})

test('an order from the cart asks for the cart below its own request, in the trace of its customer', async () => {
  const ada = await shop.customer()
  const traceId = 'ab'.repeat(16)
  const headers = { traceparent: `00-${traceId}-${'cd'.repeat(8)}-01` }
  const answer = await shop.ask('order-service', '/orders', { ...ada, body: { paymentToken: 'tok_visa' }, headers })
  expect(answer.status).toBe(409)
  const tree = lines(`
    order-service SERVER POST /orders
      order-service CLIENT GET /cart
        cart-service SERVER GET /cart
`)
  const trace = () => receiver.spans.filter((span) => span.traceId === traceId)
  await eventually(() => expect(spanTree(trace())).toBe(tree))
  expect(trace().map(({ parentSpanId }) => parentSpanId)).toContain('cd'.repeat(8))
})

test('a cancelled order is one trace as well, with its refund', async () => {
  await shop.restart('payment-service', { SHOP_PROVIDER_TIMEOUT_MS: '300' })
  await shop.outside.provider({ mode: 'timeout-after' })
  const { ada, order } = await place()
  await shop.whenHeard('order-service', await shop.toldOnce(order.id, 'inventory.reserved'))
  await eventually(async () => expect(await shop.outside.ledger(order.id)).toHaveLength(1))
  await shop.cancel(ada, order)
  await shop.whenHeard('payment-service', await shop.toldOnce(order.id, 'order.cancelled'))
  await shop.outside.provider({ mode: 'ok' })
  await ends(shop, order, refundedAfter('customer_request'))
  const [refund] = await eventually(async () => {
    const found = receiver.traceOf(order.id).filter(({ name }) => name === 'send refund')
    expect(found).toHaveLength(1)
    return found
  })
  const spans = receiver.traceOf(order.id)
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const way: string[] = []
  for (let span = refund; span; span = byId.get(span.parentSpanId ?? ''))
    way.unshift(`${span.service} ${span.name.replace('shop.events:', '')}`)
  // what undoes a charge is asked for because of the cancellation, which the customer wanted of the order
  expect(way).toEqual([
    'order-service POST /orders',
    'order-service publish order.cancelled',
    'payment-service process order.cancelled',
    'payment-service refund payment provider',
    'payment-service publish payment.refunded',
    'mailer-service process payment.refunded',
    'mailer-service send refund',
  ])
  expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(1)
  // the call that was not answered
  expect(spans.find(({ name, isError }) => name === 'charge payment provider' && isError)).toBeDefined()
})

test('an event that was redriven is processed in the trace of its order, and points to who wanted that', async () => {
  const product = (sql: string) => shop.premises.query<{ id: Id }>('product-service', sql)
  await product(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'a defect'; END $$;
     CREATE TRIGGER defect BEFORE UPDATE ON reservations FOR EACH ROW EXECUTE FUNCTION fail()`)
  const { order } = await place()
  const [letter] = await eventually(async () => {
    // the next attempt is due, and the last
    await product('UPDATE parked SET next_attempt_at = now(), attempts = 7')
    const found = await product('SELECT id FROM dead_letters')
    expect(found).toHaveLength(1)
    return found
  }, 30_000)
  await product('DROP FUNCTION fail() CASCADE')
  const body = { reason: 'fixed' }
  const token = await shop.authority.admin()
  expect(await shop.ask('product-service', `/admin/dead-letters/${letter?.id}/redrive`, { token, body })).toMatchObject(
    { status: 200 },
  )
  await ends(shop, order, PAID)

  const redrive = await eventually(() => {
    const found = receiver.spans.find(({ name }) => name === 'POST /admin/dead-letters/:id/redrive')
    if (!found) throw new Error('no span of the redrive')
    return found
  })
  const attempts = await eventually(() => {
    const of = receiver
      .traceOf(order.id)
      .filter(({ service, kind }) => service === 'product-service' && kind === 'CONSUMER')
    const created = of.filter(({ name }) => name === 'process shop.events:order.created')
    expect(created.map(({ attributes }) => attributes['shop.outcome'])).toEqual(['parked', 'parked', 'changed'])
    return created
  })
  expect(attempts.map(({ isError }) => isError)).toEqual([true, true, false])
  expect(new Set(attempts.map(({ parentSpanId }) => parentSpanId)).size).toBe(1)
  expect(attempts.map(({ links }) => links.map(({ spanId }) => spanId))).toEqual([[], [], [redrive.spanId]])
  expect(redrive.traceId).not.toBe(attempts[0]?.traceId)
  expect((await storyOf(shop, order.id)).mails).toEqual(['receipt'])
})

test('a repeated answer points to the first, below the question', async () => {
  const { order } = await place()
  await ends(shop, order, PAID)
  await whenTraced(order, PAID_TREE)
  const paid = await shop.toldOnce(order.id, 'order.paid')
  const succeeded = await shop.toldOnce(order.id, 'payment.succeeded')
  // the provider's answer is told once more, as after a question
  const again = { ...succeeded, id: newId(), repeats: succeeded.id }
  await shop.publishers.publish(again)
  const repeated = await eventually(() => {
    const found = receiver
      .traceOf(order.id)
      .filter(({ name, links }) => name === 'publish shop.events:order.paid' && links.length > 0)
    expect(found).toHaveLength(1)
    return found[0]
  })
  expect(repeated?.links).toMatchObject([{ spanId: paid.traceparent?.slice(36, 52), traceId: repeated?.traceId }])
  const parent = receiver.spans.find(({ spanId }) => spanId === repeated?.parentSpanId)
  expect(parent).toMatchObject({ service: 'order-service', name: 'process shop.events:payment.succeeded' })
  expect(parent?.attributes['messaging.message.id']).toBe(again.id)
})
