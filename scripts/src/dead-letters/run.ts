import { findLetters, type Letter, settle } from './letters'
import type { Command } from './options'
import { failureLines, letterLines, listLines } from './show'

/** What a command says, for people or for programs, and whether all of it went well. */
export interface Said {
  readonly lines: readonly string[]
  readonly json: unknown
  readonly isDone: boolean
}

type Settling = Extract<Command, { why: string }>

export async function run(command: Command, token: string): Promise<Said> {
  const found = await findLetters(token, command.selection)
  const { letters, failures } = found
  const { id } = command.selection
  if (id !== undefined && letters.length === 0)
    return { lines: [...failureLines(failures), `✗ nobody has the dead letter ${id}`], json: found, isDone: false }
  if (command.name === 'redrive' || command.name === 'discard') {
    const said = await settleAll(command, letters, token)
    const isDone = said.isDone && failures.length === 0
    return { lines: [...said.lines, ...failureLines(failures)], json: { ...said.json, failures }, isDone }
  }
  const lines = command.name === 'show' ? letters.flatMap(letterLines) : listLines(letters)
  return { lines: [...lines, ...failureLines(failures)], json: found, isDone: failures.length === 0 }
}

/** The oldest first, as they came. One that is refused does not keep the others from being tried. */
async function settleAll({ name, why }: Settling, letters: readonly Letter[], token: string) {
  const settled: { service: string; id: string; outcome?: string; refused?: string }[] = []
  for (const { service, id } of letters.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    try {
      settled.push({ service, id, outcome: await settle(token, { service, id }, name, why) })
    } catch (error) {
      settled.push({ service, id, refused: error instanceof Error ? error.message : String(error) })
    }
  }
  const lines = settled.map(({ service, id, outcome, refused }) =>
    outcome ? `✓ ${service} ${id} ${outcome}` : `✗ ${service} ${id} ${refused}`,
  )
  if (letters.length === 0) lines.push('no dead letter is meant')
  return { lines, json: { settled }, isDone: settled.every(({ refused }) => refused === undefined) }
}
