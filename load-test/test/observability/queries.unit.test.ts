import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Metrics, serviceNames } from '@order-saga/common'
import type { Registry } from 'prom-client'
import { orderMetrics } from '../../../order-service/src/order-metrics'
import { providerMetrics } from '../../../payment-service/src/worker/provider-metrics'
import { ProductCache } from '../../../product-service/src/cache/product-cache'
import { dashboards, directory, queries, root, rules, selectorsOf } from './queries'

/** What services expose, each with its labels. */
function exposed(): Map<string, Set<string>> {
  const metrics = new Metrics('order-service')
  orderMetrics(metrics)
  providerMetrics(metrics)
  new ProductCache({ metrics } as ConstructorParameters<typeof ProductCache>[0])
  const known = new Map([['up', new Set(['job', 'service', 'instance'])]])
  for (const { name, type, labelNames = [] } of registered(metrics.registry)) {
    const labels = ['service', 'instance', ...labelNames]
    const isHistogram = String(type) === 'histogram'
    for (const ending of isHistogram ? ['_bucket', '_sum', '_count'] : [''])
      known.set(name + ending, new Set(ending === '_bucket' ? [...labels, 'le'] : labels))
  }
  return known
}

const registered = (registry: Registry) =>
  registry.getMetricsAsArray() as unknown as { name: string; type: string; labelNames?: string[] }[]

const known = exposed()

test('finds the series of a query, and the labels it goes by', () => {
  const expr = 'histogram_quantile(0.99, sum by (le, a) (rate(x_bucket{b="c d", e=~"f"}[5m]))) > 0.5 and on (g) y'
  expect(selectorsOf(expr)).toEqual([
    { metric: 'x_bucket', labels: ['b', 'e', 'le', 'a', 'g'] },
    { metric: 'y', labels: ['le', 'a', 'g'] },
  ])
})

test.each(queries)('$where asks for what services expose: $expr', ({ expr }) => {
  const selectors = selectorsOf(expr)
  expect(selectors).not.toEqual([])
  for (const { metric, labels } of selectors) {
    // of the broker itself: a special test asks it
    if (metric.startsWith('rabbitmq_')) continue
    expect([...known.keys()]).toContain(metric)
    for (const label of labels) expect([metric, ...(known.get(metric) ?? [])]).toContain(label)
  }
})

test('every alert has a section in the runbook that says what it means, what to look at and what to do', () => {
  const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8')
  const sections = runbook.split(/^## /m).slice(1)
  for (const { alert, annotations, labels } of rules) {
    expect(annotations.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`)
    expect(['page', 'ticket']).toContain(labels.severity)
    const section = sections.find((text) => text.startsWith(`${alert}\n`))
    for (const part of ['**Means.**', '**Look.**', '**Do.**'])
      expect([alert, section]).toContainEqual(expect.stringContaining(part))
  }
})

test('the runbook names commands that there are, and sections that there are', () => {
  const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8')
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const [, name = ''] of runbook.matchAll(/npm run ([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(name)
  const anchors = [...runbook.matchAll(/^##+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replace(/ /g, '-'))
  for (const [, anchor] of runbook.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor)
})

test('every alert has a test that sees it fire', () => {
  const tests = readFileSync(join(directory, 'rules.test.yml'), 'utf8')
  for (const { alert } of rules) expect(tests).toContain(`{alertname="${alert}"}`)
})

test('every service is scraped, on this machine and in containers, and there is a dashboard of each kind', () => {
  for (const file of ['targets.yml', 'targets.compose.yml']) {
    const targets = readFileSync(join(directory, file), 'utf8')
    for (const service of serviceNames) expect(targets).toContain(`service: ${service} `)
  }
  expect(dashboards.map(({ uid }) => uid).sort()).toEqual(
    ['broker', 'overview', 'saga', 'service'].map((kind) => `order-saga-${kind}`),
  )
  expect(existsSync(join(directory, 'prometheus.yml'))).toBe(true)
})
