import type { Send } from '../smtp'
import { byMail } from './by-mail'
import { bySimulatedSms } from './by-simulated-sms'
import type { Channels } from './channel'

export const channelsOver = (send: Send, mailFrom: string): Channels => ({
  mail: byMail(send, mailFrom),
  sms: bySimulatedSms(send, mailFrom),
})
