import { commandLine } from '../../src/report/command-line'

it.each([
  ['a seed is drawn', ['--full'], 'npm run faults -- --full --seed 7'],
  ['a seed is given', ['--seed', '7', '--full'], 'npm run faults -- --full --seed 7'],
  ['a seed is given in one word', ['--full', '--seed=7'], 'npm run faults -- --full --seed 7'],
  ['a shell would read more into it', ['--slo', 'p99<5ms'], `npm run faults -- --slo 'p99<5ms' --seed 7`],
])('the command that repeats a run, when %s', (_when, args, command) => {
  expect(commandLine('faults', args, 7)).toBe(command)
})
