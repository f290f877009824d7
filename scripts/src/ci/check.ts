import { fail } from '../fail'
import { cloneRoot } from '../infra'
import { run } from '../tools/run'
import { tool } from '../tools/tools'

const here = { cwd: cloneRoot }

/** npm run ci:check: the workflows and the configuration of Dependabot, by tools that know what they mean. */
function main(): void {
  run(tool('actionlint'), [], here)
  run(tool('zizmor'), ['--offline', '--persona', 'pedantic', '--min-severity', 'low', '.github'], here)
  run(tool('check-jsonschema'), ['--builtin-schema', 'vendor.dependabot', '.github/dependabot.yml'], here)
  process.stdout.write('✓ workflows by actionlint and zizmor, dependabot.yml by its schema\n')
}

try {
  main()
} catch (error) {
  fail(error)
}
