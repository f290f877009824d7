import { InfraError, tailOf, Unavailable } from './infra-error'
import { down, status, up } from './infrastructure'

const say = (line: string) => process.stdout.write(`${line}\n`)

const commands: Record<string, (flags: string[]) => Promise<void>> = {
  up: () => up(say),
  down: (flags) => down({ volumes: flags.includes('--volumes') }),
  async status() {
    const servers = await status()
    for (const { title, state } of servers) say(`${title.padEnd(10)} ${state}`)
    process.exitCode = servers.every(({ state }) => state === 'ready') ? 0 : 3
  },
}

async function main([name = '', ...flags]: string[]): Promise<void> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command) return command(flags)
  process.stderr.write('usage: main.js up | down [--volumes] | status\n')
  process.exitCode = 64
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  if (error instanceof InfraError && error.logFile) process.stderr.write(tailOf(error.logFile))
  process.exitCode = error instanceof Unavailable ? 69 : 1
})
