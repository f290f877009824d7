import type { FastifyReply } from 'fastify'

export interface Answer {
  status: number
  body: object
}

/** Silence is what a client sees whose answer got lost: the connection stays open until it gives up. */
export type Reaction = Answer | 'silence'

export const answer = (status: number, body: object): Answer => ({ status, body })
export const refusal = (status: number, error: string): Answer => ({ status, body: { error } })

export function react(reply: FastifyReply, reaction: Reaction): unknown {
  return reaction === 'silence' ? reply.hijack() : reply.code(reaction.status).send(reaction.body)
}
