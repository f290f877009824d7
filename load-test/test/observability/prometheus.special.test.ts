import { execFileSync } from 'node:child_process'
import { orderPaid, serviceNames } from '@order-saga/common'
import { eventOf, eventually } from '@order-saga/common/testing'
import { defaultInstance, exposeMetrics, freePorts, installPrometheus } from '@order-saga/scripts/infra'
import { Prometheus } from '../support/prometheus'
import { TestShop } from '../support/test-shop'
import { dashboards, directory, queries, rules } from './queries'

let shop: TestShop
let prometheus: Prometheus

beforeAll(async () => {
  await installPrometheus((line) => process.stderr.write(`${line}\n`))
  shop = await TestShop.open({ hasAccounts: true })
  const [brokerPort = 0] = await freePorts(1)
  await exposeMetrics(defaultInstance(), brokerPort)
  const targets = serviceNames.map((service) => ({ targets: [new URL(shop.url(service)).host], labels: { service } }))
  prometheus = await Prometheus.start(directory, {
    'targets.yml': targets,
    'broker.yml': [{ targets: [`127.0.0.1:${brokerPort}`] }],
  })
}, 600_000)
afterAll(async () => {
  await prometheus?.stop()
  await shop?.close()
}, 120_000)

async function sellSomething(): Promise<void> {
  const [ada, plenty, none] = await Promise.all([
    shop.customer(),
    shop.product({ available: 1_000 }),
    shop.product({ available: 0 }),
  ])
  const buy = async (productId: string, paymentToken: string) =>
    shop.poll(ada, await shop.place(ada, [{ productId, quantity: 1 }], { paymentToken }))
  await buy(plenty, 'tok_visa')
  await buy(plenty, 'tok_chargeDeclined')
  await buy(none, 'tok_visa')
}

test('promtool finds nothing wrong with configuration and rules, and every alert fires where it should', () => {
  for (const args of [
    ['check', 'config', 'prometheus.yml'],
    ['check', 'rules', 'rules.yml'],
    ['test', 'rules', 'rules.test.yml'],
  ])
    execFileSync('promtool', args, { cwd: directory, stdio: 'pipe' })
})

test('every service and the broker are scraped', async () => {
  await eventually(async () => {
    const targets = await prometheus.targets()
    expect(targets.map(({ labels }) => labels.service ?? labels.job).sort()).toEqual(
      [...serviceNames, 'rabbitmq'].sort(),
    )
    expect(targets.map(({ health, lastError }) => [health, lastError])).toEqual(targets.map(() => ['up', '']))
  }, 60_000)
})

test('Prometheus can answer every panel and judge every rule, while the shop sells', async () => {
  await sellSomething()
  const panels = queries.filter(({ where }) => !rules.some(({ alert }) => alert === where))
  expect(panels.length).toBeGreaterThan(dashboards.length)
  // a query that it cannot read is an error of its own
  for (const { expr } of panels) await prometheus.query(expr.replaceAll('$service', 'order-service'))
  await eventually(async () => expect(await prometheus.brokenRules()).toEqual([]), 60_000)
})

test('the figures are those of the shop', async () => {
  const ended = async () => {
    const each = await prometheus.query('sum by (outcome, reason) (saga_orders_total)')
    return Object.fromEntries(
      each.map(({ metric, value }) => [`${metric.outcome} ${metric.reason ?? ''}`, Number(value[1])]),
    )
  }
  await eventually(async () => {
    const orders = await shop.premises.query<{ name: string; count: number }>(
      'order-service',
      `SELECT status || ' ' || coalesce(reason, '') AS name, count(*)::int FROM orders WHERE status <> 'pending' GROUP BY 1`,
    )
    expect(await ended()).toEqual(Object.fromEntries(orders.map(({ name, count }) => [name, count])))
  }, 60_000)
})

test('nothing is told while all is well; what goes wrong is, with its section of the runbook', async () => {
  const firing = async () => (await prometheus.alerts()).filter(({ state }) => state === 'firing')
  await eventually(async () => expect(await firing()).toEqual([]), 120_000)

  // a verdict about an order that nobody knows
  const { example } = orderPaid
  await shop.publishers.publish(eventOf(orderPaid, example))
  // nobody sends mails
  await shop.stop('mailer-service')
  await eventually(async () => {
    const alerts = await firing()
    const told = alerts.map(({ labels }) => `${labels.alertname} ${labels.service}`)
    expect(told).toContain('SagaAlarm product-service')
    expect(told).toContain('ServiceNotReady mailer-service')
    for (const { annotations } of alerts) expect(annotations.runbook).toMatch(/^docs\/runbook\.md#/)
  }, 180_000)
})
