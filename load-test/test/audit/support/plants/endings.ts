import { add, change } from '../scene'
import { NOBODY, ofOrder, order, type Plant } from './plant'

const at = '2026-01-01T00:00:00.000Z'

export const endings: Plant[] = [
  {
    name: 'an accepted order is lost',
    breaks: ['T1'],
    says: () => `order ${NOBODY} was accepted and does not exist`,
    expectations: ({ ada }) => ({
      observations: [{ kind: 'accepted', userId: ada.id, idempotencyKey: 'a', orderId: NOBODY }],
    }),
  },
  {
    name: 'one key makes two orders',
    breaks: ['T1'],
    says: ({ paid, declined }) => `one key made two orders: ${paid} and ${declined}`,
    expectations: ({ ada, paid, declined }) => ({
      observations: [paid, declined].map((orderId) => ({
        kind: 'accepted',
        userId: ada.id,
        idempotencyKey: 'a',
        orderId,
      })),
    }),
  },
  {
    name: 'there is an order that nobody placed',
    breaks: ['T1'],
    says: ({ paid }) => `order ${paid} was placed by nobody`,
    expectations: ({ ada, declined, refunded }) => ({
      observations: [declined, refunded].map((orderId) => ({
        kind: 'accepted',
        userId: ada.id,
        idempotencyKey: null,
        orderId,
        at,
      })),
    }),
  },
  {
    name: 'an order never ends',
    breaks: ['T2'],
    says: ({ declined }) => `order ${declined} is pending`,
    plant: (scene) =>
      change(scene, order(scene.declined), {
        status: `'pending'`,
        verdict_event_id: 'NULL',
        deadline_at: `now() + interval '1 day'`,
      }),
  },
  {
    name: 'an order ends long after the last fault',
    breaks: ['T2'],
    says: ({ paid }) => `order ${paid} ended 3`,
    plant: (scene) =>
      change(
        scene,
        ofOrder('order-service', 'order_transitions', scene.paid, ` AND order_transitions.to_status = 'paid'`),
        {
          at: `now() + interval '1 hour'`,
        },
      ),
    expectations: () => ({ healedAt: new Date() }),
  },
  {
    name: 'a client sees a paid order become pending',
    breaks: ['T3'],
    says: ({ paid }) => `order ${paid} was paid, then pending`,
    expectations: ({ ada, paid }) => ({
      observations: ['paid', 'pending'].map((status) => ({
        kind: 'polled',
        userId: ada.id,
        orderId: paid,
        httpStatus: 200,
        status,
        version: 3,
      })),
    }),
  },
  {
    name: 'an order ends twice',
    breaks: ['T4'],
    says: ({ paid }) => `order ${paid} is paid in version 3; on record are 2 verdicts`,
    plant: (scene) =>
      add(scene, 'order-service', 'order_transitions', {
        caused_by: `'${NOBODY}'`,
        order_id: `'${scene.paid}'`,
        version: '99',
        from_status: `'cancelled'`,
        to_status: `'paid'`,
        refund: `'none'`,
      }),
  },
]
