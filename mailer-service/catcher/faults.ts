export const faultModes = ['ok', '451', '550', 'drop-after-data', 'slow'] as const
export type FaultMode = (typeof faultModes)[number]
