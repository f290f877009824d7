import type { Failure, Letter } from './letters'

const byReason = (letters: readonly Letter[]): Map<string, Letter[]> => {
  const groups = new Map<string, Letter[]>()
  for (const letter of letters) {
    const key = `${letter.service}  ${letter.reason}`
    groups.set(key, [...(groups.get(key) ?? []), letter])
  }
  return groups
}

/** One block for each service and reason. */
export function listLines(letters: readonly Letter[]): string[] {
  const lines = [...byReason(letters)].flatMap(([key, some]) => [
    `${key}  ${some.length}`,
    ...some.map(
      ({ id, type, attempts, lastFailedAt, error }) =>
        `  ${id}  ${lastFailedAt}  ${type ?? '(no type)'}, ${attempts} attempts: ${error}`,
    ),
  ])
  return [...lines, letters.length === 1 ? '1 dead letter' : `${letters.length} dead letters`]
}

/** Everything there is to know about one. */
export const letterLines = (letter: Letter): string[] => JSON.stringify(letter, undefined, 2).split('\n')

export const failureLines = (failures: readonly Failure[]): string[] =>
  failures.map(({ service, why }) => `✗ ${service}: ${why}`)
