import { newId } from '@order-saga/common'
import type { Order } from '../src'

/** An order as it was accepted: nothing is priced or held yet. */
export const pendingOrder = ({
  id = newId(),
  customerId = newId(),
  createdEventId = newId(),
  ...facts
}: Pick<Order, 'lines'> & Partial<Order>): Order => ({
  id,
  customerId,
  status: 'pending',
  totalMinor: null,
  currency: 'EUR',
  expectedTotalMinor: null,
  paymentToken: 'tok_visa',
  fromCart: false,
  deadlineAt: '2026-01-01T12:02:00.000Z',
  reason: null,
  details: {},
  refund: 'none',
  createdEventId,
  verdictEventId: null,
  version: 1,
  ...facts,
})
