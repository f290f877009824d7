import { HELP, readCommand } from './dead-letters/options'
import { run } from './dead-letters/run'
import { logInAsAdmin } from './demo/shop'
import { fail } from './fail'

/** npm run dead-letters: what services could not handle, and what is done about it. */
async function main(args: string[]): Promise<void> {
  const command = readCommand(args)
  if (!command) return void process.stdout.write(HELP)
  const { lines, json, isDone } = await run(command, await logInAsAdmin())
  process.stdout.write(command.isJson ? `${JSON.stringify(json)}\n` : `${lines.join('\n')}\n`)
  process.exitCode = isDone ? 0 : 1
}

main(process.argv.slice(2)).catch(fail)
