// generated from the services' OpenAPI documents: npm run docs

/** What every service may be asked: a request's parts, and what answers it. */
export interface Api {
  'auth-service': {
    'GET /livez': { answer: GetLivezAnswer }
    'GET /readyz': { answer: GetLivezAnswer }
    'GET /admin/backlog': { answer: GetAdminBacklogAnswer }
    'GET /admin/dead-letter-actions': {
      query?: { readonly before?: string; readonly limit?: number }
      answer: GetAdminDeadLetterActionsAnswer
    }
    'GET /admin/dead-letters': {
      query?: { readonly reason?: string; readonly type?: string; readonly before?: string; readonly limit?: number }
      answer: GetAdminDeadLettersAnswer
    }
    'GET /admin/dead-letters/{id}': { path: { readonly id: string }; answer: GetAdminDeadLettersByIdAnswer }
    'POST /admin/dead-letters/{id}/redrive': {
      path: { readonly id: string }
      body: PostAdminDeadLettersByIdRedriveBody
      answer: PostAdminDeadLettersByIdRedriveAnswer
    }
    'POST /admin/dead-letters/{id}/discard': {
      path: { readonly id: string }
      body: PostAdminDeadLettersByIdRedriveBody
      answer: PostAdminDeadLettersByIdDiscardAnswer
    }
    'POST /register': { body: PostRegisterBody; answer: PostRegisterAnswer }
    'POST /login': { body: PostLoginBody; answer: PostLoginAnswer }
    'POST /password-resets': { body: PostPasswordResetsBody; answer: PostRegisterAnswer }
    'POST /password-resets/confirm': { body: PostPasswordResetsConfirmBody; answer: undefined }
    'POST /refresh': { body: PostRefreshBody; answer: PostLoginAnswer }
    'POST /logout': { answer: undefined }
    'POST /logout-everywhere': { answer: undefined }
    'GET /.well-known/jwks.json': { answer: GetWellKnownJwksJsonAnswer }
    'GET /signing-keys': { answer: GetSigningKeysAnswer }
    'POST /signing-keys': { answer: PostSigningKeysAnswer }
    'DELETE /signing-keys/{kid}': { path: { readonly kid: string }; answer: undefined }
    'GET /me': { answer: GetMeAnswer }
    'PATCH /me': { body: PatchMeBody; answer: GetMeAnswer }
    'DELETE /me': { body: DeleteMeBody; answer: undefined }
    'POST /me/password': { body: PostMePasswordBody; answer: undefined }
    'GET /me/export': { answer: GetMeExportAnswer }
    'GET /users': {
      query?: { readonly text?: string; readonly after?: string; readonly limit?: number }
      answer: GetUsersAnswer
    }
    'POST /users/{id}/role': { path: { readonly id: string }; body: PostUsersByIdRoleBody; answer: undefined }
    'POST /users/{id}/deactivate': {
      path: { readonly id: string }
      body: PostUsersByIdDeactivateBody
      answer: undefined
    }
    'POST /users/{id}/reactivate': { path: { readonly id: string }; answer: undefined }
    'POST /announce': { answer: PostAnnounceAnswer }
  }
  'cart-service': {
    'GET /livez': { answer: GetLivezAnswer }
    'GET /readyz': { answer: GetLivezAnswer }
    'GET /admin/backlog': { answer: GetAdminBacklogAnswer }
    'GET /admin/dead-letter-actions': {
      query?: { readonly before?: string; readonly limit?: number }
      answer: GetAdminDeadLetterActionsAnswer
    }
    'GET /admin/dead-letters': {
      query?: { readonly reason?: string; readonly type?: string; readonly before?: string; readonly limit?: number }
      answer: GetAdminDeadLettersAnswer
    }
    'GET /admin/dead-letters/{id}': { path: { readonly id: string }; answer: GetAdminDeadLettersByIdAnswer }
    'POST /admin/dead-letters/{id}/redrive': {
      path: { readonly id: string }
      body: PostAdminDeadLettersByIdRedriveBody
      answer: PostAdminDeadLettersByIdRedriveAnswer
    }
    'POST /admin/dead-letters/{id}/discard': {
      path: { readonly id: string }
      body: PostAdminDeadLettersByIdRedriveBody
      answer: PostAdminDeadLettersByIdDiscardAnswer
    }
    'GET /cart': { answer: GetCartAnswer }
    'DELETE /cart': { answer: undefined }
    'POST /cart/items': { body: PostCartItemsBody; answer: GetCartAnswer }
    'PUT /cart/items/{productId}': {
      path: { readonly productId: string }
      body: PutCartItemsByProductIdBody
      answer: GetCartAnswer
    }
    'DELETE /cart/items/{productId}': { path: { readonly productId: string }; answer: undefined }
    'POST /cart/merge': { body: PostCartMergeBody; answer: PostCartMergeAnswer }
    'POST /guest-carts': { answer: PostGuestCartsAnswer }
    'GET /guest-cart': { headers: { readonly 'guest-token': string }; answer: GetCartAnswer }
    'POST /guest-cart/items': {
      headers: { readonly 'guest-token': string }
      body: PostCartItemsBody
      answer: GetCartAnswer
    }
    'PUT /guest-cart/items/{productId}': {
      path: { readonly productId: string }
      headers: { readonly 'guest-token': string }
      body: PutCartItemsByProductIdBody
      answer: GetCartAnswer
    }
    'DELETE /guest-cart/items/{productId}': {
      path: { readonly productId: string }
      headers: { readonly 'guest-token': string }
      answer: undefined
    }
  }
  'logger-service': {
    'GET /livez': { answer: GetLivezAnswer }
    'GET /readyz': { answer: GetLivezAnswer }
    'GET /admin/backlog': { answer: GetAdminBacklogAnswer }
    'GET /admin/dead-letter-actions': {
      query?: { readonly before?: string; readonly limit?: number }
      answer: GetAdminDeadLetterActionsAnswer
    }
    'GET /admin/dead-letters': {
      query?: { readonly reason?: string; readonly type?: string; readonly before?: string; readonly limit?: number }
      answer: GetAdminDeadLettersAnswer
    }
    'GET /admin/dead-letters/{id}': { path: { readonly id: string }; answer: GetAdminDeadLettersByIdAnswer }
    'POST /admin/dead-letters/{id}/redrive': {
      path: { readonly id: string }
      body: PostAdminDeadLettersByIdRedriveBody
      answer: PostAdminDeadLettersByIdRedriveAnswer
    }
    'POST /admin/dead-letters/{id}/discard': {
      path: { readonly id: string }
      body: PostAdminDeadLettersByIdRedriveBody
      answer: PostAdminDeadLettersByIdDiscardAnswer
    }
    'GET /orders/{id}/journey': { path: { readonly id: string }; answer: GetOrdersByIdJourneyAnswer }
    'GET /journeys': {
      query?: { readonly limit?: number; readonly after?: string; readonly status?: 'pending' | 'paid' | 'cancelled'; readonly reason?: 'out_of_stock' | 'product_unavailable' | 'price_changed' | 'order_too_large' | 'payment_declined' | 'customer_request' | 'timed_out'; readonly customerId?: string; readonly olderThanS?: number; readonly stuck?: 'true'; readonly q?: string }
      answer: GetJourneysAnswer
    }
    'GET /events': {
      query?: { readonly limit?: number; readonly after?: string; readonly since?: string; readonly until?: string; readonly type?: string; readonly service?: 'product-service' | 'cart-service' | 'order-service' | 'auth-service' | 'logger-service' | 'payment-service' | 'mailer-service'; readonly orderId?: string; readonly traceId?: string; readonly requestId?: string }
      answer: GetEventsAnswer
    }
    'GET /events/{id}': { path: { readonly id: string }; answer: GetEventsByIdAnswer }
    'GET /logs': {
      query?: { readonly limit?: number; readonly after?: string; readonly since?: string; readonly until?: string; readonly service?: 'product-service' | 'cart-service' | 'order-service' | 'auth-service' | 'logger-service' | 'payment-service' | 'mailer-service'; readonly level?: 'info' | 'warn' | 'error'; readonly kind?: 'parked' | 'recovered' | 'dead' | 'duplicate' | 'redriven' | 'discarded' | 'alarm' | 'mail'; readonly orderId?: string; readonly eventId?: string; readonly traceId?: string; readonly requestId?: string; readonly q?: string }
      answer: GetLogsAnswer
    }
    'GET /statistics': { query?: { readonly minutes?: number }; answer: GetStatisticsAnswer }
    'GET /journeys/stream': { headers?: { readonly 'last-event-id'?: string }; answer: undefined }
    'GET /events/stream': { headers?: { readonly 'last-event-id'?: string }; answer: undefined }
    'POST /session': { body: PostLoginBody; answer: PostLoginAnswer }
    'POST /session/refresh': { body: PostRefreshBody; answer: PostLoginAnswer }
    'POST /session/end': { answer: undefined }
    'GET /dead-letters': { answer: GetDeadLettersAnswer }
    'GET /dead-letters/{service}': {
      path: { readonly service: 'product-service' | 'cart-service' | 'order-service' | 'auth-service' | 'logger-service' | 'payment-service' | 'mailer-service' }
      query?: { readonly reason?: string; readonly type?: string; readonly limit?: number; readonly after?: string }
      answer: GetDeadLettersByServiceAnswer
    }
    'GET /dead-letters/{service}/{id}': {
      path: { readonly service: 'product-service' | 'cart-service' | 'order-service' | 'auth-service' | 'logger-service' | 'payment-service' | 'mailer-service'; readonly id: string }
      answer: GetDeadLettersByServiceByIdAnswer
    }
    'POST /dead-letters/{service}/redrive': {
      path: { readonly service: 'product-service' | 'cart-service' | 'order-service' | 'auth-service' | 'logger-service' | 'payment-service' | 'mailer-service' }
      body: PostDeadLettersByServiceRedriveBody
      answer: PostDeadLettersByServiceRedriveAnswer
    }
    'POST /dead-letters/{service}/discard': {
      path: { readonly service: 'product-service' | 'cart-service' | 'order-service' | 'auth-service' | 'logger-service' | 'payment-service' | 'mailer-service' }
      body: PostDeadLettersByServiceDiscardBody
      answer: PostDeadLettersByServiceDiscardAnswer
    }
    'GET /dead-letter-actions': {
      query?: { readonly limit?: number; readonly after?: string }
      answer: GetDeadLetterActionsAnswer
    }
    'GET /health': { answer: GetHealthAnswer }
    'GET /choreography': { answer: GetChoreographyAnswer }
    'POST /audits': { answer: PostAuditsAnswer }
    'GET /audits': { query?: { readonly limit?: number; readonly after?: string }; answer: GetAuditsAnswer }
    'GET /audits/{id}': { path: { readonly id: string }; answer: GetAuditsByIdAnswer }
    'GET /console/settings': { answer: GetConsoleSettingsAnswer }
  }
  'mailer-service': {
    'GET /livez': { answer: GetLivezAnswer }
    'GET /readyz': { answer: GetLivezAnswer }
    'GET /admin/backlog': { answer: GetAdminBacklogAnswer }
    'GET /admin/dead-letter-actions': {
      query?: { readonly before?: string; readonly limit?: number }
      answer: GetAdminDeadLetterActionsAnswer
    }
    'GET /admin/dead-letters': {
      query?: { readonly reason?: string; readonly type?: string; readonly before?: string; readonly limit?: number }
      answer: GetAdminDeadLettersAnswer
    }
    'GET /admin/dead-letters/{id}': { path: { readonly id: string }; answer: GetAdminDeadLettersByIdAnswer }
    'POST /admin/dead-letters/{id}/redrive': {
      path: { readonly id: string }
      body: PostAdminDeadLettersByIdRedriveBody
      answer: PostAdminDeadLettersByIdRedriveAnswer
    }
    'POST /admin/dead-letters/{id}/discard': {
      path: { readonly id: string }
      body: PostAdminDeadLettersByIdRedriveBody
      answer: PostAdminDeadLettersByIdDiscardAnswer
    }
    'GET /mails': {
      query?: { readonly limit?: number; readonly before?: string; readonly after?: string }
      answer: GetMailsAnswer
    }
    'GET /admin/mails': {
      query?: { readonly limit?: number; readonly before?: string; readonly after?: string; readonly state?: 'due' | 'sent' | 'failed' }
      answer: GetAdminMailsAnswer
    }
    'POST /admin/mails/{subjectId}/{kind}/resend': {
      path: { readonly subjectId: string; readonly kind: 'welcome' | 'receipt' | 'cancellation' | 'refund' | 'password_reset' }
      body: PostAdminMailsBySubjectIdByKindResendBody
      answer: PostAdminMailsBySubjectIdByKindResendAnswer
    }
  }
  'order-service': {
    'GET /livez': { answer: GetLivezAnswer }
    'GET /readyz': { answer: GetLivezAnswer }
    'GET /admin/backlog': { answer: GetAdminBacklogAnswer }
    'GET /admin/dead-letter-actions': {
      query?: { readonly before?: string; readonly limit?: number }
      answer: GetAdminDeadLetterActionsAnswer
    }
    'GET /admin/dead-letters': {
      query?: { readonly reason?: string; readonly type?: string; readonly before?: string; readonly limit?: number }
      answer: GetAdminDeadLettersAnswer
    }
    'GET /admin/dead-letters/{id}': { path: { readonly id: string }; answer: GetAdminDeadLettersByIdAnswer }
    'POST /admin/dead-letters/{id}/redrive': {
      path: { readonly id: string }
      body: PostAdminDeadLettersByIdRedriveBody
      answer: PostAdminDeadLettersByIdRedriveAnswer
    }
    'POST /admin/dead-letters/{id}/discard': {
      path: { readonly id: string }
      body: PostAdminDeadLettersByIdRedriveBody
      answer: PostAdminDeadLettersByIdDiscardAnswer
    }
    'POST /orders': {
      headers?: { readonly 'idempotency-key'?: string }
      body: PostOrdersBody
      answer: PostOrdersAnswer
    }
    'GET /orders': {
      query?: { readonly limit?: number; readonly before?: string; readonly status?: 'pending' | 'paid' | 'cancelled'; readonly reason?: 'out_of_stock' | 'product_unavailable' | 'price_changed' | 'order_too_large' | 'payment_declined' | 'customer_request' | 'timed_out'; readonly refund?: 'none' | 'due' | 'done' }
      answer: GetOrdersAnswer
    }
    'GET /orders/{id}': {
      path: { readonly id: string }
      headers?: { readonly 'if-none-match'?: string; readonly prefer?: string }
      answer: GetOrdersByIdAnswer
    }
    'POST /orders/{id}/cancel': { path: { readonly id: string }; answer: GetOrdersByIdAnswer }
    'GET /orders/{id}/timeline': { path: { readonly id: string }; answer: GetOrdersByIdTimelineAnswer }
    'GET /orders/{id}/events': {
      path: { readonly id: string }
      headers?: { readonly 'last-event-id'?: string }
      answer: undefined
    }
    'GET /admin/orders': {
      query?: { readonly limit?: number; readonly before?: string; readonly status?: 'pending' | 'paid' | 'cancelled'; readonly reason?: 'out_of_stock' | 'product_unavailable' | 'price_changed' | 'order_too_large' | 'payment_declined' | 'customer_request' | 'timed_out'; readonly refund?: 'none' | 'due' | 'done'; readonly customerId?: string; readonly minAgeS?: number; readonly maxAgeS?: number }
      answer: GetAdminOrdersAnswer
    }
  }
  'payment-service': {
    'GET /livez': { answer: GetLivezAnswer }
    'GET /readyz': { answer: GetLivezAnswer }
    'GET /admin/backlog': { answer: GetAdminBacklogAnswer }
    'GET /admin/dead-letter-actions': {
      query?: { readonly before?: string; readonly limit?: number }
      answer: GetAdminDeadLetterActionsAnswer
    }
    'GET /admin/dead-letters': {
      query?: { readonly reason?: string; readonly type?: string; readonly before?: string; readonly limit?: number }
      answer: GetAdminDeadLettersAnswer
    }
    'GET /admin/dead-letters/{id}': { path: { readonly id: string }; answer: GetAdminDeadLettersByIdAnswer }
    'POST /admin/dead-letters/{id}/redrive': {
      path: { readonly id: string }
      body: PostAdminDeadLettersByIdRedriveBody
      answer: PostAdminDeadLettersByIdRedriveAnswer
    }
    'POST /admin/dead-letters/{id}/discard': {
      path: { readonly id: string }
      body: PostAdminDeadLettersByIdRedriveBody
      answer: PostAdminDeadLettersByIdDiscardAnswer
    }
    'GET /payments': {
      query?: { readonly limit?: number; readonly before?: string; readonly state?: 'absent' | 'charging' | 'captured' | 'settled' | 'failed' | 'voided' | 'refunding' | 'refunded'; readonly refundBy?: 'cancellation' | 'administrator' }
      answer: GetPaymentsAnswer
    }
    'GET /payments/{orderId}': { path: { readonly orderId: string }; answer: GetPaymentsByOrderIdAnswer }
    'GET /admin/payments': {
      query?: { readonly limit?: number; readonly before?: string; readonly state?: 'absent' | 'charging' | 'captured' | 'settled' | 'failed' | 'voided' | 'refunding' | 'refunded'; readonly refundBy?: 'cancellation' | 'administrator'; readonly customerId?: string; readonly attention?: 'needed' }
      answer: GetAdminPaymentsAnswer
    }
    'POST /admin/payments/{orderId}/refund': {
      path: { readonly orderId: string }
      body: PostUsersByIdDeactivateBody
      answer: PostAdminPaymentsByOrderIdRefundAnswer
    }
    'POST /webhooks/provider': {
      headers: { readonly 'webhook-signature': string }
      body: PostWebhooksProviderBody
      answer: PostWebhooksProviderAnswer
    }
  }
  'product-service': {
    'GET /livez': { answer: GetLivezAnswer }
    'GET /readyz': { answer: GetLivezAnswer }
    'GET /admin/backlog': { answer: GetAdminBacklogAnswer }
    'GET /admin/dead-letter-actions': {
      query?: { readonly before?: string; readonly limit?: number }
      answer: GetAdminDeadLetterActionsAnswer
    }
    'GET /admin/dead-letters': {
      query?: { readonly reason?: string; readonly type?: string; readonly before?: string; readonly limit?: number }
      answer: GetAdminDeadLettersAnswer
    }
    'GET /admin/dead-letters/{id}': { path: { readonly id: string }; answer: GetAdminDeadLettersByIdAnswer }
    'POST /admin/dead-letters/{id}/redrive': {
      path: { readonly id: string }
      body: PostAdminDeadLettersByIdRedriveBody
      answer: PostAdminDeadLettersByIdRedriveAnswer
    }
    'POST /admin/dead-letters/{id}/discard': {
      path: { readonly id: string }
      body: PostAdminDeadLettersByIdRedriveBody
      answer: PostAdminDeadLettersByIdDiscardAnswer
    }
    'GET /products': {
      query?: { readonly text?: string; readonly category?: string; readonly minPriceMinor?: number; readonly maxPriceMinor?: number; readonly inStock?: 'true'; readonly sort?: 'id' | '-id' | 'price' | '-price' | 'name' | '-name'; readonly after?: string; readonly limit?: number }
      answer: GetProductsAnswer
    }
    'POST /products': { body: PostProductsBody; answer: PostProductsAnswer }
    'GET /categories': { answer: GetCategoriesAnswer }
    'GET /products/{id}': { path: { readonly id: string }; answer: PostProductsAnswer }
    'PATCH /products/{id}': {
      path: { readonly id: string }
      headers?: { readonly 'if-match'?: string }
      body: PatchProductsByIdBody
      answer: PostProductsAnswer
    }
    'DELETE /products/{id}': {
      path: { readonly id: string }
      headers?: { readonly 'if-match'?: string }
      answer: undefined
    }
    'GET /inventory/{productId}': { path: { readonly productId: string }; answer: GetInventoryByProductIdAnswer }
    'POST /imports': { body: PostProductsBody; answer: PostImportsAnswer | PostImportsAnswer2 }
    'POST /products/{id}/restock': {
      path: { readonly id: string }
      headers?: { readonly 'idempotency-key'?: string }
      body: PostProductsByIdRestockBody
      answer: PostProductsAnswer
    }
    'POST /products/{id}/adjust': {
      path: { readonly id: string }
      headers?: { readonly 'idempotency-key'?: string }
      body: PostProductsByIdAdjustBody
      answer: PostProductsAnswer
    }
    'GET /products/{id}/prices': {
      path: { readonly id: string }
      query?: { readonly before?: string; readonly limit?: number }
      answer: GetProductsByIdPricesAnswer
    }
    'GET /products/{id}/movements': {
      path: { readonly id: string }
      query?: { readonly before?: number; readonly limit?: number }
      answer: GetProductsByIdMovementsAnswer
    }
    'GET /low-stock': {
      query?: { readonly threshold?: number; readonly after?: string; readonly limit?: number }
      answer: GetLowStockAnswer
    }
    'POST /announce': { answer: PostAnnounceAnswer }
    'GET /reservations/{orderId}': { path: { readonly orderId: string }; answer: GetReservationsByOrderIdAnswer }
  }
}

export interface GetLivezAnswer {
  readonly status: string
  readonly missing?: readonly string[]
  readonly alarms?: number
}

export interface GetAdminBacklogAnswer {
  readonly unsent: number
  readonly oldestUnsentS: number | null
  readonly parked: number
  readonly oldestParkedAt: string | null
  readonly deadLetters: readonly GetAdminBacklogAnswerDeadLetters[]
}

export interface GetAdminDeadLetterActionsAnswer {
  readonly actions: readonly GetAdminDeadLetterActionsAnswerActions[]
}

export interface GetAdminDeadLettersAnswer {
  readonly reasons: readonly { readonly reason: string; readonly count: number; readonly oldestAt: string }[]
  readonly items: readonly GetAdminDeadLettersAnswerItems[]
  readonly next: string | null
}

export interface GetAdminDeadLettersByIdAnswer {
  readonly id: string
  readonly eventId: string | null
  readonly type: string | null
  readonly reason: string
  readonly error: string
  readonly handler: string | null
  readonly attempts: number
  readonly firstFailedAt: string
  readonly lastFailedAt: string
  readonly brokerUser: string | null
  readonly routingKey: string | null
  readonly contentType: string | null
  readonly content: unknown
  readonly discardedAt: string | null
  readonly actions: readonly GetAdminDeadLettersByIdAnswerActions[]
}

export interface PostAdminDeadLettersByIdRedriveBody {
  readonly reason: string
}

export interface PostAdminDeadLettersByIdRedriveAnswer {
  readonly id: string
  readonly outcome: 'parked' | 'duplicate'
  readonly events: number
}

export interface PostAdminDeadLettersByIdDiscardAnswer {
  readonly id: string
  readonly outcome: 'discarded'
}

export interface PostRegisterBody {
  readonly email: string
  readonly name: string
  readonly password: string
}

export interface PostRegisterAnswer {
  readonly status: 'accepted'
}

export interface PostLoginBody {
  readonly email: string
  readonly password: string
}

export interface PostLoginAnswer {
  readonly accessToken: string
  readonly tokenType: 'Bearer'
  readonly expiresIn: number
  readonly refreshToken: string
  readonly sessionEndsAt: string
}

export interface PostPasswordResetsBody {
  readonly email: string
}

export interface PostPasswordResetsConfirmBody {
  readonly code: string
  readonly newPassword: string
}

export interface PostRefreshBody {
  readonly refreshToken: string
}

export interface GetWellKnownJwksJsonAnswer {
  readonly keys: readonly GetWellKnownJwksJsonAnswerKeys[]
}

export interface GetSigningKeysAnswer {
  readonly keys: readonly GetSigningKeysAnswerKeys[]
}

export interface PostSigningKeysAnswer {
  readonly kid: string
  readonly signsFrom: string
}

export interface GetMeAnswer {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: 'customer' | 'admin'
  readonly createdAt: string
  readonly smsNumber: string | null
}

export interface PatchMeBody {
  readonly name?: string
  readonly smsNumber?: string | null
}

export interface DeleteMeBody {
  readonly password: string
}

export interface PostMePasswordBody {
  readonly currentPassword: string
  readonly newPassword: string
}

export interface GetMeExportAnswer {
  readonly account: GetMeAnswer
  readonly logins: readonly GetMeExportAnswerLogins[]
  readonly passwordResets: readonly { readonly askedAt: string; readonly usedAt: string | null }[]
}

export interface GetUsersAnswer {
  readonly items: readonly GetUsersAnswerItems[]
  readonly next: string | null
}

export interface PostUsersByIdRoleBody {
  readonly newRole: 'customer' | 'admin'
}

export interface PostUsersByIdDeactivateBody {
  readonly reason: string
}

export interface PostAnnounceAnswer {
  readonly announced: number
}

export interface GetCartAnswer {
  readonly lines: readonly GetCartAnswerLines[]
  readonly totalMinor: number | null
  readonly currency: string
}

export interface PostCartItemsBody {
  readonly productId: string
  readonly quantity: number
}

export interface PutCartItemsByProductIdBody {
  readonly quantity: number
}

export interface PostCartMergeBody {
  readonly guestToken: string
}

export interface PostCartMergeAnswer {
  readonly lines: readonly GetCartAnswerLines[]
  readonly totalMinor: number | null
  readonly currency: string
  readonly leftOut: readonly { readonly productId: string; readonly quantity: number }[]
}

export interface PostGuestCartsAnswer {
  readonly guestToken: string
}

export interface GetOrdersByIdJourneyAnswer {
  readonly orderId: string
  readonly status: 'pending' | 'paid' | 'cancelled'
  readonly reason: string | null
  readonly placedAt: string | null
  readonly endedAt: string | null
  readonly durationMs: number | null
  readonly deadlineAt: string | null
  readonly remainingMs: number | null
  readonly expectedNext: string | null
  readonly waitsFor: GetOrdersByIdJourneyAnswerWaitsFor | null
  readonly stuck: string | null
  readonly steps: readonly GetOrdersByIdJourneyAnswerSteps[]
  readonly lanes: readonly string[]
  readonly attempts: readonly GetOrdersByIdJourneyAnswerAttempts[]
  readonly duplicatesIgnored: number
  readonly duplicates: readonly { readonly service: string; readonly type: string; readonly count: number }[]
  readonly parked: readonly GetOrdersByIdJourneyAnswerAttempts[]
  readonly deadLetter: GetOrdersByIdJourneyAnswerAttempts | null
  readonly mails: readonly GetOrdersByIdJourneyAnswerMails[]
  readonly money: readonly GetOrdersByIdJourneyAnswerMoney[]
  readonly traceId: string | null
  readonly mermaid: string
}

export interface GetJourneysAnswer {
  readonly journeys: readonly GetJourneysAnswerJourneys[]
  readonly next: string | null
}

export interface GetEventsAnswer {
  readonly events: readonly GetEventsByIdAnswer[]
  readonly next: string | null
}

export interface GetEventsByIdAnswer {
  readonly id: string
  readonly type: string
  readonly source: string
  readonly subject: string
  readonly orderId: string | null
  readonly occurredAt: string
  readonly recordedAt: string
  readonly correlationId: string
  readonly causationId: string | null
  readonly repeats: string | null
  readonly traceparent: string | null
  readonly data: unknown
}

export interface GetLogsAnswer {
  readonly lines: readonly GetLogsAnswerLines[]
  readonly next: string | null
}

export interface GetStatisticsAnswer {
  readonly placed: number
  readonly paid: number
  readonly cancelled: number
  readonly cancelledBy: Readonly<Record<string, number>>
  readonly msToEnd: { readonly p50: number; readonly p95: number; readonly p99: number } | null
  readonly ordersPerS: number
  readonly successRate: number | null
  readonly averageOrderValueMinor: number | null
  readonly paymentSuccessRate: number | null
  readonly byMinute: readonly GetStatisticsAnswerByMinute[]
}

export interface GetDeadLettersAnswer {
  readonly groups: readonly GetDeadLettersAnswerGroups[]
  readonly unreachable: readonly ('product-service' | 'cart-service' | 'order-service' | 'auth-service' | 'logger-service' | 'payment-service' | 'mailer-service')[]
}

export interface GetDeadLettersByServiceAnswer {
  readonly letters: readonly GetAdminDeadLettersAnswerItems[]
  readonly next: string | null
}

export interface GetDeadLettersByServiceByIdAnswer {
  readonly id: string
  readonly eventId: string | null
  readonly type: string | null
  readonly reason: string
  readonly error: string
  readonly handler: string | null
  readonly attempts: number
  readonly firstFailedAt: string
  readonly lastFailedAt: string
  readonly brokerUser: string | null
  readonly routingKey: string | null
  readonly contentType: string | null
  readonly content: unknown
  readonly discardedAt: string | null
  readonly actions: readonly GetDeadLettersByServiceByIdAnswerActions[]
}

export interface PostDeadLettersByServiceRedriveBody {
  readonly ids?: readonly string[]
  readonly reason?: string
  readonly type?: string
  readonly after?: string
  readonly why: string
}

export interface PostDeadLettersByServiceRedriveAnswer {
  readonly done: readonly PostDeadLettersByServiceDiscardAnswerDone[]
  readonly refused: readonly PostDeadLettersByServiceDiscardAnswerRefused[]
  readonly next: string | null
}

export interface PostDeadLettersByServiceDiscardBody {
  readonly ids: readonly string[]
  readonly why: string
}

export interface PostDeadLettersByServiceDiscardAnswer {
  readonly done: readonly PostDeadLettersByServiceDiscardAnswerDone[]
  readonly refused: readonly PostDeadLettersByServiceDiscardAnswerRefused[]
}

export interface GetDeadLetterActionsAnswer {
  readonly actions: readonly GetDeadLetterActionsAnswerActions[]
  readonly unreachable: readonly ('product-service' | 'cart-service' | 'order-service' | 'auth-service' | 'logger-service' | 'payment-service' | 'mailer-service')[]
  readonly next: string | null
}

export interface GetHealthAnswer {
  readonly at: string
  readonly isWell: boolean
  readonly problems: readonly string[]
  readonly broker: GetHealthAnswerBroker
  readonly services: readonly GetHealthAnswerServices[]
  readonly queues: readonly GetHealthAnswerQueues[]
}

export interface GetChoreographyAnswer {
  readonly services: readonly GetChoreographyAnswerServices[]
  readonly events: readonly GetChoreographyAnswerEvents[]
}

export interface PostAuditsAnswer {
  readonly id: string
}

export interface GetAuditsAnswer {
  readonly audits: readonly GetAuditsAnswerAudits[]
  readonly next: string | null
}

export interface GetAuditsByIdAnswer {
  readonly id: string
  readonly startedAt: string
  readonly endedAt: string | null
  readonly by: string
  readonly verdict: 'clean' | 'violated' | 'failed' | null
  readonly why: string | null
  readonly checked: number
  readonly notChecked: number
  readonly violationCount: number
  readonly violations: readonly GetAuditsByIdAnswerViolations[]
  readonly tookMs: number | null
  readonly invariants: readonly GetAuditsByIdAnswerInvariants[]
}

export interface GetConsoleSettingsAnswer {
  readonly traceUrl: string | null
  readonly currency: string
}

export interface GetMailsAnswer {
  readonly mails: readonly GetMailsAnswerMails[]
  readonly next: string | null
}

export interface GetAdminMailsAnswer {
  readonly mails: readonly GetAdminMailsAnswerMails[]
  readonly next: string | null
}

export interface PostAdminMailsBySubjectIdByKindResendBody {
  readonly reason: string
  readonly channel?: 'mail' | 'sms'
}

export interface PostAdminMailsBySubjectIdByKindResendAnswer {
  readonly state: 'due'
}

export interface PostOrdersBody {
  readonly items?: readonly PostCartItemsBody[]
  readonly paymentToken: string
  readonly expectedTotalMinor?: number
}

export interface PostOrdersAnswer {
  readonly id: string
  readonly status: 'pending'
  readonly createdAt: string
  readonly deadlineAt: string
  readonly pollAfterMs: number
  readonly links: GetOrdersAnswerItemsLinks
}

export interface GetOrdersAnswer {
  readonly items: readonly GetOrdersByIdAnswer[]
  readonly next: string | null
}

export interface GetOrdersByIdAnswer {
  readonly id: string
  readonly status: 'pending' | 'paid' | 'cancelled'
  readonly lines: readonly GetOrdersAnswerItemsLines[]
  readonly totalMinor: number | null
  readonly currency: string
  readonly reason: 'out_of_stock' | 'product_unavailable' | 'price_changed' | 'order_too_large' | 'payment_declined' | 'customer_request' | 'timed_out' | null
  readonly details: GetOrdersAnswerItemsDetails
  readonly refund: 'none' | 'due' | 'done'
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly deadlineAt: string
  readonly pollAfterMs?: number
  readonly links: GetOrdersAnswerItemsLinks
}

export interface GetOrdersByIdTimelineAnswer {
  readonly orderId: string
  readonly steps: readonly GetOrdersByIdTimelineAnswerSteps[]
}

export interface GetAdminOrdersAnswer {
  readonly items: readonly GetAdminOrdersAnswerItems[]
  readonly next: string | null
}

export interface GetPaymentsAnswer {
  readonly items: readonly GetPaymentsByOrderIdAnswer[]
  readonly next: string | null
}

export interface GetPaymentsByOrderIdAnswer {
  readonly orderId: string
  readonly state: 'absent' | 'charging' | 'captured' | 'settled' | 'failed' | 'voided' | 'refunding' | 'refunded'
  readonly lines: readonly GetPaymentsAnswerItemsLines[] | null
  readonly totalMinor: number | null
  readonly currency: string | null
  readonly reason: 'declined' | 'insufficient_funds' | 'card_expired' | 'invalid_payment_method' | null
  readonly refundBy: 'cancellation' | 'administrator' | null
  readonly createdAt: string
  readonly updatedAt: string
}

export interface GetAdminPaymentsAnswer {
  readonly items: readonly GetAdminPaymentsAnswerItems[]
  readonly next: string | null
}

export interface PostAdminPaymentsByOrderIdRefundAnswer {
  readonly orderId: string
  readonly totalMinor: number
  readonly currency: string
  readonly refundBy: 'cancellation' | 'administrator'
  readonly reason: string | null
}

export interface PostWebhooksProviderBody {
  readonly id: string
  readonly type: string
  readonly reference: string
  readonly amountMinor: number
  readonly currency: string
}

export interface PostWebhooksProviderAnswer {
  readonly received: true
}

export interface GetProductsAnswer {
  readonly items: readonly PostProductsAnswer[]
  readonly next: string | null
}

export interface PostProductsBody {
  readonly sku: string
  readonly name: string
  readonly description?: string
  readonly category: string
  readonly priceMinor: number
  readonly available?: number
}

export interface PostProductsAnswer {
  readonly id: string
  readonly sku: string
  readonly name: string
  readonly description: string
  readonly category: string
  readonly priceMinor: number
  readonly currency: string
  readonly available: number
  readonly isActive: boolean
  readonly version: number
}

export interface GetCategoriesAnswer {
  readonly items: readonly { readonly category: string; readonly products: number }[]
}

export interface PatchProductsByIdBody {
  readonly name?: string
  readonly description?: string
  readonly category?: string
  readonly priceMinor?: number
  readonly isActive?: boolean
}

export interface GetInventoryByProductIdAnswer {
  readonly productId: string
  readonly available: number
  readonly reserved: number
  readonly sold: number
}

export interface PostImportsAnswer {
  readonly outcome: 'changed' | 'unchanged'
  readonly product: PostProductsAnswer
}

export interface PostImportsAnswer2 {
  readonly outcome: 'created'
  readonly product: PostProductsAnswer
}

export interface PostProductsByIdRestockBody {
  readonly quantity: number
  readonly reason: string
}

export interface PostProductsByIdAdjustBody {
  readonly quantity: number
  readonly reason: string
}

export interface GetProductsByIdPricesAnswer {
  readonly items: readonly GetProductsByIdPricesAnswerItems[]
  readonly next: string | null
}

export interface GetProductsByIdMovementsAnswer {
  readonly items: readonly GetProductsByIdMovementsAnswerItems[]
  readonly next: number | null
}

export interface GetLowStockAnswer {
  readonly items: readonly GetLowStockAnswerItems[]
  readonly next: string | null
}

export interface GetReservationsByOrderIdAnswer {
  readonly orderId: string
  readonly state: 'absent' | 'reserved' | 'rejected' | 'released' | 'sold'
  readonly customerId?: string
  readonly lines?: readonly GetPaymentsAnswerItemsLines[]
  readonly totalMinor?: number
  readonly currency?: string
  readonly reason?: string
  readonly details?: Readonly<Record<string, unknown>>
  readonly deadlineAt?: string
}

export interface GetAdminBacklogAnswerDeadLetters {
  readonly reason: string
  readonly type: string | null
  readonly count: number
  readonly oldestAt: string
  readonly newestAt: string
}

export interface GetAdminDeadLetterActionsAnswerActions {
  readonly id: string
  readonly letterId: string
  readonly action: 'redrive' | 'discard'
  readonly actor: string
  readonly why: string
  readonly outcome: 'parked' | 'duplicate' | 'refused' | 'discarded'
  readonly actedAt: string
  readonly type: string | null
  readonly reason: string
}

export interface GetAdminDeadLettersAnswerItems {
  readonly id: string
  readonly eventId: string | null
  readonly type: string | null
  readonly reason: string
  readonly error: string
  readonly handler: string | null
  readonly attempts: number
  readonly firstFailedAt: string
  readonly lastFailedAt: string
}

export interface GetAdminDeadLettersByIdAnswerActions {
  readonly id: string
  readonly letterId: string
  readonly action: 'redrive' | 'discard'
  readonly actor: string
  readonly why: string
  readonly outcome: 'parked' | 'duplicate' | 'refused' | 'discarded'
  readonly actedAt: string
}

export interface GetWellKnownJwksJsonAnswerKeys {
  readonly kid: string
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly y: string
  readonly alg: string
  readonly use: string
}

export interface GetSigningKeysAnswerKeys {
  readonly kid: string
  readonly state: 'waiting' | 'signing' | 'retired' | 'expired' | 'withdrawn'
  readonly createdAt: string
  readonly retiredAt: string | null
}

export interface GetMeExportAnswerLogins {
  readonly begunAt: string
  readonly endsAt: string
  readonly endedAt: string | null
}

export interface GetUsersAnswerItems {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: 'customer' | 'admin'
  readonly createdAt: string
  readonly deactivatedAt: string | null
  readonly deactivationReason: string | null
}

export interface GetCartAnswerLines {
  readonly productId: string
  readonly quantity: number
  readonly name: string | null
  readonly unitPriceMinor: number | null
  readonly currency: string | null
  readonly lineTotalMinor: number | null
  readonly isAvailable: boolean
  readonly seenPriceMinor: number | null
  readonly hasPriceChanged: boolean
  readonly hasRunShort: boolean
}

export interface GetOrdersByIdJourneyAnswerWaitsFor {
  readonly service: string
  readonly reactsTo: string | null
  readonly sinceMs: number
}

export interface GetOrdersByIdJourneyAnswerSteps {
  readonly at: string
  readonly event: string
  readonly type: string
  readonly service: string
  readonly summary: string
  readonly reason: string | null
  readonly causedBy: GetOrdersByIdJourneyAnswerStepsAnsweredBy | null
  readonly answeredBy: readonly GetOrdersByIdJourneyAnswerStepsAnsweredBy[]
  readonly reactedToBy: readonly GetOrdersByIdJourneyAnswerStepsReactedToBy[]
  readonly repeats: string | null
  readonly compensates: string | null
  readonly sincePreviousMs: number
}

export interface GetOrdersByIdJourneyAnswerStepsAnsweredBy {
  readonly event: string
  readonly type: string
  readonly service: string
}

export interface GetOrdersByIdJourneyAnswerStepsReactedToBy {
  readonly service: string
  readonly step: string
  readonly compensates?: string
}

export interface GetOrdersByIdJourneyAnswerAttempts {
  readonly at: string
  readonly service: string
  readonly event: string
  readonly type: string | null
  readonly outcome: 'parked' | 'recovered' | 'dead' | 'redriven' | 'discarded'
  readonly attempt: number | null
  readonly nextAttemptAt: string | null
  readonly reason: string | null
  readonly error: string | null
}

export interface GetOrdersByIdJourneyAnswerMails {
  readonly at: string
  readonly kind: string
  readonly channel: string
  readonly state: string
}

export interface GetOrdersByIdJourneyAnswerMoney {
  readonly at: string
  readonly kind: 'captured' | 'refunded'
  readonly amountMinor: number
  readonly currency: string
}

export interface GetJourneysAnswerJourneys {
  readonly orderId: string
  readonly customerId: string | null
  readonly status: 'pending' | 'paid' | 'cancelled'
  readonly reason: string | null
  readonly placedAt: string | null
  readonly endedAt: string | null
  readonly ageMs: number | null
  readonly totalMinor: number | null
  readonly currency: string | null
  readonly isStuck: boolean
  readonly waitsFor: string | null
}

export interface GetLogsAnswerLines {
  readonly id: string
  readonly at: string
  readonly service: string
  readonly level: string
  readonly kind: string | null
  readonly message: string
  readonly orderId: string | null
  readonly traceId: string | null
  readonly requestId: string | null
  readonly eventId: string | null
  readonly fields: unknown
}

export interface GetStatisticsAnswerByMinute {
  readonly at: string
  readonly placed: number
  readonly paid: number
  readonly cancelled: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
}

export interface GetDeadLettersAnswerGroups {
  readonly service: 'product-service' | 'cart-service' | 'order-service' | 'auth-service' | 'logger-service' | 'payment-service' | 'mailer-service'
  readonly reason: string
  readonly type: string | null
  readonly count: number
  readonly oldestAt: string
  readonly newestAt: string
}

export interface GetDeadLettersByServiceByIdAnswerActions {
  readonly id: string
  readonly letterId: string
  readonly action: 'redrive' | 'discard'
  readonly actor: string
  readonly why: string
  readonly outcome: string
  readonly actedAt: string
}

export interface PostDeadLettersByServiceDiscardAnswerDone {
  readonly id: string
  readonly outcome: string
}

export interface PostDeadLettersByServiceDiscardAnswerRefused {
  readonly id: string
  readonly problem: string
  readonly detail: string
}

export interface GetDeadLetterActionsAnswerActions {
  readonly id: string
  readonly at: string
  readonly service: 'product-service' | 'cart-service' | 'order-service' | 'auth-service' | 'logger-service' | 'payment-service' | 'mailer-service'
  readonly letterId: string
  readonly type: string | null
  readonly reason: string
  readonly action: 'redrive' | 'discard'
  readonly outcome: string
  readonly who: string
  readonly why: string
}

export interface GetHealthAnswerBroker {
  readonly isReachable: boolean
  readonly why: string | null
  readonly differences: readonly string[]
}

export interface GetHealthAnswerServices {
  readonly service: 'product-service' | 'cart-service' | 'order-service' | 'auth-service' | 'logger-service' | 'payment-service' | 'mailer-service'
  readonly isReachable: boolean
  readonly isReady: boolean
  readonly missing: readonly string[]
  readonly alarms: number
  readonly instances: number | null
  readonly consumers: number | null
  readonly ready: number | null
  readonly unacknowledged: number | null
  readonly parked: number | null
  readonly oldestParkedAt: string | null
  readonly deadLetters: number | null
  readonly unsent: number | null
  readonly oldestUnsentS: number | null
  readonly problems: readonly string[]
}

export interface GetHealthAnswerQueues {
  readonly name: string
  readonly ready: number
  readonly unacknowledged: number
  readonly consumers: number
}

export interface GetChoreographyAnswerServices {
  readonly service: 'product-service' | 'cart-service' | 'order-service' | 'auth-service' | 'logger-service' | 'payment-service' | 'mailer-service'
  readonly hearsEverything: boolean
}

export interface GetChoreographyAnswerEvents {
  readonly type: string
  readonly version: number
  readonly publisher: 'product-service' | 'cart-service' | 'order-service' | 'auth-service' | 'logger-service' | 'payment-service' | 'mailer-service'
  readonly summary: string
  readonly audience: 'participants' | 'observers'
  readonly readers: readonly GetChoreographyAnswerEventsReaders[]
  readonly perMinute: number
}

export interface GetChoreographyAnswerEventsReaders {
  readonly service: 'product-service' | 'cart-service' | 'order-service' | 'auth-service' | 'logger-service' | 'payment-service' | 'mailer-service'
  readonly step: string
  readonly compensates: string | null
}

export interface GetAuditsAnswerAudits {
  readonly id: string
  readonly startedAt: string
  readonly endedAt: string | null
  readonly by: string
  readonly verdict: 'clean' | 'violated' | 'failed' | null
  readonly why: string | null
  readonly checked: number
  readonly notChecked: number
  readonly violationCount: number
  readonly violations: readonly GetAuditsByIdAnswerViolations[]
  readonly tookMs: number | null
}

export interface GetAuditsByIdAnswerViolations {
  readonly invariant: string
  readonly text: string
}

export interface GetAuditsByIdAnswerInvariants {
  readonly id: string
  readonly says: string
  readonly checked: number
  readonly violationCount: number
  readonly violations: readonly string[]
  readonly notChecked: string | null
}

export interface GetMailsAnswerMails {
  readonly kind: 'welcome' | 'receipt' | 'cancellation' | 'refund' | 'password_reset'
  readonly subjectId: string
  readonly channel: 'mail' | 'sms'
  readonly state: 'due' | 'sent' | 'failed'
  readonly createdAt: string
  readonly sentAt: string | null
}

export interface GetAdminMailsAnswerMails {
  readonly kind: 'welcome' | 'receipt' | 'cancellation' | 'refund' | 'password_reset'
  readonly subjectId: string
  readonly channel: 'mail' | 'sms'
  readonly state: 'due' | 'sent' | 'failed'
  readonly createdAt: string
  readonly sentAt: string | null
  readonly userId: string
  readonly attempts: number
  readonly resends: number
  readonly reason: string | null
  readonly nextAttemptAt: string
}

export interface GetOrdersAnswerItemsLines {
  readonly productId: string
  readonly quantity: number
  readonly name?: string
  readonly unitPriceMinor?: number
}

export interface GetOrdersAnswerItemsDetails {
  readonly productIds?: readonly string[]
  readonly actualTotalMinor?: number
  readonly paymentReason?: 'declined' | 'insufficient_funds' | 'card_expired' | 'invalid_payment_method'
}

export interface GetOrdersAnswerItemsLinks {
  readonly self: string
  readonly cancel: string
}

export interface GetOrdersByIdTimelineAnswerSteps {
  readonly step: 'placed' | 'priced' | 'paid' | 'cancelled' | 'refund_due' | 'refunded'
  readonly at: string
  readonly version: number
  readonly status: 'pending' | 'paid' | 'cancelled'
  readonly refund: 'none' | 'due' | 'done'
  readonly reason: 'out_of_stock' | 'product_unavailable' | 'price_changed' | 'order_too_large' | 'payment_declined' | 'customer_request' | 'timed_out' | null
}

export interface GetAdminOrdersAnswerItems {
  readonly id: string
  readonly status: 'pending' | 'paid' | 'cancelled'
  readonly lines: readonly GetOrdersAnswerItemsLines[]
  readonly totalMinor: number | null
  readonly currency: string
  readonly reason: 'out_of_stock' | 'product_unavailable' | 'price_changed' | 'order_too_large' | 'payment_declined' | 'customer_request' | 'timed_out' | null
  readonly details: GetOrdersAnswerItemsDetails
  readonly refund: 'none' | 'due' | 'done'
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly deadlineAt: string
  readonly pollAfterMs?: number
  readonly links: GetOrdersAnswerItemsLinks
  readonly customerId: string
  readonly expectedTotalMinor: number | null
  readonly fromCart: boolean
  readonly correlationId: string
}

export interface GetPaymentsAnswerItemsLines {
  readonly productId: string
  readonly name: string
  readonly quantity: number
  readonly unitPriceMinor: number
}

export interface GetAdminPaymentsAnswerItems {
  readonly orderId: string
  readonly state: 'absent' | 'charging' | 'captured' | 'settled' | 'failed' | 'voided' | 'refunding' | 'refunded'
  readonly lines: readonly GetPaymentsAnswerItemsLines[] | null
  readonly totalMinor: number | null
  readonly currency: string | null
  readonly reason: 'declined' | 'insufficient_funds' | 'card_expired' | 'invalid_payment_method' | null
  readonly refundBy: 'cancellation' | 'administrator' | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly customerId: string | null
  readonly cancel: boolean
  readonly chargeId: string | null
  readonly refundReason: string | null
  readonly needsAttention: 'captured_after_verdict' | 'outcome_unknown' | null
  readonly attempts: number
  readonly nextAttemptAt: string | null
  readonly lastError: string | null
}

export interface GetProductsByIdPricesAnswerItems {
  readonly priceMinor: number
  readonly validFrom: string
  readonly changedBy: string | null
}

export interface GetProductsByIdMovementsAnswerItems {
  readonly id: number
  readonly kind: 'initial' | 'restock' | 'adjust'
  readonly quantity: number
  readonly reason: string | null
  readonly changedBy: string | null
  readonly at: string
}

export interface GetLowStockAnswerItems {
  readonly id: string
  readonly sku: string
  readonly name: string
  readonly category: string
  readonly available: number
  readonly reserved: number
  readonly isActive: boolean
}

/** Why something may be refused: stable for programs. */
export type Slug =
  | 'audit-running'
  | 'auth-unavailable'
  | 'bad-request'
  | 'bad-signature'
  | 'busy'
  | 'cart-empty'
  | 'cart-full'
  | 'cart-unavailable'
  | 'dead-letter-refused'
  | 'dead-letter-settled'
  | 'forbidden'
  | 'idempotency-in-progress'
  | 'idempotency-key-reused'
  | 'internal-error'
  | 'invalid-credentials'
  | 'invalid-cursor'
  | 'invalid-guest-token'
  | 'invalid-idempotency-key'
  | 'invalid-refresh-token'
  | 'invalid-reset-code'
  | 'last-administrator'
  | 'mail-is-due'
  | 'mail-not-kept'
  | 'malformed-json'
  | 'malformed-request'
  | 'not-found'
  | 'not-settled-yet'
  | 'nothing-captured'
  | 'order-not-cancellable'
  | 'overloaded'
  | 'payload-too-large'
  | 'rate-limited'
  | 'recipient-forgotten'
  | 'service-unavailable'
  | 'service-unreachable'
  | 'shutting-down'
  | 'sku-taken'
  | 'stale-version'
  | 'stock-out-of-range'
  | 'streams-exhausted'
  | 'too-many-open-orders'
  | 'too-many-streams'
  | 'unauthenticated'
  | 'unsupported-media-type'
  | 'validation'
  | 'weak-password'
  | 'wrong-password'
