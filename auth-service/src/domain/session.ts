/** A refresh token that somebody presents, and what is known of the login it belongs to. */
export interface Presented {
  readonly generation: number
  /** The generation that was issued last. */
  readonly newest: number
  readonly msSinceRotation: number
  readonly isOver: boolean
}

/**
 * - `rotate`: the newest, used for the first time
 * - `again`: its direct parent, a moment later: two tabs, or an answer that got lost
 * - `stolen`: older, or too late: somebody has a copy, and nobody can tell who is the owner
 * - `over`: logged out, or too long ago
 */
export type Verdict = 'rotate' | 'again' | 'stolen' | 'over'

const GRACE_MS = 10_000

export function judge({ generation, newest, msSinceRotation, isOver }: Presented): Verdict {
  if (isOver) return 'over'
  if (generation === newest) return 'rotate'
  return generation === newest - 1 && msSinceRotation <= GRACE_MS ? 'again' : 'stolen'
}
