import type { LetterOutcome } from '../api/answers'

const verbs = { redrive: ['Redriven', 'handled once more'], discard: ['Discarded', 'kept with your note'] } as const

/** What became of the letters somebody acted on. */
export function outcomeInWords(action: keyof typeof verbs, service: string, { done, refused }: LetterOutcome): string {
  const [verb, then] = verbs[action]
  const letters = done.length === 1 ? '1 letter' : `${done.length} letters`
  const success = `${verb}: ${letters} of ${service}, ${then}.`
  if (refused.length === 0) return success
  const reasons = [...new Set(refused.map(({ detail }) => detail))].join('; ')
  const failure = `${refused.length} refused: ${reasons}`
  return done.length === 0 ? failure : `${success} ${failure}`
}
