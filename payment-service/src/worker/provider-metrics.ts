import type { Metrics } from '@order-saga/common'
import { Counter, Gauge } from 'prom-client'

/** What is to be seen of the calls to the provider. */
export interface ProviderMetrics {
  readonly calls: Counter<'call' | 'answer' | 'why'>
  readonly alarms: Counter<'reason'>
  readonly webhooks: Counter<'outcome'>
  readonly inFlight: Gauge
  readonly attention: Gauge
}

export function providerMetrics({ registry }: Metrics): ProviderMetrics {
  const registers = [registry]
  return {
    calls: new Counter({
      name: 'payment_provider_calls_total',
      help: 'Calls to the payment provider by what they taught us',
      labelNames: ['call', 'answer', 'why'],
      registers,
    }),
    alarms: new Counter({
      name: 'payment_alarms_total',
      help: 'Answers of the provider that cannot happen while everybody keeps the protocol',
      labelNames: ['reason'],
      registers,
    }),
    webhooks: new Counter({
      name: 'payment_webhooks_total',
      help: 'Webhooks of the provider by what came of them',
      labelNames: ['outcome'],
      registers,
    }),
    inFlight: new Gauge({
      name: 'payment_provider_calls_in_flight',
      help: 'Calls to the payment provider under way',
      registers,
    }),
    attention: new Gauge({
      name: 'payments_needing_attention',
      help: 'Payments a person has to look at',
      registers,
    }),
  }
}
