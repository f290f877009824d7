/** Everybody comes from one address, and orders more often than people do: what limits that is set out of reach. */
export const NO_LIMITS = {
  SHOP_WRITE_LIMIT: '1000000',
  SHOP_READ_LIMIT: '1000000',
  SHOP_OPEN_ORDERS_PER_CUSTOMER: '0',
  SHOP_LOGIN_FAILURES_PER_ACCOUNT: '1000000',
  SHOP_LOGIN_FAILURES_PER_ADDRESS: '1000000',
  SHOP_REGISTRATIONS_PER_ADDRESS: '1000000',
  SHOP_RESETS_PER_ADDRESS: '1000000',
} as const
