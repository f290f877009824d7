import { createTransport, type SendMailOptions } from 'nodemailer'

export type Outgoing = SendMailOptions

export type Send = (mail: Outgoing) => Promise<unknown>

export const openSmtp = (url: string) =>
  createTransport({
    url,
    pool: true,
    // answers to several mails at once are one wake-up of both sides
    maxConnections: 10,
    maxMessages: Number.POSITIVE_INFINITY,
    // a connection lost after DATA: the mails table decides about the second copy, not the pool
    maxRequeues: 0,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
