import type { Metrics } from '@order-saga/common'
import { Counter, Gauge, type Registry } from 'prom-client'
import { type CircuitState, circuitStates } from '../provider/circuit'

/** What is to be seen of the calls to the provider. */
export interface ProviderMetrics {
  readonly calls: Counter<'call' | 'answer' | 'why'>
  readonly alarms: Counter<'reason'>
  readonly webhooks: Counter<'outcome'>
  readonly inFlight: Gauge
  readonly attention: Gauge
  readonly circuit: Gauge<'state'>
  readonly outages: Counter
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
    circuit: circuitGauge(registers),
    outages: new Counter({
      name: 'payment_provider_outages_total',
      help: 'How often the payment provider was found to be away and left alone for a while',
      registers,
    }),
  }
}

function circuitGauge(registers: Registry[]): Gauge<'state'> {
  const gauge = new Gauge({
    name: 'payment_provider_circuit',
    help: 'State of the circuit breaker around the payment provider: 1 for the one it is in',
    labelNames: ['state'] as const,
    registers,
  })
  showState(gauge, 'closed')
  return gauge
}

export function showState(gauge: Gauge<'state'>, state: CircuitState): void {
  for (const each of circuitStates) gauge.set({ state: each }, each === state ? 1 : 0)
}
