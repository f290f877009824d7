import type { Id } from '@order-saga/common'
import { createTransport } from 'nodemailer'
import type { Scene } from '../scene'
import type { Plant } from './plant'

export const sendMail = async ({ shop }: Scene, to: string, subject: string, messageId: string, text: string) => {
  await createTransport(shop.outside.smtpUrl).sendMail({ from: 'shop@shop.example', to, subject, messageId, text })
  return undefined
}

export const receipt = (id: Id, amount = '€10.00') =>
  `Hello Ada, Thank you. We received ${amount} for your order ${id}.`

export const letters: Plant[] = [
  {
    name: 'a cancelled order gets a receipt',
    breaks: ['E1'],
    says: ({ declined }) => `cancelled order ${declined}: a receipt arrived`,
    plant: (scene) => {
      const { declined, ada } = scene
      return sendMail(
        scene,
        ada.email,
        `Receipt for order ${declined}`,
        `<receipt.${declined}@shop.example>`,
        receipt(declined),
      )
    },
  },
  {
    name: 'a receipt comes twice, as two mails',
    breaks: ['E2'],
    says: ({ refunded }) => `order ${refunded}: 2 times receipt as different mails`,
    plant: (scene) => {
      const { refunded, ada } = scene
      return sendMail(
        scene,
        ada.email,
        `Receipt for order ${refunded}`,
        `<other.${refunded}@shop.example>`,
        receipt(refunded),
      )
    },
  },
  {
    name: 'a mail goes to somebody else',
    breaks: ['E2'],
    says: ({ paid }) => `order ${paid}: the receipt went to somebody else`,
    plant: (scene) => {
      const { paid, eve } = scene
      return sendMail(scene, eve.email, `Receipt for order ${paid}`, `<receipt.${paid}@shop.example>`, receipt(paid))
    },
  },
]
