import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Image } from './build'
import { Container } from './container'
import { bytesIn, megabytes } from './sizes'

// a package manager, a compiler, a source or a test has no place in a running container
const UNWANTED = /\.(ts|map|tsbuildinfo)$|(^|\/)(test|typescript|jest|@swc|@biomejs)(\/|$)/

/** Looks into the image that was built in `folder`. Throws when something is in it that should not be. */
export function inspect(image: Image, folder: string, say: (line: string) => void): void {
  const shop = join(folder, 'runtime/layer/shop')
  const files = readdirSync(shop, { recursive: true, encoding: 'utf8' })
  const own = files.filter((file) => !file.includes('node_modules/'))
  const unwanted = [
    ...own.filter((file) => UNWANTED.test(file)),
    ...files.filter((file) => /\.d\.ts$|\.map$/.test(file)),
  ]
  if (unwanted.length > 0) throw new Error(`in the image, and should not be: ${unwanted.slice(0, 5).join(', ')}`)
  const sizes = { packages: bytesIn(join(shop, 'node_modules')), all: bytesIn(shop) }
  say(`✓ ${megabytes(sizes.all)} above Node's own image: ${megabytes(sizes.packages)} packages`)
  const { components } = JSON.parse(readFileSync(join(shop, 'sbom.cdx.json'), 'utf8')) as { components: unknown[] }
  say(`✓ its bill of materials lists ${components.length} packages`)
  const probe = new Container('probe', image, folder)
  const attempts = ['/shop/x', '/x', '/tmp/x', '/usr/local/bin/x'].map((path) => `touch ${path} 2> /dev/null`)
  probe.exec(['sh', '-c', `! { ${attempts.join(' || ')} || command -v npm; }`])
  say('✓ its user can write nowhere, and finds no package manager')
}
