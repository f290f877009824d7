import { type App, Currency } from '@order-saga/common'
import Type from 'typebox'
import type { LoggerConfig } from '../config'

export const ConsoleSettings = Type.Object({
  traceUrl: Type.Union([Type.String(), Type.Null()], {
    description: 'of the tracing UI, {traceId} where its id belongs',
  }),
  currency: Currency,
})

/** What the page has to know of this shop's settings. */
export function consoleRoutes(app: App, { traceUrl, currency }: Pick<LoggerConfig, 'traceUrl' | 'currency'>): void {
  app.get(
    '/console/settings',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['console'],
        summary: 'What the console has to know of the settings',
        response: { 200: ConsoleSettings },
      },
    },
    async () => ({ traceUrl: traceUrl || null, currency }),
  )
}
