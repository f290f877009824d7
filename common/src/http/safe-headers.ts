/** On every answer, refusals of the framework included. */
export const safeHeaders = (requestId: string) => ({ 'x-request-id': requestId, 'x-content-type-options': 'nosniff' })
