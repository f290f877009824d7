import type { Notice } from './channel'

/** Of every mail: no person wrote it, and where its order's trace is to be found. */
export const headersOf = ({ traceparent }: Notice): Record<string, string> => ({
  'Auto-Submitted': 'auto-generated',
  ...(traceparent && { Traceparent: traceparent }),
})
