import { type Database, type Log, messageOf } from '@order-saga/common'
import type { Webhook } from '../domain'
import { hearWebhook } from '../use-cases/hear-webhook'
import type { ProviderMetrics } from './provider-metrics'
import type { ProviderWorker } from './provider-worker'

export interface WebhookEarOptions {
  readonly database: Database
  readonly metrics: ProviderMetrics
  readonly log: Log
  readonly worker: ProviderWorker
}

/** Hears what the provider says unasked, counts it, and calls the provider at once when that is worth it. */
export function webhookEar({ database, metrics, log, worker }: WebhookEarOptions) {
  const sweepNow = () =>
    void worker.sweep().catch((error) => log.warn({ reason: messageOf(error) }, 'asked again with the next sweep'))

  return async (webhook: Webhook): Promise<void> => {
    const outcome = await database.transaction((tx) => hearWebhook(tx, webhook, sweepNow))
    metrics.webhooks.inc({ outcome })
    if (outcome !== 'amount_differs') return
    const { id, reference: orderId } = webhook
    metrics.alarms.inc({ reason: `webhook_${outcome}` })
    log.error({ webhook: id, orderId, reason: outcome }, 'alarm: the provider speaks of another amount than ours')
  }
}
