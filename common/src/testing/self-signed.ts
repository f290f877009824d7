import { generateKeyPairSync, sign } from 'node:crypto'

/** DER, by hand: Node reads certificates and makes none. */
function der(tag: number, ...parts: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts)
const bits = (bytes: Buffer): Buffer => der(0x03, '\0', bytes)
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))

const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'))
const NAME = sequence(der(0x31, sequence(oid('550403'), der(0x0c, 'order-saga test'))))
const VALID = sequence(der(0x17, '250101000000Z'), der(0x17, '491231235959Z'))
const ALT_NAMES = sequence(der(0x82, 'localhost'), der(0x87, Buffer.from([127, 0, 0, 1])))

/**
 * PEM of a key and a certificate for this machine that nobody has signed but itself: whoever is to trust it names it as
 * an authority.
 */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const unsigned = sequence(
    der(0xa0, der(0x02, '\x02')),
    der(0x02, '\x01'),
    ECDSA_WITH_SHA256,
    NAME,
    VALID,
    NAME,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(oid('551d11'), der(0x04, ALT_NAMES)))),
  )
  const certificate = sequence(unsigned, ECDSA_WITH_SHA256, bits(sign('sha256', unsigned, privateKey)))
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n')
  const cert = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
  return { key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })), cert }
}
