import { type Setting, serviceNames } from '@order-saga/common'
import { portNames, portsFromEnv, portVariable } from '../infra/ports'
import { readBy } from '../shop/service-env'
import { jobEnv } from './containers'

const line = (name: string, value: string) => `#${name}=${value}`

/** Passwords of users that the jobs make, and of the servers' administrators. */
function passwords(): string[] {
  const given = Object.entries({ ...jobEnv.migrate, ...jobEnv.topology }).filter(([name]) => /_PASSWORD_/.test(name))
  const servers = ['ADMIN', 'REDIS'].map((who) => [`SHOP_PASSWORD_${who}`, `development-only-${who.toLowerCase()}`])
  return [...servers, ...given].map(([name = '', value = '']) => line(name, value))
}

/** What has a default in development and none in production. */
function secrets(): string[] {
  const wanted = serviceNames.flatMap(readBy).filter(({ env, developmentFallback }: Setting<unknown>) => {
    return developmentFallback !== undefined && env !== 'SHOP_REDIS_URL'
  })
  const byName = new Map(wanted.map((setting) => [setting.env, setting]))
  return [...byName.values()].flatMap(({ env, about, developmentFallback }) => [
    `# ${about}`,
    line(env, String(developmentFallback)),
  ])
}

const ports = () => portNames.map((name) => line(portVariable(name), String(portsFromEnv({})[name])))

/** .env.example: what `docker compose` takes from a file `.env`, with the value that each has without one. */
export const envExample =
  (): string => `# Written by \`npm run docs\`. Copied to .env, it sets what containers get: take the # away from what is to differ.
# A password stands in addresses: letters, digits, - and _ only.

# passwords of servers and of the users that services have there
${passwords().join('\n')}

# file with the users of Redis; \`node scripts/dist/redis-users.js\` writes one with the passwords above
#SHOP_REDIS_ACL=./deploy/redis.acl

${secrets().join('\n')}

# ports on this machine
${ports().join('\n')}
#SHOP_ENTRY_PORT=8080
`
