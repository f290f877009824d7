import {
  on,
  orderCancelled,
  orderPaid,
  paymentRefunded,
  type Saga,
  type SagaStep,
  userDeleted,
  userPasswordResetRequested,
  userRegistered,
  userUpdated,
} from '@order-saga/common'
import { type Book, closeBook, openBook } from './db/book'
import { confirmRefund } from './use-cases/confirm-refund'
import { explainCancellation } from './use-cases/explain-cancellation'
import { forgetAddress } from './use-cases/forget-address'
import { sendReceipt } from './use-cases/send-receipt'
import { sendResetCode } from './use-cases/send-reset-code'
import { updateAddress } from './use-cases/update-address'
import { welcomeUser } from './use-cases/welcome-user'

/** Everything this service does because of somebody else's event. It answers with mails only, never with an event. */
export const steps: readonly SagaStep<Book>[] = [
  on(userRegistered, welcomeUser),
  on(userUpdated, updateAddress),
  on(userDeleted, forgetAddress),
  on(userPasswordResetRequested, sendResetCode),
  on(orderPaid, sendReceipt),
  on(orderCancelled, explainCancellation),
  on(paymentRefunded, confirmRefund),
]

/** `wake` is called after each commit that may have left something to send. */
export const mailerSaga = (wake: () => void, hasSms = true): Saga<Book> => ({
  open: openBook,
  close: async (tx, book) => {
    await closeBook(tx, book, hasSms)
    tx.afterCommit(wake)
  },
  steps,
})
