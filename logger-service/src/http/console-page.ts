import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { App } from '@order-saga/common'

// beside the compiled sources, wherever these are run from
const BUILT = join(__dirname, '../../dist/console')

// Its own script, its own styles, its own API, and nothing else; text of an event never becomes markup.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// no part of the API that /docs describes
const HIDDEN: object = { hide: true }

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The page at `/`. It holds no data: what it shows it asks for with the administrator's token. */
export function consolePage(app: App, folder = BUILT): void {
  const names = filesIn(folder)
  if (names.length === 0) app.log.warn({ folder }, 'the console is not built: there is no page at /')
  for (const name of names) {
    const isPage = name === 'index.html'
    const content = readFileSync(join(folder, name))
    const headers = {
      'content-type': types[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      // a name with a hash in it never gets another content
      'cache-control': /-[0-9A-Z]{8}\./.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    }
    const url = isPage ? '/' : `/console/${name}`
    app.get(url, { config: { access: 'public' }, schema: HIDDEN }, (_request, reply) =>
      reply.headers(headers).send(content),
    )
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
