import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@order-saga/common/testing'
import { type AuditSources, audit, Databases, invariants } from '@order-saga/scripts/audit'
import { auditSourcesOf } from '../support/audit-shop'
import { quiet, settled } from '../support/quiet'
import { TestShop } from '../support/test-shop'
import { plants } from './support/plants'
import { alarmedInstance } from './support/plants/processes'
import { type Scene, setScene } from './support/scene'

const directory = mkdtempSync(join(tmpdir(), 'audit-'))
let scene: Scene
/** What provider and mail server cannot forget of earlier plants. */
let known = new Set<string>()

async function violations(expectations = {}, sources: Partial<AuditSources> = {}): Promise<string[]> {
  const report = await audit({ ...auditSourcesOf(scene.shop, expectations), ...sources }, scene.shop.audited)
  return report.invariants.flatMap((one) => one.violations.map((violation) => `${one.id} ${violation}`))
}

beforeAll(async () => {
  scene = await setScene(await TestShop.open(), directory)
  await quiet(scene.shop)
  await settled(scene.shop)
}, 60_000)

afterAll(async () => {
  await scene?.shop.close()
  rmSync(directory, { recursive: true })
}, 60_000)

it('finds nothing in a shop that keeps its promises', async () => {
  await eventually(async () => expect(await violations()).toEqual([]))
})

it('finds nothing more when it reads page by page', async () => {
  const sources = auditSourcesOf(scene.shop, {})
  const inPages = new Databases(sources.databases, 2)
  try {
    expect((await audit(sources, inPages)).violationCount).toBe(0)
  } finally {
    await inPages.close()
  }
})

it('takes a mail that an administrator had sent once more for what it is', async () => {
  const { shop, refunded } = scene
  const token = await shop.authority.admin()
  const resend = { token, body: { reason: 'it got lost' } }
  const asked = await shop.ask('mailer-service', `/admin/mails/${refunded}/refund/resend`, resend)
  expect(asked.status).toBe(202)
  await eventually(async () => {
    const { body } = await shop.ask('mailer-service', '/admin/mails?state=sent', { token })
    expect(body).toMatchObject({
      mails: expect.arrayContaining([expect.objectContaining({ kind: 'refund', resends: 1 })]),
    })
  })
  await eventually(async () => expect(await violations()).toEqual([]))
})

it('has something planted for every invariant', () => {
  expect(new Set(plants.flatMap(({ breaks }) => breaks))).toEqual(new Set(Object.keys(invariants)))
})

const named = plants.map((plant) => [`${plant.breaks.join(' and ')}: ${plant.name}`, plant] as const)

it.each(named)('%s', async (_name, { breaks, says, plant, expectations }) => {
  const undo = await plant?.(scene)
  try {
    await eventually(async () => {
      const fresh = (await violations(expectations?.(scene))).filter((one) => !known.has(one))
      expect([...new Set(fresh.map((one) => one.slice(0, 2)))]).toEqual(breaks)
      expect(fresh.join('\n')).toContain(says(scene))
    })
  } finally {
    if (undo) await undo()
    else if (plant) known = new Set(await violations())
  }
})

it.each(['paid_after_release', 'unroutable'])('P1: an instance has raised an alarm: %s', async (kind) => {
  const { url, close } = await alarmedInstance(kind)
  try {
    expect(await violations({}, { instances: [url] })).toContainEqual(expect.stringContaining(kind))
    const excused = await violations({ queueWasLost: true }, { instances: [url] })
    expect(excused.some((one) => one.includes(kind))).toBe(kind !== 'unroutable')
  } finally {
    close()
  }
})

it('finds a queue that was deleted and rebuilt whole again, though the broker goes on listing its former consumer', async () => {
  const { premises } = scene.shop
  await premises.deleteQueue('cart-service')
  await eventually(async () => expect((await violations()).join()).toContain('queue cart-service.events is missing'))
  await premises.rebuildTopology()
  await eventually(async () => expect((await violations()).filter((one) => !known.has(one))).toEqual([]))
})

it('finds nothing new when everything is undone', async () => {
  await eventually(async () => expect((await violations()).filter((one) => !known.has(one))).toEqual([]))
})
