/** What repeats a run, with the seed it drew when none was given. */
export function commandLine(script: string, args: readonly string[], seed: number): string {
  const given = args.filter((arg, n) => !arg.startsWith('--seed') && args[n - 1] !== '--seed')
  return [`npm run ${script} --`, ...given.map(quoted), `--seed ${seed}`].join(' ')
}

const quoted = (arg: string) => (/^[\w.,=%/-]+$/.test(arg) ? arg : `'${arg}'`)
