import { runSchedules } from './run-schedules'

const [first = 0, count = 0] = process.argv.slice(3).map(Number)

runSchedules({ first, count }).then(
  (line) => process.stdout.write(line),
  (error: Error) => {
    process.stderr.write(error.message)
    process.exitCode = 1
  },
)
