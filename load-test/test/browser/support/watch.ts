import type { BrowserContext } from 'playwright-core'

/** Reports what goes wrong on the pages of a context, and lets them ask nobody but `hosts`. */
export async function watch(
  context: BrowserContext,
  hosts: readonly string[],
  report: (trouble: string) => void,
): Promise<void> {
  const isOurs = (url: URL) => hosts.includes(url.host)
  await context.route(
    (url) => !isOurs(url),
    (route) => {
      report(`foreign host: ${route.request().url()}`)
      return route.abort()
    },
  )
  context.on('console', (message) => {
    if (message.type() === 'error') report(`console: ${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (error) => report(`thrown: ${error.error().message}`))
  context.on('response', (response) => {
    if (response.status() >= 400) report(`${response.status()}: ${response.request().method()} ${response.url()}`)
  })
  context.on('requestfailed', (request) => {
    const failure = request.failure()?.errorText ?? ''
    // the page itself let it go: whoever leaves a page ends its streams
    if (failure !== 'net::ERR_ABORTED') report(`${failure}: ${request.method()} ${request.url()}`)
  })
}
