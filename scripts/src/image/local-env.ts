import { SERVICES, serviceNames } from '@order-saga/common'
import { serverPorts } from '../deploy/containers'
import type { Ports } from '../infra'
import { portOf } from '../shop/service-env'

/** A container's environment, with every place that it names where this machine has it. */
export function localEnv(env: Readonly<Record<string, string>>, ports: Ports): Record<string, string> {
  const places: [string, number][] = [
    [`postgres:${serverPorts.postgres}`, ports.postgres],
    [`rabbitmq:${serverPorts.rabbitmq}`, ports.amqp],
    ['rabbitmq:15672', ports.management],
    [`redis:${serverPorts.redis}`, ports.redis],
    [`mail:${serverPorts.mail}`, ports.smtp],
    [`provider:${serverPorts.provider}`, ports.provider],
    ...serviceNames.map((name): [string, number] => [`${name}:${SERVICES[name].port}`, portOf(name)]),
  ]
  const moved = (value: string) =>
    places.reduce(
      (text, [from, port]) => text.replaceAll(new RegExp(`(?<=[/@])${from}`, 'g'), `127.0.0.1:${port}`),
      value,
    )
  const port = serviceNames.find((name) => String(SERVICES[name].port) === env.PORT)
  const entries = Object.entries(env).map(([name, value]) => [name, moved(value)])
  return { ...Object.fromEntries(entries), ...(port && { PORT: String(portOf(port)) }) }
}
