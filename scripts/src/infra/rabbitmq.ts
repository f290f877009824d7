import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { required } from './binaries'
import { development } from './credentials'
import type { Instance } from './instance'
import { start, stop } from './lifecycle'
import { answers, respondsOk } from './probe'
import type { Stopping } from './processes'
import { advanced, configuration, environment } from './rabbitmq-configuration'
import type { Server } from './server'
import { directoryFor, fileFor, serverUser } from './users'

const { user: administrator, password, vhost } = development.rabbitmq

/** The name service of Erlang nodes: our own, or RabbitMQ would leave one behind that nobody stops. */
export const epmd: Server = {
  id: 'epmd',
  title: 'epmd',
  directory: 'rabbitmq', // where the broker starts another one, should it miss this one
  ports: ['epmd'],
  executables: ['epmd'],
  async prepare({ dataDir, ports }) {
    const user = serverUser('rabbitmq')
    directoryFor(user, join(dataDir, 'rabbitmq'))
    const args = ['-port', String(ports.epmd), '-address', '127.0.0.1']
    return { command: required('epmd'), args, env: {}, user }
  },
  // Asked for the names it knows, it answers its own port number first
  isReady: ({ ports }) => answers({ port: ports.epmd, say: '\0\x01n', expect: '' }),
}

export const rabbitmq: Server = {
  id: 'rabbitmq',
  title: 'RabbitMQ',
  ports: ['amqp', 'management', 'erlangDistribution'],
  executables: ['beam.smp', 'erl_child_setup', 'inet_gethost'],
  // With everything stopped, versions before 3.13 still sleep for 5 s (rabbitmq/rabbitmq-server#11070)
  stopping: { killAfterMs: 3_000 },
  async prepare(instance) {
    const user = serverUser('rabbitmq')
    const directory = directoryFor(user, join(instance.dataDir, 'rabbitmq'))
    directoryFor(user, join(directory, 'log'))
    fileFor(user, join(directory, 'rabbitmq.conf'), configuration(instance))
    if (instance.node) fileFor(user, join(directory, '.erlang.cookie'), instance.node.cookie)
    fileFor(user, join(directory, 'advanced.config'), advanced)
    fileFor(user, join(directory, 'enabled_plugins'), '[rabbitmq_management].\n')
    return { command: required('rabbitmq-server'), args: [], env: environment(instance), user }
  },
  // Asked over HTTP for its AMQP listener too: a bare connection to that would leave a warning in the log
  async isReady({ ports }) {
    const authorization = `Basic ${Buffer.from(`${administrator}:${password}`).toString('base64')}`
    const paths = [`vhosts/${vhost}`, `health/checks/port-listener/${ports.amqp}`]
    const checks = paths.map((path) =>
      respondsOk(`http://127.0.0.1:${ports.management}/api/${path}`, { authorization }),
    )
    return (await Promise.all(checks)).every(Boolean)
  },
}

export async function startRabbitMq(instance: Instance): Promise<{ wasRunning: boolean }> {
  await start(epmd, instance)
  return start(rabbitmq, instance)
}

export async function stopRabbitMq(instance: Instance, stopping?: Stopping): Promise<void> {
  await stop(rabbitmq, instance, stopping)
  await stop(epmd, instance)
}

/** The broker's own tool, for what its HTTP API cannot do, such as raising an alarm. */
export const rabbitMqCtl = (instance: Instance, ...args: string[]): Promise<string> =>
  rabbitMqTool('rabbitmqctl', instance, args)

/** Lets the broker tell Prometheus about its queues on a port of 127.0.0.1, as it does in a container. */
export async function exposeMetrics(instance: Instance, port: number): Promise<void> {
  // persistent: the plugin, which is loaded later, brings values of its own
  const listener = `[{ip, "127.0.0.1"}, {port, ${port}}]`
  await rabbitMqCtl(
    instance,
    'eval',
    `application:set_env(rabbitmq_prometheus, tcp_config, ${listener}, [{persistent, true}]).`,
  )
  await rabbitMqTool('rabbitmq-plugins', instance, ['enable', 'rabbitmq_prometheus'])
}

async function rabbitMqTool(tool: string, instance: Instance, args: string[]): Promise<string> {
  const cwd = join(instance.dataDir, 'rabbitmq')
  const env = environment(instance)
  const run = promisify(execFile)
  return (await run(required(tool), args, { cwd, env, ...serverUser('rabbitmq') })).stdout
}
