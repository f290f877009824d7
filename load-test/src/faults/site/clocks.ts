/** Short waits, so that a deadline passes while somebody is looking. */
export const TEST_CLOCKS = {
  // longer than a service that was killed takes to come back, shorter than the longer faults
  SHOP_ORDER_DEADLINE_MS: '10000',
  SHOP_GRACE_MS: '2000',
  SHOP_SWEEP_MS: '500',
  SHOP_PROVIDER_TIMEOUT_MS: '300',
  SHOP_AMQP_HEARTBEAT_S: '5',
  SHOP_RELAY_SWEEP_AFTER_MS: '1000',
} as const
