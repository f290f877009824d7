import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

// every 10 ms unless told otherwise: an idle process would wake for nothing else
const LOOK_AT_LOOP_EVERY_MS = 100

/** The metrics every service has; a service adds its own to `registry`. */
export class Metrics {
  readonly registry = new Registry()

  readonly httpDuration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: SECONDS,
    registers: [this.registry],
  })
  readonly events = new Counter({
    name: 'saga_events_total',
    help: 'Events by what became of them: changed, repeated, ignored, duplicate, parked, alarm, dead',
    labelNames: ['type', 'outcome', 'reason'],
    registers: [this.registry],
  })
  readonly batchSize = new Histogram({
    name: 'saga_batch_events',
    help: 'Events handled in one transaction',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200],
    registers: [this.registry],
  })
  readonly batchDuration = new Histogram({
    name: 'saga_batch_duration_seconds',
    help: 'Duration of one batch from claim to commit',
    buckets: SECONDS,
    registers: [this.registry],
  })
  readonly published = new Counter({
    name: 'outbox_published_total',
    help: 'Events handed to the broker: confirmed, unroutable or unknown',
    labelNames: ['outcome'],
    registers: [this.registry],
  })
  readonly swept = new Counter({
    name: 'outbox_swept_total',
    help: 'Events published again because their confirm was never recorded',
    registers: [this.registry],
  })
  readonly outboxUnsent = new Gauge({
    name: 'outbox_unsent',
    help: 'Events stored and not yet known to be published',
    registers: [this.registry],
  })
  readonly outboxOldestAge = new Gauge({
    name: 'outbox_oldest_age_seconds',
    help: 'Age of the oldest unsent event',
    registers: [this.registry],
  })
  readonly retries = new Counter({
    name: 'saga_retries_total',
    help: 'Attempts at parked events by what became of them',
    labelNames: ['type', 'outcome'],
    registers: [this.registry],
  })
  readonly parked = new Gauge({
    name: 'saga_parked_events',
    help: 'Events that wait for another attempt',
    registers: [this.registry],
  })
  readonly parkedOldestAge = new Gauge({
    name: 'saga_parked_oldest_age_seconds',
    help: 'How long ago the first attempt failed at what waits longest for another',
    registers: [this.registry],
  })
  readonly deadLetters = new Gauge({
    name: 'dead_letters',
    help: 'Dead letters that wait for a person',
    labelNames: ['reason'],
    registers: [this.registry],
  })
  readonly alarms = new Counter({
    name: 'saga_alarms_total',
    help: 'What cannot happen while the protocol holds: a person should look',
    labelNames: ['kind'],
    registers: [this.registry],
  })
  readonly holds = new Counter({
    name: 'consumer_holds_total',
    help: 'Batches held back because a server was away',
    registers: [this.registry],
  })
  readonly ready = new Gauge({
    name: 'service_ready',
    help: '1 while the service can do its work, as /readyz says',
    registers: [this.registry],
  })
  readonly dependencyUp = new Gauge({
    name: 'service_dependency_up',
    help: '1 for each server the service needs and has: database, broker (to publish), queue (to consume)',
    labelNames: ['dependency'],
    registers: [this.registry],
  })

  readonly logLinesDropped = new Counter({
    name: 'log_lines_dropped_total',
    help: 'Log lines that never reached the journal, since the broker was away or blocked for too long',
    registers: [this.registry],
  })

  /** `service`: the process's name. */
  constructor(service: string) {
    this.registry.setDefaultLabels({ service })
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: LOOK_AT_LOOP_EVERY_MS })
  }
}
