import fastify from 'fastify'
import { type Line, type Order, openBroker, openDatabase, ready } from './shared'

const PRICE_MINOR = 1_000

const orderSchema = {
  body: {
    type: 'object',
    required: ['items', 'paymentToken'],
    properties: {
      paymentToken: { type: 'string' },
      items: {
        type: 'array',
        minItems: 1,
        maxItems: 50,
        items: {
          type: 'object',
          required: ['productId', 'quantity'],
          properties: { productId: { type: 'string', format: 'uuid' }, quantity: { type: 'integer', minimum: 1 } },
        },
      },
    },
  },
} as const

interface OrderBody {
  readonly items: readonly Line[]
  readonly paymentToken: string
}

async function main(): Promise<void> {
  const database = await openDatabase()
  const orders = database.getRepository<Order>('orders')
  const { publish, consume } = await openBroker('order', ['payment.succeeded', 'payment.failed', 'stock.rejected'])
  const app = fastify()

  app.post<{ Body: OrderBody }>('/orders', { schema: orderSchema }, async ({ body }, reply) => {
    const { items, paymentToken } = body
    const totalMinor = items.reduce((sum, { quantity }) => sum + quantity * PRICE_MINOR, 0)
    const order = await orders.save(orders.create({ items, paymentToken, totalMinor, status: 'pending' }))
    // a crash here and the order is pending for ever
    publish('order.created', { orderId: order.id, items, totalMinor, paymentToken })
    return reply.code(202).send({ id: order.id, status: order.status })
  })

  app.get<{ Params: { id: string } }>('/orders/:id', async ({ params }, reply) => {
    const order = await orders.findOneBy({ id: params.id })
    return order ?? reply.code(404).send({ error: 'no such order' })
  })

  await consume(async (key, { orderId }) => {
    const order = await orders.findOneBy({ id: orderId })
    if (!order) return
    order.status = key === 'payment.succeeded' ? 'paid' : 'cancelled'
    await orders.save(order)
  })
  await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
  ready()
}

void main()
