import { type Bus, type Log, newId, Runtime } from '@order-saga/common'
import type { PaymentConfig } from './config'
import { countAttention } from './db/find-payments'
import { PaymentEntity } from './db/payment-entity'
import { PaymentRepository } from './db/payment-repository'
import { forgetOldWebhooks } from './db/webhooks'
import { routes } from './http/routes'
import { Circuit, type CircuitState } from './provider/circuit'
import type { Provider } from './provider/provider'
import { SimulatedProvider } from './provider/simulated-provider'
import { steps } from './saga'
import { askOverdue } from './use-cases/ask-overdue'
import { type ProviderMetrics, providerMetrics, showState } from './worker/provider-metrics'
import { ProviderWorker } from './worker/provider-worker'
import { webhookEar } from './worker/webhook-ear'

const about = 'Charges exactly what was reserved, once, and gives it back when the order does not come about.'

const HOUR_MS = 3_600_000

export interface PaymentParts {
  readonly provider?: Provider
  readonly bus?: Bus
}

export async function buildPaymentService(config: PaymentConfig, parts: PaymentParts = {}): Promise<Runtime> {
  const { bus } = parts
  const entities = [PaymentEntity]
  const runtime = await Runtime.create({ service: 'payment-service', about, config, entities, ...(bus && { bus }) })
  const { database, log, app, tracing } = runtime
  const { sweepMs, graceMs, providerTimeoutMs, webhookSecret: secret } = config

  // a call that starts in the first half of its lease ends within it
  const leaseMs = 2 * providerTimeoutMs
  const metrics = providerMetrics(runtime.metrics)
  const stripe = config.stripeKey === '' ? undefined : loadStripe()
  const provider = stripe ? new stripe.StripeProvider(config) : new SimulatedProvider(config)
  const circuit = guard(parts.provider ?? provider, metrics, log)
  const payments = new PaymentRepository({ leaseMs, graceMs, onCalls: (calls) => worker.take(calls) })
  const worker = new ProviderWorker({ database, payments, provider: circuit, circuit, metrics, log, tracing, leaseMs })

  const hear = webhookEar({ database, metrics, log, worker })
  routes(app, database, payments, { secret, hear, isSignedByStripe: stripe?.isSignedByStripe })
  runtime.react({
    steps,
    open: (tx, events) => payments.open(tx, events),
    close: (tx, book) => payments.close(tx, book),
  })
  runtime.every(sweepMs, 'provider calls', () => worker.sweep())
  runtime.every(sweepMs, 'overdue payments', () => database.transaction((tx) => askOverdue(tx, newId)))
  runtime.every(10 * sweepMs, 'attention', async () => metrics.attention.set(await countAttention(database)))
  runtime.every(HOUR_MS, 'old webhooks', () => forgetOldWebhooks(database))
  runtime.onClose(async () => {
    await worker.drain()
    circuit.close()
  })
  return runtime
}

/** Its library takes 16 MB and half a second: only those who use it shall pay for that. */
const loadStripe = () => require('./provider/stripe') as typeof import('./provider/stripe')

/** A provider that is away is left alone for a while, which is to be seen in metrics and log. */
function guard(provider: Provider, { circuit, outages }: ProviderMetrics, log: Log): Circuit {
  const onState = (state: CircuitState) => {
    showState(circuit, state)
    if (state === 'closed') log.info({}, 'the payment provider is back')
    if (state !== 'open') return
    outages.inc()
    log.warn({}, 'the payment provider is away: calls to it wait')
  }
  return new Circuit(provider, { onState })
}
