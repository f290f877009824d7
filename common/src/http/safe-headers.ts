// an answer is data: a browser that takes it for a page runs nothing, fetches nothing and shows it in no frame
const POLICY = "default-src 'none'; frame-ancestors 'none'"

/** On every answer, refusals of the framework included. */
export const safeHeaders = (requestId: string, clientRequestId?: string) => ({
  'x-request-id': requestId,
  ...(clientRequestId && { 'x-client-request-id': clientRequestId }),
  'x-content-type-options': 'nosniff',
  'content-security-policy': POLICY,
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
})
