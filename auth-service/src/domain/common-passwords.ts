const list = `
  password password1 password12 password123 password1234 password! password1! passw0rd passw0rd1 p@ssw0rd p@ssword
  p@ssword1 pa55word pa$$word passwort passwort1 motdepasse contraseña 12345678 123456789 1234567890 12345678910
  123123123 123456123 123454321 1234512345 12341234 11223344 1122334455 112233445566 87654321 987654321 0987654321
  9876543210 0123456789 01234567 123456abc 123456789a 1234abcd 123qweasd 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx
  1qazxsw2 q1w2e3r4 q1w2e3r4t5 qazwsxedc qwer1234 qwerty12 qwerty123 qwerty1234 qwertyui qwertyuiop qwertz123
  asdfghjk asdfghjkl asdf1234 zxcvbnm1 zxcvbnm123 abcd1234 abc12345 abcdefgh abcdefg1 a1b2c3d4 aa123456 aa12345678
  a123456789 iloveyou iloveyou1 ilovegod princess princess1 sunshine sunshine1 football football1 baseball baseball1
  basketball superman superman1 spiderman starwars pokemon1 dragon123 monkey123 shadow123 master123 michael1 jennifer
  jordan23 liverpool liverpool1 chelsea1 barcelona whatever trustno1 letmein1 letmein123 welcome1 welcome12 welcome123
  changeme changeme1 changeme123 computer internet administrator admin123 admin1234 adminadmin root1234 test1234
  testtest secret123 samsung1 computer1 freedom1 blink182 mustang1 cheese123 charlie1 midnight december november
`

/** The passwords that every guessing list begins with, as far as they are long enough to be chosen here. */
export const commonPasswords: ReadonlySet<string> = new Set(list.trim().split(/\s+/))
