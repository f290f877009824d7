import { type App, callerOf, causeOfRequest } from '@order-saga/common'
import type { FastifyRequest } from 'fastify'
import { allKeys } from '../db/signing-key'
import { userOf } from '../db/user'
import type { AttemptLimits } from '../security/attempt-limits'
import type { Accounts } from '../use-cases/accounts'
import { announceUsers } from '../use-cases/announce-users'
import { changePassword } from '../use-cases/change-password'
import { changeProfile } from '../use-cases/change-profile'
import { changeRole } from '../use-cases/change-role'
import { deactivate, reactivate } from '../use-cases/deactivate-user'
import { deleteAccount } from '../use-cases/delete-account'
import { exportAccount } from '../use-cases/export-account'
import { findUsers } from '../use-cases/find-users'
import { recordLockout } from '../use-cases/lock-out'
import { logIn } from '../use-cases/log-in'
import { logOut, logOutEverywhere } from '../use-cases/log-out'
import { refreshLogin } from '../use-cases/refresh-login'
import { registerUser } from '../use-cases/register-user'
import { rotateSigningKey, withdrawSigningKey } from '../use-cases/replace-signing-key'
import { requestReset, resetPassword } from '../use-cases/reset-password'
import {
  announceSchema,
  changePasswordSchema,
  changeProfileSchema,
  deactivateSchema,
  deleteSchema,
  exportSchema,
  jwksSchema,
  loginSchema,
  logOutEverywhereSchema,
  logOutSchema,
  meSchema,
  reactivateSchema,
  refreshSchema,
  registerSchema,
  requestResetSchema,
  resetSchema,
  roleSchema,
  rotateKeySchema,
  signingKeysSchema,
  usersSchema,
  withdrawKeySchema,
} from './schemas'

const anybody = { config: { access: 'public' } } as const
const customers = { config: { access: 'customer' } } as const
const administrators = { config: { access: 'admin' } } as const

/** Everything people may ask of auth-service. */
export function routes(app: App, accounts: Accounts, limits: AttemptLimits): void {
  const prove = <T>(request: FastifyRequest, email: string, attempt: () => Promise<T>) => {
    const onLockout = () => recordLockout(accounts, email, causeOfRequest(request))
    return limits.prove({ email, address: request.ip, attempt, onLockout })
  }

  app.post('/register', { ...anybody, schema: registerSchema }, async (request, reply) => {
    await limits.register(request.ip)
    await registerUser(accounts, request.body, causeOfRequest(request))
    return reply.code(202).send({ status: 'accepted' })
  })
  app.post('/login', { ...anybody, schema: loginSchema }, async (request, reply) => {
    const { body } = request
    const tokens = await prove(request, body.email, () => logIn(accounts, body, causeOfRequest(request)))
    return reply.header('cache-control', 'no-store').send(tokens)
  })
  app.post('/password-resets', { ...anybody, schema: requestResetSchema }, async (request, reply) => {
    await limits.requestReset(request.ip)
    await requestReset(accounts, request.body.email, causeOfRequest(request))
    return reply.code(202).send({ status: 'accepted' })
  })
  app.post('/password-resets/confirm', { ...anybody, schema: resetSchema }, async (request, reply) => {
    const email = await resetPassword(accounts, request.body, causeOfRequest(request))
    await limits.liftLockout(email)
    return reply.code(204).send(null)
  })
  app.post('/refresh', { ...anybody, schema: refreshSchema }, async (request, reply) => {
    const tokens = await refreshLogin(accounts, request.body.refreshToken, causeOfRequest(request))
    return reply.header('cache-control', 'no-store').send(tokens)
  })
  app.post('/logout', { ...customers, schema: logOutSchema }, async (request, reply) => {
    await logOut(accounts, callerOf(request), causeOfRequest(request))
    return reply.code(204).send(null)
  })
  app.post('/logout-everywhere', { ...customers, schema: logOutEverywhereSchema }, async (request, reply) => {
    await logOutEverywhere(accounts, callerOf(request).userId, causeOfRequest(request))
    return reply.code(204).send(null)
  })
  app.get('/.well-known/jwks.json', { ...anybody, schema: jwksSchema }, async (_request, reply) => {
    const keys = await accounts.keys.published()
    return reply.header('cache-control', 'public, max-age=60').send({ keys })
  })
  app.get('/signing-keys', { ...administrators, schema: signingKeysSchema }, async () => ({
    keys: (await allKeys(accounts.database)).map(({ kid, state, createdAt, retiredAt }) => ({
      kid,
      state,
      createdAt: createdAt.toISOString(),
      retiredAt: retiredAt?.toISOString() ?? null,
    })),
  }))
  app.post('/signing-keys', { ...administrators, schema: rotateKeySchema }, async (request, reply) => {
    const { kid, signsFrom, isNew } = await rotateSigningKey(
      accounts,
      callerOf(request).userId,
      causeOfRequest(request),
    )
    return reply.code(isNew ? 201 : 200).send({ kid, signsFrom: signsFrom.toISOString() })
  })
  app.delete('/signing-keys/:kid', { ...administrators, schema: withdrawKeySchema }, async (request, reply) => {
    await withdrawSigningKey(accounts, request.params.kid, callerOf(request).userId, causeOfRequest(request))
    return reply.code(204).send(null)
  })
  app.get('/me', { ...customers, schema: meSchema }, async (request) => {
    const user = await userOf(accounts.database, callerOf(request).userId)
    return { ...user, createdAt: user.createdAt.toISOString() }
  })
  app.post('/me/password', { ...customers, schema: changePasswordSchema }, async (request, reply) => {
    const { body } = request
    const user = await userOf(accounts.database, callerOf(request).userId)
    await prove(request, user.email, () => changePassword(accounts, user, body, causeOfRequest(request)))
    return reply.code(204).send(null)
  })
  app.patch('/me', { ...customers, schema: changeProfileSchema }, async (request) => {
    const { userId } = callerOf(request)
    await changeProfile(accounts, userId, request.body, causeOfRequest(request))
    const user = await userOf(accounts.database, userId)
    return { ...user, createdAt: user.createdAt.toISOString() }
  })
  app.get('/me/export', { ...customers, schema: exportSchema }, (request) =>
    exportAccount(accounts, callerOf(request).userId),
  )
  app.delete('/me', { ...customers, schema: deleteSchema }, async (request, reply) => {
    const { body } = request
    const user = await userOf(accounts.database, callerOf(request).userId)
    await prove(request, user.email, () => deleteAccount(accounts, user, body.password, causeOfRequest(request)))
    return reply.code(204).send(null)
  })
  app.get('/users', { ...administrators, schema: usersSchema }, ({ query }) => findUsers(accounts.database, query))
  app.post('/users/:id/role', { ...administrators, schema: roleSchema }, async (request, reply) => {
    const change = { userId: request.params.id, role: request.body.newRole, actorId: callerOf(request).userId }
    await changeRole(accounts, change, causeOfRequest(request))
    return reply.code(204).send(null)
  })
  app.post('/users/:id/deactivate', { ...administrators, schema: deactivateSchema }, async (request, reply) => {
    const asked = { userId: request.params.id, actorId: callerOf(request).userId, cause: causeOfRequest(request) }
    await deactivate(accounts, request.body.reason, asked)
    return reply.code(204).send(null)
  })
  app.post('/users/:id/reactivate', { ...administrators, schema: reactivateSchema }, async (request, reply) => {
    const asked = { userId: request.params.id, actorId: callerOf(request).userId, cause: causeOfRequest(request) }
    await reactivate(accounts, asked)
    return reply.code(204).send(null)
  })
  app.post('/announce', { ...administrators, schema: announceSchema }, async (request, reply) => {
    const announced = await announceUsers(accounts.database, causeOfRequest(request))
    return reply.code(202).send({ announced })
  })
}
