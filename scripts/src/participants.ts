import { participant as auth } from '@order-saga/auth-service'
import { participant as cart } from '@order-saga/cart-service'
import type { Participant } from '@order-saga/common'
import { participant as logger } from '@order-saga/logger-service'
import { participant as mailer } from '@order-saga/mailer-service'
import { participant as order } from '@order-saga/order-service'
import { participant as payment } from '@order-saga/payment-service'
import { participant as product } from '@order-saga/product-service'

/** Every service: topology, migrations, processes and documents are derived from this list. */
export const participants: readonly Participant[] = [auth, product, cart, order, payment, mailer, logger]
