import Type, { type Static } from 'typebox'

/** The primitives that events, HTTP bodies and settings share. */

export const UUID_V7 = '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'

/** A UUIDv7 (RFC 9562 §5.7): sorts by creation time, which the partitions of inbox, outbox and journal rely on. */
export const Id = Type.String({ pattern: UUID_V7, description: 'UUIDv7' })
export type Id = Static<typeof Id>

// neither year 0 nor a leap second, which ISO 8601 knows and JavaScript or PostgreSQL cannot hold
const UTC_TIME = '^(?!0000)[0-9-]{10}T[0-9]{2}:[0-9]{2}:[0-5][0-9](\\.[0-9]{1,9})?Z$'
export const UtcTime = Type.String({ format: 'date-time', pattern: UTC_TIME, description: 'UTC, ISO 8601' })

/** Integer minor units (cents). No order may cost more; a price times 1,000 pieces stays below 2^53. */
export const MAX_MINOR = 1_000_000_000_000
export const Minor = Type.Integer({ minimum: 0, maximum: MAX_MINOR, description: 'integer minor units' })

export const MAX_QUANTITY = 1000
export const Quantity = Type.Integer({ minimum: 1, maximum: MAX_QUANTITY })

// what a column of type integer holds
const MAX_INT = 2_147_483_647
export const Count = Type.Integer({ minimum: 0, maximum: MAX_INT })
export const Version = Type.Integer({ minimum: 1, maximum: MAX_INT })

export const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' })

/**
 * One line of text without control characters: PostgreSQL refuses NUL, logs and mail headers must not see CR or LF,
 * terminals obey escape sequences, also those that begin with one of the C1 characters.
 * Without lone surrogates either: PostgreSQL refuses them in JSON.
 */
export const Text = (maxLength: number, minLength = 1) =>
  Type.String({ minLength, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]*$' })

export const Email = Type.String({ format: 'email', maxLength: 254 })

/** As the whole world dials it (E.164). */
export const PhoneNumber = Type.String({
  pattern: '^\\+[1-9][0-9]{6,14}$',
  description: 'E.164, such as +4915112345678',
})

export const OneOf = <const T extends readonly string[]>(...values: T) => Type.Enum<[...T]>(values)

/** Marks a field that names a person: masked in the journal and the logs, its outbox rows kept one day only. */
export const Personal = <S extends Type.TSchema>(schema: S): S => ({ ...schema, 'x-sensitivity': 'personal' })

/** Marks a field that opens something (a payment token, a reset code): masked in the journal and the logs. */
export const Secret = <S extends Type.TSchema>(schema: S): S => ({ ...schema, 'x-sensitivity': 'secret' })
