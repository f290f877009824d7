import { connect } from 'amqplib'
import { DataSource, EntitySchema } from 'typeorm'

export interface Line {
  readonly productId: string
  readonly quantity: number
}

/** What every message carries. */
export interface Message {
  readonly orderId: string
  readonly items: readonly Line[]
  readonly totalMinor: number
  readonly paymentToken: string
}

export interface Order {
  id: string
  items: readonly Line[]
  totalMinor: number
  paymentToken: string
  status: 'pending' | 'paid' | 'cancelled'
  createdAt: Date
  updatedAt: Date
}

export interface Product {
  id: string
  available: number
}

export interface Payment {
  id: string
  orderId: string
  amountMinor: number
  status: 'succeeded' | 'failed'
}

const orders = new EntitySchema<Order>({
  name: 'orders',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    items: { type: 'jsonb' },
    totalMinor: { type: 'int' },
    paymentToken: { type: 'text' },
    status: { type: 'text', default: 'pending' },
    createdAt: { type: 'timestamptz', createDate: true },
    updatedAt: { type: 'timestamptz', updateDate: true },
  },
})
const products = new EntitySchema<Product>({
  name: 'products',
  columns: { id: { type: 'uuid', primary: true }, available: { type: 'int' } },
})
const payments = new EntitySchema<Payment>({
  name: 'payments',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    orderId: { type: 'uuid' },
    amountMinor: { type: 'int' },
    status: { type: 'text' },
  },
})

const EXCHANGE = 'orders'
const PREFETCH = 10

/** One database for all three, as in the articles. */
export function openDatabase(): Promise<DataSource> {
  const url = process.env.BASELINE_DATABASE_URL ?? ''
  const entities = [orders, products, payments]
  return new DataSource({ type: 'postgres', url, entities, installExtensions: false }).initialize()
}

export type Publish = (key: string, message: Message) => void
export type Handle = (key: string, message: Message) => Promise<void>

/** A queue with what is bound to it, handled one message after the other. */
export async function openBroker(queue: string, keys: readonly string[]) {
  const connection = await connect(process.env.BASELINE_AMQP_URL ?? '', { noDelay: true })
  const channel = await connection.createChannel()
  await channel.assertExchange(EXCHANGE, 'topic', { durable: true })
  await channel.assertQueue(queue, { durable: true })
  for (const key of keys) await channel.bindQueue(queue, EXCHANGE, key)
  await channel.prefetch(PREFETCH)
  const publish: Publish = (key, message) => {
    channel.publish(EXCHANGE, key, Buffer.from(JSON.stringify(message)), {
      persistent: true,
      contentType: 'application/json',
    })
  }
  const consume = (handle: Handle) =>
    channel.consume(queue, async (delivery) => {
      if (!delivery) return
      try {
        await handle(delivery.fields.routingKey, JSON.parse(delivery.content.toString()) as Message)
        channel.ack(delivery)
      } catch (error) {
        process.stderr.write(`${error}\n`)
        channel.nack(delivery, false, true)
      }
    })
  return { publish, consume }
}

/** Whoever started us waits for this line. */
export const ready = () => void process.stdout.write('ready\n')
