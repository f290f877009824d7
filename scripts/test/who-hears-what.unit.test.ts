import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue, manifestOf, serviceNames } from '@order-saga/common'
import { binding, events, expectedBindings, expectedQueues, kept, services } from '../src/audit/who-hears-what'
import { cloneRoot } from '../src/infra'
import { participants } from '../src/participants'

// The auditor has written all of this down itself. Where it differs from contracts and saga tables one of the two is
// wrong: find out which before you change either.

const manifest = manifestOf(participants)

it('knows every service', () => {
  expect([...services].sort()).toEqual([...serviceNames].sort())
})

it('knows every event, who tells it, and whether it names a person', () => {
  const declared = catalogue.map(({ type, publisher, isPersonal }) => [type, { by: publisher, isPersonal }])
  const written = Object.entries(events).map(([type, { by, isPersonal = false }]) => [type, { by, isPersonal }])
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(declared))
})

it('knows who hears it', () => {
  const bound = manifest.bindings.map(({ source, queue, routingKey }) => binding(source, queue, routingKey))
  expect([...expectedBindings()].sort()).toEqual(bound.sort())
})

it('knows the queues', () => {
  expect(Object.fromEntries(expectedQueues())).toEqual(
    Object.fromEntries(manifest.queues.map((queue) => [queue.name, queue.arguments])),
  )
})

it.each([
  ['common/src/outbox/plumbing-migration.ts', `partition_by_day('inbox', ${kept.inbox})`],
  ['common/src/outbox/plumbing-migration.ts', `partition_by_day('outbox', ${kept.outbox})`],
  ['common/src/outbox/retention.ts', `now() - interval '${kept.personalOutbox} day'`],
  ['logger-service/src/db/migrations/0001-journal.ts', `partition_by_day('journal', ${kept.journal})`],
])('knows how long rows are kept: %s says %s', (file, words) => {
  expect(readFileSync(join(cloneRoot, file), 'utf8')).toContain(words)
})
