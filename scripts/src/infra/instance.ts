import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { type Ports, portsFromEnv } from './ports'

/** One set of private servers: where their data lies and where they listen. */
export interface Instance {
  dataDir: string
  ports: Ports
  /** Its broker's place in a cluster; without it the broker is alone. */
  node?: ClusterNode
}

export interface ClusterNode {
  /** Erlang's, such as `shop-1@localhost`. */
  name: string
  /** Whom it joins at its first start. */
  seed: string
  /** What the nodes prove to each other that they belong together. */
  cookie: string
}

export const cloneRoot = realpathSync(join(__dirname, '../../..'))
export const isRoot = process.getuid?.() === 0

// PostgreSQL refuses to run as root, and as another user it cannot reach into a home closed to others
function defaultDataDir(): string {
  const hash = createHash('sha256').update(cloneRoot).digest('hex').slice(0, 10)
  return isRoot ? `/var/tmp/order-saga-${hash}` : join(cloneRoot, '.shop/data')
}

export const defaultInstance = (env: NodeJS.ProcessEnv = process.env): Instance => ({
  dataDir: env.SHOP_DATA_DIR || defaultDataDir(),
  ports: portsFromEnv(env),
})
