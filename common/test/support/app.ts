import { type App, Metrics } from '@order-saga/common'
import pino from 'pino'
import { type AppOptions, buildApp } from '../../src/http/build-app'

/** The HTTP side that every service has, with no service behind it. */
export const testApp = (options: Pick<AppOptions, 'authenticate'> & Partial<AppOptions>): Promise<App> =>
  buildApp({
    service: 'order-service',
    about: 'test',
    logger: pino({ level: 'silent' }),
    metrics: new Metrics('order-service'),
    ...options,
  })
