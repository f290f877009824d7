import { dictionary } from '@zxcvbn-ts/language-common'

// what zxcvbn finds by other means than its dictionary: sequences, repetitions, signs for letters
const notListed = `
  password! password1! p@ssword p@ssword1 pa$$word contraseña 123123123 1234512345 12341234 87654321 987654321 0987654321
  9876543210 0123456789 01234567 qwertz123 abcdefgh aa12345678 changeme123 admin1234 adminadmin root1234 cheese123
`

/** In lower case, the passwords that every guessing list begins with. */
export const commonPasswords: ReadonlySet<string> = new Set([
  ...dictionary['passwords-common'],
  ...notListed.trim().split(/\s+/),
])
