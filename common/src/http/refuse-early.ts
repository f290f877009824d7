import type { FastifyInstance } from 'fastify'
import { hasNul } from '../nul'
import { Problem } from './problem'

const noNul = () => new Problem(400, 'validation', 'NUL is not accepted.')

/** Refuses what no route wants: NUL anywhere, other bodies than JSON, two tokens at once. */
export function refuseEarly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser(['text/plain', 'application/json'])
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (hasNul(String(body))) done(noNul())
    else parse(request, String(body), done)
  })
  app.addHook('onRequest', async ({ url, raw }) => {
    if (url.includes('%00')) throw noNul()
    const tokens = raw.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'authorization')
    if (tokens.length > 1)
      throw new Problem(401, 'unauthenticated', 'Send one access token.', { 'WWW-Authenticate': 'Bearer' })
  })
}
