import { newId } from '@order-saga/common'
import { change, type Scene } from '../scene'
import { receipt, sendMail } from './letters'
import { NOBODY, ofOrder, type Plant } from './plant'

const move = async ({ shop }: Scene, path: string, key: string, body: object): Promise<undefined> => {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key }
  const url = `${shop.outside.providerUrl}/v1/${path}`
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
}

export const money: Plant[] = [
  {
    name: 'money is kept of an order whose refund an administrator is said to have made',
    breaks: ['M1'],
    says: ({ paid }) => `paid order ${paid}: 1000 captured, 0 refunded, 0 due`,
    plant: (scene) =>
      change(scene, ofOrder('payment-service', 'payments', scene.paid), { refund_by: `'administrator'` }),
  },
  {
    name: 'an order is paid at another total than its reservation',
    breaks: ['M3'],
    says: ({ paid }) => `order ${paid} costs 1000, reserved for 1001`,
    plant: (scene) => change(scene, ofOrder('product-service', 'reservations', scene.paid), { total_minor: '1001' }),
  },
  {
    name: 'a price was never the price',
    breaks: ['M3'],
    says: ({ paid, productId }) => `order ${paid} was reserved at 1000 for product ${productId}`,
    plant: (scene) =>
      change(
        scene,
        {
          service: 'product-service',
          table: 'price_history',
          where: 'price_history.product_id = $1',
          key: scene.productId,
        },
        { price_minor: '999' },
      ),
  },
  {
    name: 'a receipt names another amount',
    breaks: ['M3'],
    says: ({ paid }) => `order ${paid} costs 1000, its receipt says 9900`,
    plant: (scene) => {
      const { paid, ada } = scene
      return sendMail(
        scene,
        ada.email,
        `Receipt for order ${paid}`,
        `<receipt.${paid}@shop.example>`,
        receipt(paid, '€99.00'),
      )
    },
    expectations: () => ({ mailerKills: 1 }),
  },
  {
    name: 'a payment names another charge',
    breaks: ['M4'],
    says: ({ paid }) => `payment of order ${paid} is charge ch_other`,
    plant: (scene) => change(scene, ofOrder('payment-service', 'payments', scene.paid), { charge_id: `'ch_other'` }),
  },
  {
    name: 'an order is charged and refunded a second time',
    breaks: ['M2', 'M4'],
    says: ({ refunded }) => `order ${refunded} was charged 2 times`,
    plant: async (scene) => {
      const fact = { amountMinor: 1000, currency: 'EUR', reference: scene.refunded }
      await move(scene, 'charges', newId(), { ...fact, paymentToken: 'tok_visa' })
      return move(scene, 'refunds', newId(), { amountMinor: 1000, reference: scene.refunded })
    },
  },
  {
    name: 'money moves for no order',
    breaks: ['M2', 'M4'],
    says: () => `money was asked for order ${NOBODY}, which does not exist`,
    plant: (scene) =>
      move(scene, 'charges', newId(), { amountMinor: 5, currency: 'EUR', reference: NOBODY, paymentToken: 'tok_visa' }),
  },
]
