import type { Id } from '@order-saga/common'
import { add, change, remove } from '../scene'
import { both, NOBODY, type Plant } from './plant'

export const events: Plant[] = [
  {
    name: 'an event is not in the journal',
    breaks: ['L1'],
    says: ({ paid }) => `of ${paid} is not in the journal`,
    plant: (scene) =>
      remove(scene, {
        service: 'logger-service',
        table: 'journal',
        where: `journal.subject = $1 AND journal.type = 'order.paid'`,
        key: scene.paid,
      }),
  },
  {
    name: 'the journal has an event that nobody told',
    breaks: ['L2'],
    says: () => `the journal has product.low_stock ${NOBODY}`,
    plant: (scene) =>
      add(scene, 'logger-service', 'journal', {
        id: `'${NOBODY}'`,
        type: `'product.low_stock'`,
        source: `'product-service'`,
        subject: `'${scene.productId}'`,
        occurred_at: 'now()',
        correlation_id: `'${NOBODY}'`,
        data: `'{}'`,
      }),
  },
  {
    name: 'an event has a cause that nobody told',
    breaks: ['L3'],
    says: ({ paid }) => `of ${paid} was caused by ${NOBODY}, which nobody told`,
    plant: (scene) =>
      both(
        change(
          scene,
          {
            service: 'order-service',
            table: 'outbox',
            where: `outbox.envelope ->> 'subject' = $1 AND outbox.type = 'order.paid'`,
            key: scene.paid,
          },
          { envelope: `jsonb_set(outbox.envelope::jsonb, '{causationid}', '"${NOBODY}"')::json` },
        ),
        change(
          scene,
          {
            service: 'logger-service',
            table: 'journal',
            where: `journal.subject = $1 AND journal.type = 'order.paid'`,
            key: scene.paid,
          },
          { causation_id: `'${NOBODY}'` },
        ),
      ),
  },
  {
    name: 'an effect has no cause',
    breaks: ['L3'],
    says: () => `order ${NOBODY}: cart without order.created`,
    plant: (scene) =>
      add(scene, 'cart-service', 'cart_orders', {
        order_id: `'${NOBODY}'`,
        customer_id: `'${scene.ada.id}'`,
        state: `'taken'`,
      }),
  },
  {
    name: 'a reader has missed an event',
    breaks: ['L4'],
    says: ({ paid }) => `of ${paid}`,
    plant: async (scene) => {
      const { shop, paid } = scene
      const sql = 'SELECT created_event_id AS id FROM orders WHERE id = $1'
      const [created] = await shop.premises.query<{ id: Id }>('order-service', sql, [paid])
      return remove(scene, { service: 'cart-service', table: 'inbox', where: 'inbox.id = $1', key: created?.id ?? '' })
    },
  },
  {
    name: 'an event is unsent',
    breaks: ['L5'],
    says: () => `payment-service: event ${NOBODY} is unsent`,
    plant: (scene) =>
      add(scene, 'payment-service', 'outbox_unsent', { id: `'${NOBODY}'`, created_at: `now() + interval '1 hour'` }),
  },
  {
    name: 'an event is parked',
    breaks: ['L5'],
    says: () => `mailer-service: order.paid ${NOBODY} is parked`,
    plant: (scene) =>
      add(scene, 'mailer-service', 'parked', {
        event_id: `'${NOBODY}'`,
        type: `'order.paid'`,
        envelope: `'{}'`,
        reason: `'handler_error'`,
        error: `''`,
        handler: `'sendReceipt'`,
        attempts: '1',
        next_attempt_at: `now() + interval '1 hour'`,
      }),
  },
  {
    name: 'an inbox keeps what is long over',
    breaks: ['L5'],
    says: () => 'cart-service: 1 rows of inbox are older than they may be',
    plant: (scene) => add(scene, 'cart-service', 'inbox', { id: `'01900000-0000-7000-8000-000000000000'` }),
  },
]
